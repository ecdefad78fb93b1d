import type { Hyperparameters, SpaceDefinition } from '../../space/index.js';
import type { EarlierSettings, Goals, StopSettings } from '../settings.js';

/** Something that decides, by the name that a sweep has for it, with its options as they were written. */
export interface Named {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** All that the result of tuning an objective function depends on. JSON, and in the journal's first record. */
export interface ObjectiveStudySettings extends Goals {
  readonly study: string;
  /** Absolute path of the objective's module. */
  readonly model: string;
  readonly space: SpaceDefinition;
  readonly constraints?: readonly string[];
  readonly enqueue?: readonly Hyperparameters[];
  readonly earlier?: EarlierSettings;
  /** `own`: the user's, by where it is found: `options.module`, an absolute path. */
  readonly sampler: Named;
  /** `random`: every trial goes on to its end. */
  readonly strategy: Named;
  readonly trials: number;
  /** Trials under way at a time; part of the result, as later trials are proposed by what earlier ones gave. */
  readonly parallel: number;
  /** Steps that a trial reports at most; absent where nothing needs it. */
  readonly steps?: number;
  /** Steps that all trials report together, after which none begins. */
  readonly totalSteps?: number;
  /** Rules that end the study. */
  readonly stop?: StopSettings;
  /** Seconds after which no trial begins, counted anew at each resume. */
  readonly wallSeconds?: number;
  /** Seconds that a trial may compute. */
  readonly timeoutSeconds?: number;
  readonly seed: number;
}
