import type { Hyperparameters } from '../../space/index.js';
import { errors } from '../errors.js';
import { checkOptions, isCountFrom } from './options.js';
import type { Told } from './outcome.js';
import type { Trial } from './trial.js';

/** What is tuned: runs a trial and returns its result, at once or later. */
export type Objective<H = Hyperparameters, D extends boolean = false> = (trial: Trial<H, D>) => Told | Promise<Told>;

export interface OptimizeOptions {
  /** How many more trials to ask for, at most: an integer of at least 1. Default: until the study ends. */
  readonly trials?: number;
  /** Trials that run at a time; in a deterministic study at most its own `parallel`. Default: the study's. */
  readonly parallel?: number;
  /** When it is aborted, no trial is asked for any more. */
  readonly signal?: { readonly aborted: boolean };
  /** What to do when the objective throws. Default: `throw`. */
  readonly onError?: 'throw' | 'continue';
}

/** What a run needs of its study. */
export interface OptimizedStudy<H, D extends boolean> {
  /** Of a deterministic study: the trials that run at a time. */
  readonly places: number | null;
  /** Whether trials wait for one another's reports, so that a place left empty would be waited for. */
  readonly needsAllPlaces: boolean;
  readonly parallel: number;
  /** Whether the study ends by itself. */
  readonly isBounded: boolean;
  unfinished(): Trial<H, D>[];
  canAsk(): boolean;
  /** `null`: the scheduler just said that there is none. */
  ask(): Trial<H, D> | null;
  tell(trial: Trial<H, D>, told: Told, message?: string): void;
  /** Says how many more trials will be asked for; `null`: it is not known. */
  limit(trials: number | null): void;
  /** Names what is called when `canAsk` may have changed. */
  onChange(listener: () => void): void;
}

const rules = {
  trials: { must: 'an integer of at least 1', holds: isCountFrom(1) },
  parallel: { must: 'an integer of at least 1', holds: isCountFrom(1) },
  signal: {
    must: "an AbortController's signal",
    holds: (given: unknown) => typeof given === 'object' && given !== null,
  },
  onError: { must: 'throw or continue', holds: (given: unknown) => given === 'throw' || given === 'continue' },
};

/** See `Study.optimize`. */
export function optimize<H, D extends boolean>(
  objective: Objective<H, D>,
  options: OptimizeOptions,
  study: OptimizedStudy<H, D>,
): Promise<void> {
  checkOptions('optimize', rules, options);
  const { trials = null, signal, onError = 'throw' } = options;
  if (trials === null && !study.isBounded && signal === undefined) throw errors.STUDY_UNBOUNDED({});
  const parallel = placesOf(study, options.parallel ?? study.parallel);
  return new Promise((resolve, reject) => {
    const waiting = study.unfinished();
    let activeCount = 0;
    let failure: { readonly error: unknown } | undefined;
    let isFinished = false;

    const next = () => {
      if (failure === undefined && signal?.aborted !== true)
        return waiting.shift() ?? (study.canAsk() ? study.ask() : null);
      // nobody waits any more for trials that will not be asked for
      study.limit(0);
      return null;
    };
    const fill = () => {
      while (!isFinished && activeCount < parallel) {
        // counted first, since asking may let others count and come back here
        activeCount++;
        const trial = attempt(next);
        if (trial === null) {
          activeCount--;
          break;
        }
        void run(trial);
      }
      if (!isFinished && activeCount === 0) finish();
    };
    const attempt = <T>(action: () => T): T | null => {
      try {
        return action();
      } catch (error) {
        failure ??= { error };
        return null;
      }
    };
    const run = async (trial: Trial<H, D>) => {
      try {
        // started a turn later, so that objectives that throw at once do not pile up on the stack
        const told = await Promise.resolve(trial).then(objective);
        if (!trial.paused) study.tell(trial, told);
      } catch (error) {
        // what unwinds a trial that is paused is no failure
        if (!trial.paused) {
          if (onError === 'throw') failure ??= { error };
          attempt(() => study.tell(trial, 'failed', messageOf(error)));
        }
      }
      activeCount--;
      fill();
    };
    const finish = () => {
      isFinished = true;
      study.onChange(() => {});
      study.limit(null);
      if (failure === undefined) resolve();
      else reject(failure.error);
    };

    study.limit(trials);
    study.onChange(fill);
    fill();
  });
}

/** How many trials may run at a time. */
function placesOf(
  { places, needsAllPlaces }: { places: number | null; needsAllPlaces: boolean },
  wanted: number,
): number {
  if (places === null) return wanted;
  const must = needsAllPlaces
    ? `${places}, the study's own, as its trials wait for one another's reports`
    : `at most ${places}, the study's own`;
  const fits = needsAllPlaces ? wanted === places : wanted <= places;
  if (fits) return wanted;
  throw errors.STUDY_OPTION_INVALID({ of: 'optimize', name: 'parallel', must, given: wanted });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
