/** Parameters as the rest of the software sees them: checked, with every default filled in. */
import type { Hyperparameters, Scale, SpaceDefinition, Value } from './definition.js';

/** A parent, and the values of it under which a parameter can be active. */
export interface Condition {
  readonly parent: string;
  readonly values: readonly Value[];
}

/** A relation between parameters that every trial must satisfy, such as `low < high`. */
export interface Constraint {
  /** As it was written. */
  readonly text: string;
  /** Whether the values satisfy it; one that names a parameter that is not active is satisfied. */
  readonly holds: (values: Hyperparameters) => boolean;
}

interface Common {
  /** Not empty; unique in its space. */
  readonly name: string;
  /** Structural parameters shape a model and are inherited unchanged when a trial is copied; mutable ones are explored. */
  readonly structural: boolean;
  /** Active where all of them hold: none for a parameter that always is. Parents come before their children in a space. */
  readonly conditions: readonly Condition[];
  /** `null`: none was written. */
  readonly default: Value | null;
}

/** The values low, low + step, …, low + (count - 1) × step. */
export interface Grid {
  /** Above 0; an integer for integers. */
  readonly step: number;
  /** Number of values, at least 1. */
  readonly count: number;
  /** Decimals that write every value exactly as a person would: 1 for [0, 1] in steps of 0.1. 0 for integers. */
  readonly digits: number;
}

/** Floats from `low` to `high`, both included; `low` may equal `high`. */
export interface FloatParameter extends Common {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  readonly scale: Scale;
  /** `null`: every float in range is allowed. Otherwise `high` is a value only if it is on the grid. */
  readonly grid: Grid | null;
}

/** Integers from `low` to `high`, both included; `low` may equal `high`. */
export interface IntParameter extends Common {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  readonly scale: Scale;
  /** `high` is a value only if it is on the grid. */
  readonly grid: Grid;
}

/** One of `items`, of which there is at least one and none is there twice. A boolean is the choice of `false` and `true`. */
export interface ChoiceParameter extends Common {
  readonly kind: 'choice';
  readonly items: readonly Value[];
  /** Whether their order means something to samplers. */
  readonly ordered: boolean;
}

/** One value, never changed. */
export interface FixedParameter extends Common {
  readonly kind: 'fixed';
  readonly value: Value;
  readonly structural: true;
}

export type NumberParameter = FloatParameter | IntParameter;

export type Parameter = NumberParameter | ChoiceParameter | FixedParameter;

/** Made by `parseSpace` only. */
export interface Space {
  /** In the order in which they are written. */
  readonly parameters: readonly Parameter[];
  /** As they were written, in order; none by default. */
  readonly constraints: readonly Constraint[];
  /** As it was written. */
  readonly definition: SpaceDefinition;
}
