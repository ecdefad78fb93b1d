import type { Hyperparameters } from '../space/index.js';
import type { ObjectiveStudyRecord } from './objective/records.js';
import type { StudyRecord } from './records.js';

/** How far one trial is, between two records. */
export interface TrialProgress {
  readonly trial: number;
  readonly running: boolean;
  readonly step: number;
}

/** A trial on the Pareto front. */
export interface FrontPoint {
  readonly trial: number;
  /** The objectives' metrics, by name. */
  readonly values: Readonly<Record<string, number>>;
  readonly hyperparameters: Hyperparameters;
}

/** The last line of `--json`, and what `tune` resolves to in short. */
export interface StudySummary {
  readonly study: string;
  readonly status: 'completed' | 'target' | 'wall' | 'plateau' | 'regret' | 'failed' | 'interrupted';
  readonly best: { readonly trial: number; readonly value: number; readonly hyperparameters: Hyperparameters } | null;
  /** With several objectives only: the trials that no other is better than in all of them, by number. `best` is the first objective's. */
  readonly front?: readonly FrontPoint[];
  readonly trials: number;
  /** Steps trained by all trials together, over all processes that worked on the study. */
  readonly steps: number;
  /** Wall time of this process's work on the study. */
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
  readonly workers: number;
  readonly backend: string;
  /** SHA-256, hex: see `digest`. */
  readonly digest: string;
}

/** What the tuner tells while it works; views and `--json` are fed these and nothing else. */
export type TunerEvent =
  /** A record was appended (or, on resume, replayed). `at` is an ISO time. */
  | { readonly type: 'record'; readonly at: string; readonly replayed: boolean; readonly record: StudyRecord }
  /** The same of a study of an objective function. */
  | {
      readonly type: 'objective';
      readonly at: string;
      readonly replayed: boolean;
      readonly record: ObjectiveStudyRecord;
    }
  /** What an objective function wrote to its console. */
  | { readonly type: 'output'; readonly trial: number; readonly text: string }
  /** A few times a second while segments run. */
  | { readonly type: 'progress'; readonly trials: readonly TrialProgress[]; readonly stepsPerSecond: number }
  /** Something a person should read once: a warning, or what is being prepared. */
  | { readonly type: 'notice'; readonly code: string; readonly message: string }
  | ({ readonly type: 'summary' } & StudySummary);
