import type { Pb2Options, PbtOptions, Schedule } from '../schedulers/index.js';
import type { Hyperparameters, SpaceDefinition } from '../space/index.js';

/** What a study optimises. */
export interface Objective {
  /** Name of a metric that the model's evaluation reports, with its split: `valAccuracy`, `valLoss`. */
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  /** The study ends once a trial reaches this value (in the metric's own unit). */
  readonly target?: number;
}

/** What a sweep's population is trained with: decided on together, after a number of steps; without functions, to be journaled. */
type Journaled<O> = Omit<O, 'interval' | 'asynchronous' | 'explore'> & {
  /** Steps between two decisions: the length of a segment. */
  readonly interval: number;
};

/** Population-based training, synchronous (Jaderberg et al. 2017). */
export interface PbtStrategy extends Journaled<PbtOptions> {
  readonly kind: 'pbt';
  readonly explore?: 'perturb' | 'resample';
}

/** Population-based bandits, synchronous (Parker-Holder et al. 2020). */
export interface Pb2Strategy extends Journaled<Pb2Options> {
  readonly kind: 'pb2';
}

/** Independent trials with hyperparameters drawn from the space. */
export interface RandomStrategy {
  readonly kind: 'random';
  readonly trials: number;
  /** Steps between two evaluations: the length of a segment. */
  readonly interval: number;
}

export type Strategy = PbtStrategy | Pb2Strategy | RandomStrategy;

/** Where the first trials' hyperparameters come from. None of these looks at results. */
export const sweepSamplers = ['random', 'sobol', 'latinHypercube', 'grid'] as const;
export type SweepSampler = (typeof sweepSamplers)[number];

/** How segments train; none of these is tuned. */
export interface TrainingSettings {
  /** Rows a step. A hyperparameter named `batchSize` takes precedence. */
  readonly batchSize: number;
  /** Validation rows an evaluation step takes; the last, partial one counts exactly. */
  readonly evaluationBatchSize: number;
  /** Whether steps are compiled with XLA. It changes the last bits, so it is part of the study. */
  readonly compile: 'auto' | 'always' | 'never';
  /** Of a saved model: its optimizer and loss by name, and what its trials start from. Absent: as it was compiled and saved. */
  readonly optimizer?: string;
  readonly loss?: string;
  readonly initialWeights?: 'saved' | 'fresh';
}

/** A sweep with every default filled in: all that a study's result depends on. JSON, and the journal's first record. */
export interface StudySettings {
  readonly study: string;
  /** Name of a model in `native-models/`, or the absolute path of a module. */
  readonly model: string;
  /** As the data room's `DatasetReference`; paths are absolute. */
  readonly dataset: string | Readonly<Record<string, unknown>>;
  readonly objective: Objective;
  readonly space: SpaceDefinition;
  /** Relations between parameters that every proposal satisfies, such as `low < high`. */
  readonly constraints?: readonly string[];
  /** Points to try first, one a trial; what they leave out comes from defaults, then from the prior. */
  readonly enqueue?: readonly Hyperparameters[];
  /** Default: `random`. */
  readonly sampler?: SweepSampler;
  /** What changes while the study runs. */
  readonly schedule?: Schedule;
  readonly strategy: Strategy;
  readonly budget: {
    /** Steps a trial trains. */
    readonly steps: number;
    /** Seconds after which no new generation starts, counted anew at each resume. */
    readonly wallSeconds?: number;
  };
  /** Integer, 0 to 2^53 - 1. */
  readonly seed: number;
  readonly training: TrainingSettings;
}

/** How many trials the strategy keeps. */
export function trialCount(strategy: Strategy): number {
  return strategy.kind === 'random' ? strategy.trials : strategy.population;
}
