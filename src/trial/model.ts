import type * as tfjs from '@tensorflow/tfjs';
import type { Metric } from '../graph/index.js';
import type { InferHyperparameters, SpaceDefinition } from '../space/index.js';
import type { KeyedRandom } from './keyed-random.js';

/** What a model knows of the data it is built for. */
export interface DataDescription {
  /** Shape of one row of features, as `x` brings it. */
  readonly featureShape: readonly number[];
  /** Number of different tokens, where `x` is tokens: int32, 0 to one less. Absent where `x` is float32. */
  readonly vocabularySize?: number;
  /** Columns of a table that are kept as numbers of categories, in the order of `categories` in a batch. Absent where there are none. */
  readonly categories?: readonly CategoryDescription[];
  readonly target: TargetDescription;
}

/** A column of categories. */
export interface CategoryDescription {
  readonly name: string;
  /** Values are 0 to `size` - 1; 0 stands for what is missing, or was not seen in training. */
  readonly size: number;
}

/**
 * What is predicted for a row; `shape` is that of one row of `y`, `[]` for one value.
 * - `class`: `y` is int32, 0 to `classCount` - 1.
 * - `number`: `y` is float32, in its own unit, with the training rows' `mean` and `deviation` (1 if they do not vary).
 * - `none`: there is no `y`, and reading it fails.
 */
export type TargetDescription =
  | { readonly kind: 'class'; readonly classCount: number; readonly shape: readonly number[] }
  | {
      readonly kind: 'number';
      readonly shape: readonly number[];
      readonly mean: number;
      readonly deviation: number;
    }
  | { readonly kind: 'none' };

/** A batch of rows. */
export interface Batch {
  /** `[batch, …featureShape]`: float32, or int32 tokens. */
  readonly x: tfjs.Tensor;
  /** `[batch, …target.shape]`: int32 classes or float32 numbers. */
  readonly y: tfjs.Tensor1D;
  /** int32 `[batch, categories]`; absent where the data set has no such columns. */
  readonly categories?: tfjs.Tensor2D;
}

type IsStructural<P> = P extends { readonly structural: infer B extends boolean }
  ? B
  : P extends { readonly float: unknown }
    ? false
    : true;

/**
 * Hyperparameters that shape the graph, as JavaScript values: int, choice, boolean and fixed ones, unless stated otherwise. Those
 * with conditions are absent where they are not active.
 */
export type StructuralHyperparameters<S extends SpaceDefinition> = {
  readonly [N in keyof InferHyperparameters<S> as IsStructural<S[N & keyof S]> extends true
    ? N
    : never]: InferHyperparameters<S>[N];
};

/**
 * Hyperparameters that change while a trial runs, as float32 scalar tensors: float ones, unless stated otherwise. Those with
 * conditions are absent where they are not active.
 */
export type MutableHyperparameters<S extends SpaceDefinition> = {
  readonly [N in keyof InferHyperparameters<S> as IsStructural<S[N & keyof S]> extends true ? never : N]: tfjs.Scalar;
};

export interface BuildContext<S extends SpaceDefinition = SpaceDefinition> {
  readonly hyper: StructuralHyperparameters<S>;
  readonly data: DataDescription;
  /** Rows a training step. */
  readonly batchSize: number;
}

/** What a training step may use besides its batch and its hyperparameters. */
export interface StepContext {
  /** Random tensors that are a function of (study's seed, trial, step, how many were drawn before in this step). */
  readonly random: KeyedRandom;
  /** int32 scalar: steps trained before this one. */
  readonly step: tfjs.Scalar;
}

/** A model for one set of structural hyperparameters. Every `tf.Variable` made by `build` is part of a trial's state. */
export interface BuiltModel<S extends SpaceDefinition = SpaceDefinition> {
  /**
   * One training step, in plain tfjs: computes the loss of the batch, updates variables, and returns the loss as a scalar.
   * It is run a few times to be traced, and never again: it must do the same operations every time.
   */
  step(batch: Batch, hyper: MutableHyperparameters<S>, context: StepContext): tfjs.Scalar;
  /**
   * Metrics of a batch, one float32 value a row (`[batch]`): `loss` and others; `val` is put before their names. The mean over all
   * validation rows is reported, or its root or exponential: `rootMean(values)`, `exponentialMean(values)`.
   */
  evaluate(batch: Batch, hyper: MutableHyperparameters<S>): Readonly<Record<string, Metric>>;
  /** What `export` saves as a layers model: predictions from `x`, sharing variables with the step. */
  readonly model?: tfjs.LayersModel;
  /**
   * Predictions of a batch, which is what `export` writes as a graph and `predict` runs: float32 `[batch, …]`, a probability for each
   * class, or numbers in the target's own unit. By default what `model` makes of `x` or, with two inputs, of `x` and `categories`.
   */
  predict?(batch: Omit<Batch, 'y'>): tfjs.Tensor;
}

/** A model that can be tuned. */
export interface ModelDefinition<S extends SpaceDefinition = SpaceDefinition> {
  /** Ranges a sweep starts from, parameter by parameter. */
  readonly space: S;
  build(context: BuildContext<S>): BuiltModel<S>;
}

/**
 * Defines a model: the default export of a module that a sweep names.
 *
 * Structural hyperparameters are JavaScript values that shape the model; they are inherited when a trial is copied. Mutable
 * ones are scalar tensors given to each step, so that a mutation never retraces.
 */
export function defineModel<const S extends SpaceDefinition>(definition: ModelDefinition<S>): ModelDefinition<S> {
  return definition;
}

/** Whether a module's default export can be a model; where it cannot, `build` would fail less readably. */
export function isModelDefinition(value: unknown): value is ModelDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { space, build } = value as Partial<ModelDefinition>;
  return typeof build === 'function' && typeof space === 'object' && space !== null;
}
