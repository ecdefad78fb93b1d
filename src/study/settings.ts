import type { Pb2Options, PbtOptions, ReplaySegment, Schedule } from '../schedulers/index.js';
import type { Hyperparameters, SpaceDefinition } from '../space/index.js';
import type { ImportedTrial } from './warm-start.js';

/** What a study optimises. */
export interface Objective {
  /** Name of a metric that the model's evaluation reports, with its split: `valAccuracy`, `valLoss`. */
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  /** The study ends once a trial reaches this value (in the metric's own unit). */
  readonly target?: number;
}

/** Bounds that a metric has to keep within for a trial to be feasible: at least one of them. */
export interface OutcomeBound {
  readonly metric: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Trials of an earlier study that samplers see before a study's own. */
export interface EarlierSettings {
  /** Its name: for people. What is known of it is here, so that nobody has to read it again. */
  readonly study: string;
  /** How many of the best ones are tried first. */
  readonly try: number;
  readonly trials: readonly ImportedTrial[];
}

/** What a study wants of its trials' metrics. */
export interface Goals {
  /** Of several objectives the first. */
  readonly objective: Objective;
  /** Where there are several: all of them, at least two with different metrics. The study ends once a trial reaches all targets there are. */
  readonly objectives?: readonly Objective[];
  /** Only feasible trials can be the best, reach the target or be on the front. */
  readonly outcomes?: readonly OutcomeBound[];
}

/** What a sweep's population is trained with; without functions, to be journaled. */
type Journaled<O> = Omit<O, 'explore'>;

/** Population-based training (Jaderberg et al. 2017). */
export interface PbtStrategy extends Journaled<PbtOptions> {
  readonly kind: 'pbt';
  readonly explore?: 'perturb' | 'resample' | ExploreModule;
}

/** A function of the user's own that explores, by where it is found. */
export interface ExploreModule {
  /**
   * Absolute path of a module whose default export it is, or a sweep that has it. `null`: it was given in code, and has to be given again to
   * resume.
   */
  readonly module: string | null;
}

/** Population-based bandits (Parker-Holder et al. 2020). */
export interface Pb2Strategy extends Journaled<Pb2Options> {
  readonly kind: 'pb2';
}

/** Independent trials with hyperparameters that a sampler proposes, each of which trains all its steps. */
export interface RandomStrategy {
  readonly kind: 'random';
  readonly trials: number;
  /** Steps between two evaluations: the length of a segment. */
  readonly interval: number;
  /** As in {@link FidelityStrategy}. Without it all trials are proposed at the beginning, and train side by side. */
  readonly parallel?: number;
}

/** Strategies that look at trials' intermediate results, and stop, pause and resume them one by one. */
export const fidelityStrategies = [
  'asha',
  'successiveHalving',
  'hyperband',
  'bohb',
  'pasha',
  'median',
  'percentile',
  'patience',
  'own',
] as const;

export interface FidelityStrategy {
  /** `own`: the user's scheduler, by where it is found: `options.scheduler`, an absolute path. */
  readonly kind: (typeof fidelityStrategies)[number];
  /** Trials that are started at most. */
  readonly trials: number;
  /**
   * Trials that are under way at a time, as far as decisions are concerned: part of the study, whatever the number of workers that
   * train them.
   */
  readonly parallel: number;
  /** Steps between two evaluations on the way to a decision. Default: none. */
  readonly interval?: number;
  /** The scheduler's own. */
  readonly options: Readonly<Record<string, number | string>>;
}

/** A strategy that decides on each trial by itself, in the order of a virtual clock. */
export type TrialwiseStrategy = FidelityStrategy | (RandomStrategy & { readonly parallel: number });

/** Fresh models, trained under the schedule of hyperparameters that a trial of an earlier study lived through. */
export interface ReplayStrategy {
  readonly kind: 'replay';
  /** How many: each begins with other weights, and sees other batches. */
  readonly trials: number;
  /** Whose schedule it is: for people. */
  readonly study: string;
  readonly trial: number;
  readonly schedule: readonly ReplaySegment[];
  readonly interval?: undefined;
  readonly parallel?: undefined;
}

export type PopulationStrategy = PbtStrategy | Pb2Strategy;

export type Strategy = PopulationStrategy | RandomStrategy | FidelityStrategy | ReplayStrategy;

export function isPopulation(strategy: Strategy): strategy is PopulationStrategy {
  return strategy.kind === 'pbt' || strategy.kind === 'pb2';
}

export function isTrialwise(strategy: Strategy): strategy is TrialwiseStrategy {
  return !isPopulation(strategy) && strategy.kind !== 'replay' && strategy.parallel !== undefined;
}

/** Whether results count one by one, in the order of a virtual clock, instead of all together at the end of a generation. */
export function countsInOrder(strategy: Strategy): boolean {
  return isPopulation(strategy) ? strategy.asynchronous === true : isTrialwise(strategy);
}

/** Where trials' hyperparameters come from. */
export const sweepSamplers = [
  'random',
  'sobol',
  'latinHypercube',
  'grid',
  'tpe',
  'gp',
  'cmaEs',
  'evolution',
  'nsga2',
  'bohb',
] as const;
export type SweepSampler = (typeof sweepSamplers)[number];

/** A sampler with options of its own. */
export interface SamplerSettings {
  /** `own`: the user's, by where it is found: `options.module`, an absolute path. */
  readonly name: SweepSampler | 'own';
  readonly options: Readonly<Record<string, unknown>>;
}

/** How segments train; none of these is tuned. */
export interface TrainingSettings {
  /** Rows a step. A hyperparameter named `batchSize` takes precedence. */
  readonly batchSize: number;
  /** Rows of the training split: what an epoch is counted by. Older journals lack it. */
  readonly rows?: number;
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
export interface StudySettings extends Goals {
  readonly study: string;
  /** Name of a model in `native-models/`, or the absolute path of a module. */
  readonly model: string;
  /** As the data room's `DatasetReference`; paths are absolute. */
  readonly dataset: string | Readonly<Record<string, unknown>>;
  readonly space: SpaceDefinition;
  /** Relations between parameters that every proposal satisfies, such as `low < high`. */
  readonly constraints?: readonly string[];
  /** Points to try first, one a trial; what they leave out comes from defaults, then from the prior. */
  readonly enqueue?: readonly Hyperparameters[];
  /** Learnt from; the points of them that are tried are in `enqueue`. */
  readonly earlier?: EarlierSettings;
  /** Default: `random`; for the strategy `bohb`, `bohb`. */
  readonly sampler?: SweepSampler | SamplerSettings;
  /** What changes while the study runs. */
  readonly schedule?: Schedule;
  readonly strategy: Strategy;
  readonly budget: {
    /** Steps a trial trains. */
    readonly steps: number;
    /** Steps that all trials train together, after which the study ends at its next decision. */
    readonly totalSteps?: number;
    /** Seconds after which no new generation starts, or nothing more is decided; counted anew at each resume. */
    readonly wallSeconds?: number;
  };
  /** Rules that end the study. */
  readonly stop?: StopSettings;
  /** Integer, 0 to 2^53 - 1. */
  readonly seed: number;
  readonly training: TrainingSettings;
}

/** Options of the stopping rules of the same names. */
export interface StopSettings {
  /** Of trials that are over, or, for a population, of generations. */
  readonly plateau?: { readonly trials?: number; readonly generations?: number; readonly minDelta?: number };
  readonly regret?: { readonly threshold: number; readonly minTrials?: number; readonly every?: number };
}

/** Models that a trial is: one, or where it is judged by the mean over folds, one a fold. */
export function foldCount({ dataset }: Pick<StudySettings, 'dataset'>): number {
  const splits = typeof dataset === 'string' ? undefined : (dataset.splits as Record<string, unknown> | undefined);
  return splits?.fold === 'all' ? Number(splits.folds) : 1;
}

/** How many trials the strategy keeps, or starts at most. */
export function trialCount(strategy: Strategy): number {
  return isPopulation(strategy) ? strategy.population : strategy.trials;
}
