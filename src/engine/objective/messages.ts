/** What travels between the pool of objectives and its threads. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorKind } from '../../errors/index.js';
import type { Metrics } from '../../objective/index.js';
import type { Hyperparameters, SpaceDefinition } from '../../space/index.js';

export interface DescribeObjective {
  readonly kind: 'describe';
  readonly path: string;
}

export interface RunObjective {
  readonly kind: 'run';
  readonly path: string;
  /** What a result must have; the first, what a report must have, and what a bare number is. */
  readonly metrics: readonly string[];
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly checkpoint: Uint8Array | null;
  readonly port: MessagePort;
}

export type ObjectiveTask = DescribeObjective | RunObjective;

/** An error that lost its class on the way. */
export interface PostedError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly todo: string;
}

/** What a module's default export is. */
export type Described =
  | { readonly kind: 'objective'; readonly space: SpaceDefinition }
  | { readonly kind: 'other' }
  | { readonly kind: 'failed'; readonly error: PostedError };

/** How a trial's run ended, when its thread lived to say so. */
export type RunResult =
  | { readonly outcome: 'done'; readonly metrics: Metrics | null }
  | { readonly outcome: 'pruned' }
  | { readonly outcome: 'paused' }
  | { readonly outcome: 'interrupted' }
  | { readonly outcome: 'failed'; readonly message: string };

/** What a trial does after a report; `pause`: it ends its run, and may be run again. */
export type Verdict = 'continue' | 'stop' | 'pause';

/** From a trial. Those with an `id` are answered. */
export type FromTrial =
  /** Its thread has started, and its module is loaded: its own time begins. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'report'; readonly id: number; readonly step: number; readonly metrics: Metrics }
  | { readonly kind: 'checkpoint'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'output'; readonly text: string };

/** To a trial. */
export type ToTrial =
  | { readonly kind: 'answer'; readonly id: number; readonly verdict: Verdict }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  | { readonly kind: 'interrupt' };
