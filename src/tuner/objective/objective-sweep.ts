import type { SpaceDefinition, Value } from '../../space/index.js';
import type { OwnSchedulerSweep } from '../sweep-fidelity.js';
import type { GoalsSweep } from '../sweep-goals.js';
import type { Sweep } from '../sweep-schema.js';

interface Trials {
  /** An integer, at least 1. */
  readonly trials: number;
  /** Trials under way at a time: an integer, at least 1. Part of the study's result, as the number of workers is not. Default: 4. */
  readonly parallel?: number;
}

/** With the options of the scheduler of that name. */
type Scheduled = Trials & Readonly<Record<string, unknown>>;

/** A sweep of an objective function as it is written in a file, or given to `tune`. It has no `dataset`. */
export interface ObjectiveSweep extends GoalsSweep {
  /** The study's name. Default: the file's name without its extension; a sweep without a file needs one. */
  readonly study?: string;
  /** The path of a module whose default export `defineObjective` made. */
  readonly model: string;
  /** Replaces parameters of the objective's own space. Default: the objective's. */
  readonly space?: SpaceDefinition;
  readonly constraints?: readonly string[];
  readonly enqueue?: readonly Readonly<Record<string, Value>>[];
  /** A study whose trials the sampler sees before this one's own. Default: none. */
  readonly earlier?: Sweep['earlier'];
  /** Where hyperparameters come from, by name or with options: `{ gp: { … } }`. Default: `tpe`; with several objectives `nsga2`. */
  readonly sampler?: string | Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** How many trials, and which of them are ended early by their reports. All but `random` need `budget.steps`. */
  readonly strategy:
    | { readonly random: Trials }
    | { readonly asha: Scheduled }
    | { readonly hyperband: Scheduled }
    | { readonly successiveHalving: Scheduled }
    | { readonly pasha: Scheduled }
    | { readonly median: Scheduled }
    | { readonly percentile: Scheduled }
    | { readonly patience: Scheduled }
    | { readonly own: Omit<OwnSchedulerSweep, 'interval'> };
  readonly budget?: {
    /** Steps that a trial reports at most: an integer, at least 1. */
    readonly steps?: number;
    /** Steps that all trials report together, each up to its last: no trial begins after them. Default: no limit. */
    readonly totalSteps?: number;
    /** Wall time after which no trial begins: `30m`, `1h30m`, or seconds. Default: none. */
    readonly wall?: string | number;
  };
  /** Rules that end the study. Default: none. */
  readonly stop?: Sweep['stop'];
  /** How long a trial may compute: `10m`, or seconds. One that takes longer has failed. Default: as long as it likes. */
  readonly timeout?: string | number;
  /** An integer, 0 to 2^53 - 1. Default: 0. */
  readonly seed?: number;
}
