/** A space as a person writes it, in YAML, JSON or TypeScript alike: plain objects, checked by `parseSpace`. */

/** What a hyperparameter can be. Numbers are finite. */
export type Value = number | string | boolean;

/** One value for each parameter of a space that is active, by name. */
export type Hyperparameters = Readonly<Record<string, Value>>;

/** `log`: as likely between 0.001 and 0.01 as between 0.1 and 1; both bounds must be above 0. */
export type Scale = 'linear' | 'log';

/**
 * When a parameter is active: each parent named here (a choice, ordinal, boolean, int or fixed parameter that is written before
 * this one) must be active and have the value, or one of the values. A parameter that is not active has no value at all.
 */
export type When = Readonly<Record<string, Value | readonly Value[]>>;

interface CommonOptions {
  /** Default: always. */
  readonly when?: When;
  /** The value that a trial starts from where somebody asks for the defaults. Default: none. */
  readonly default?: Value;
}

export interface FloatOptions extends CommonOptions {
  /** Default: `linear`. */
  readonly scale?: Scale;
  /** Only `low`, `low + step`, …: the upper bound is included only if it is one of them. Default: any float in range. */
  readonly step?: number;
  /** Whether a change needs a new model (inherited when a trial is copied) or may happen mid-run. Default: `false`. */
  readonly structural?: boolean;
}

export interface IntOptions extends CommonOptions {
  /** Default: `linear`. */
  readonly scale?: Scale;
  /** A positive integer; only `low`, `low + step`, …: the upper bound is included only if it is one of them. Default: 1. */
  readonly step?: number;
  /** Whether a change needs a new model (inherited when a trial is copied) or may happen mid-run. Default: `true`. */
  readonly structural?: boolean;
}

export interface ChoiceOptions extends CommonOptions {
  /** Whether a change needs a new model (inherited when a trial is copied) or may happen mid-run. Default: `true`. */
  readonly structural?: boolean;
}

/** Floats from the first bound to the second, both included. */
export interface FloatDefinition extends FloatOptions {
  readonly float: readonly [low: number, high: number];
}

/** Integers from the first bound to the second, both included. */
export interface IntDefinition extends IntOptions {
  readonly int: readonly [low: number, high: number];
}

/** One of the items, which may be of mixed types. Samplers take them as unordered; perturbing moves to an adjacent one. */
export interface ChoiceDefinition extends ChoiceOptions {
  readonly choice: readonly Value[];
}

/** One of the items, which are in order: `['small', 'medium', 'large']`. Samplers use the order. */
export interface OrdinalDefinition extends ChoiceOptions {
  readonly ordinal: readonly Value[];
}

/** `false` or `true`. */
export interface BooleanDefinition extends ChoiceOptions {
  readonly boolean: true;
}

/** One value, where it needs a condition; a bare value is shorter where it needs none. */
export interface FixedDefinition {
  readonly fixed: Value;
  /** Default: always. */
  readonly when?: When;
}

export type ParameterDefinition =
  | FloatDefinition
  | IntDefinition
  | ChoiceDefinition
  | OrdinalDefinition
  | BooleanDefinition
  | FixedDefinition;

/** Parameters by name; a bare value is a parameter that is fixed. */
export type SpaceDefinition = Readonly<Record<string, ParameterDefinition | Value>>;
