/** What travels between the engine and its workers. Everything large is shared memory: it is handed over, not copied. */
import type { SharedDataset } from '../data/index.js';
import type { GraphModel, InferenceInput, StateLayout } from '../graph/index.js';
import type { NativePaths } from '../native/index.js';
import type { Hyperparameters } from '../space/index.js';
import type { SavedTraining, TracedModel } from '../trial/index.js';

/** Given once to every worker, as its `workerData`. */
export interface WorkerContext {
  readonly native: NativePaths;
  /** One a fold. */
  readonly datasets: readonly SharedDataset[];
  /** The model's module, or its `model.json`, as a file path. */
  readonly modelPath: string;
  /** How a model without a step of its own is trained. */
  readonly layers: SavedTraining;
  readonly seed: number;
  /** See {@link ControlBoard}. */
  readonly control: SharedArrayBuffer;
  /** What a thread's open shapes may take, estimated. */
  readonly mostOpenBytes: number;
  /** Begins the keys of this engine's native programs, which no other engine uses. */
  readonly owner: string;
}

/** The hyperparameters of one shape, and how to build and trace it. */
export interface Shape {
  readonly structural: Hyperparameters;
  /** Mutable hyperparameters with two values of their range each. */
  readonly mutable: Readonly<Record<string, readonly [number, number]>>;
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
  readonly compile: 'auto' | 'always' | 'never';
  /** Steps that the study plans for this shape, over all trials. */
  readonly plannedSteps: number;
  /** Trials that train side by side. */
  readonly trials: number;
  /** Fail where a step cannot be traced, instead of running it eagerly. */
  readonly requireTraced: boolean;
}

/** Reads the model's own space. */
export interface DescribeTask {
  readonly kind: 'describe';
}

/** Builds and traces a shape. */
export interface PrepareTask {
  readonly kind: 'prepare';
  readonly fold: number;
  readonly shape: Shape;
}

/** Builds a shape with a trial's own initial weights. */
export interface InitialiseTask {
  readonly kind: 'initialise';
  readonly fold: number;
  readonly shape: Shape;
  readonly trial: number;
}

/** Makes a model of a state that can be saved. */
export interface ExportTask {
  readonly kind: 'export';
  readonly fold: number;
  readonly shape: Shape;
  readonly state: Uint8Array;
  /** The mutable hyperparameters to evaluate the test split with; `null`: it is left alone. */
  readonly test: Readonly<Record<string, number>> | null;
}

/** A trained model as data. */
export interface ExportedModel {
  /** `null` for a model that is no layers model. */
  readonly layers: ExportedLayers | null;
  /** Its predictions as a tfjs GraphModel; `null` if it has constants of a type that tfjs has not. */
  readonly graphModel: GraphModel | null;
  /** The same as a SavedModel: the bytes of `saved_model.pb`. */
  readonly savedModel: Uint8Array;
  /** What the two take, by name: `[batch, …rowShape]` each. */
  readonly inputs: readonly InferenceInput[];
  /** Shape of a row of predictions. */
  readonly outputShape: readonly number[];
  /** Rows that a batch must have; `null` for any number. */
  readonly batchSize: number | null;
  /** Metrics of the test split, `testLoss` and others; `null` if there is none, or it was left alone. */
  readonly test: Readonly<Record<string, number>> | null;
}

/** A layers model in tfjs's own form. */
export interface ExportedLayers {
  /** JSON. */
  readonly modelTopology: object;
  readonly weightSpecs: readonly object[];
  readonly weightData: Uint8Array;
  readonly versions: { readonly generatedBy: string; readonly format: string };
}

/** How a shape is trained. */
export type PreparedModel =
  | { readonly kind: 'traced'; readonly traced: TracedModel }
  /** Its step cannot be traced: it runs op by op, in workers that load tfjs and the model. */
  | {
      readonly kind: 'eager';
      readonly shape: Shape;
      readonly layout: StateLayout;
      readonly metrics: readonly string[];
      readonly reason: string;
    };

/** One trial's part of a segment. */
export interface SegmentMember {
  readonly trial: number;
  /** Of the control board: one for each fold of each trial. */
  readonly place: number;
  readonly generation: number;
  readonly mutable: Readonly<Record<string, number>>;
  /** Read only: if this worker is lost, another starts from here again. */
  readonly state: Uint8Array;
  /** Memory for the new state, of the same size, that nobody reads any more; without it, new memory is taken. */
  readonly target: Uint8Array | null;
}

/**
 * Trains trials of one shape from their states, evaluates them, and writes their new states. Its result is a {@link TaskResult} of
 * {@link SegmentValue} for each member, in their order: what happens to one is not the others' business.
 */
export interface SegmentTask {
  readonly kind: 'segment';
  readonly fold: number;
  readonly model: PreparedModel;
  /** Counts from 1. */
  readonly attempt: number;
  readonly fromStep: number;
  /** Above `fromStep`. */
  readonly toStep: number;
  readonly members: readonly SegmentMember[];
}

export type Task = DescribeTask | PrepareTask | InitialiseTask | SegmentTask | ExportTask;

/** How a task ended, when its worker lived to say so. */
export type TaskResult<T> =
  | { readonly outcome: 'done'; readonly value: T }
  /** The model or the step failed, and would fail again. */
  | {
      readonly outcome: 'failed';
      readonly code: string;
      readonly kind: string;
      readonly message: string;
      readonly todo: string;
    };

export type SegmentValue =
  | {
      readonly outcome: 'done';
      /** Mean loss over the segment's steps. */
      readonly loss: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly state: Uint8Array;
      readonly seconds: number;
    }
  | { readonly outcome: 'diverged'; readonly message: string; readonly seconds: number }
  | { readonly outcome: 'cancelled' };
