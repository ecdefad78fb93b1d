/** A space as a person writes it, in YAML, JSON or TypeScript alike: plain objects, checked by `parseSpace`. */

/** What a hyperparameter can be. Numbers are finite. */
export type Value = number | string | boolean;

/** One value for each parameter of a space, by name. */
export type Hyperparameters = Readonly<Record<string, Value>>;

/** `log`: as likely between 0.001 and 0.01 as between 0.1 and 1; both bounds must be above 0. */
export type Scale = 'linear' | 'log';

export interface FloatOptions {
  /** Default: `linear`. */
  readonly scale?: Scale;
  /** Only `low`, `low + step`, …: the upper bound is included only if it is one of them. Default: any float in range. */
  readonly step?: number;
  /** Whether a change needs a new model (inherited when a trial is copied) or may happen mid-run. Default: `false`. */
  readonly structural?: boolean;
}

export interface IntOptions {
  /** Default: `linear`. */
  readonly scale?: Scale;
  /** A positive integer; only `low`, `low + step`, …: the upper bound is included only if it is one of them. Default: 1. */
  readonly step?: number;
  /** Whether a change needs a new model (inherited when a trial is copied) or may happen mid-run. Default: `true`. */
  readonly structural?: boolean;
}

export interface ChoiceOptions {
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

/** One of the items, which may be of mixed types. Their order matters: perturbing moves to an adjacent one. */
export interface ChoiceDefinition extends ChoiceOptions {
  readonly choice: readonly Value[];
}

/** `false` or `true`. */
export interface BooleanDefinition extends ChoiceOptions {
  readonly boolean: true;
}

export type ParameterDefinition = FloatDefinition | IntDefinition | ChoiceDefinition | BooleanDefinition;

/** Parameters by name; a bare value is a parameter that is fixed. */
export type SpaceDefinition = Readonly<Record<string, ParameterDefinition | Value>>;
