import { foldIn, type Key, seedKey } from '../../random/index.js';
import type { Proposal, Sampler } from '../../samplers/index.js';
import type { FidelityRun, FidelityScheduler, Job, Verdict as SchedulerVerdict } from '../../schedulers/index.js';
import { completePoint } from '../../space/index.js';
import { errors } from '../errors.js';
import type { Ledger } from './ledger.js';
import type { Verdict } from './records.js';

/** What decides in a study. */
export interface Deciders {
  readonly sampler: Sampler;
  /** `null`: every trial goes on to its end. */
  readonly scheduler: FidelityScheduler | null;
}

/**
 * The decisions of one study. A scheduler's run remembers what it was told, so a replay asks for the same decisions in the same
 * order; what they decide is compared with the journal there.
 */
export class Decisions {
  readonly #run: FidelityRun | null;
  readonly #key: Key;
  /** Running trials that the scheduler still wants to hear of. */
  readonly #followed = new Set<number>();
  /** Running or paused trials that it stopped on another's report. */
  readonly #condemned = new Set<number>();
  readonly #paused = new Set<number>();
  /** Whether a place was free and the scheduler had nothing to do, since which nothing was reported. */
  #isIdle = false;

  constructor(
    readonly deciders: Deciders,
    readonly ledger: Ledger,
  ) {
    const { seed, maxSteps } = ledger.settings;
    this.#key = foldIn(seedKey(seed), 'study');
    this.#run = deciders.scheduler?.begin({ key: foldIn(this.#key, 'schedule'), maxSteps: maxSteps! }) ?? null;
  }

  /** What the next trial would be: the first in the queue, or else the sampler's proposal. Changes nothing. */
  propose(): Required<Proposal> & { readonly by: 'sampler' | 'enqueued' } {
    const { ledger } = this;
    const { space, queue, settings, trials } = ledger;
    const key = foldIn(this.#key, 'propose', trials.length);
    const queued = queue[0];
    if (queued !== undefined) {
      return { hyperparameters: completePoint(space, queued, key), note: null, by: 'enqueued' };
    }
    const trial = ledger.samplerNumber(trials.length);
    const objectiveCount = settings.directions.length;
    const input = { space, key, studyKey: this.#key, trial, history: ledger.history(), objectiveCount };
    const { hyperparameters, note = null } = this.deciders.sampler.propose(input);
    return { hyperparameters, note, by: 'sampler' };
  }

  /** Whether the scheduler pauses trials, and may so resume one, or have a place wait, where a trial could start. */
  get pauses(): boolean {
    return this.deciders.scheduler?.pauses === true;
  }

  /** Whether a free place has nothing to do before something is reported. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** Paused trials that the scheduler has stopped meanwhile, rising. */
  get dropped(): number[] {
    return [...this.#paused].filter((trial) => this.#condemned.has(trial)).sort((a, b) => a - b);
  }

  /**
   * What a free place does: starts the trial, resumes another, or nothing (yet, or any more).
   *
   * @param trial number of the next one; `null`: none starts any more
   */
  next(trial: number | null): 'start' | 'idle' | { readonly resume: number } {
    const job: Job = this.#run === null ? { kind: 'start', toStep: 0, bracket: 0 } : this.#run.next(trial);
    switch (job.kind) {
      case 'start':
        this.#followed.add(trial!);
        return 'start';
      case 'resume':
        if (!this.pauses) throw this.#pausesStudy(`resumed trial ${job.trial}`);
        this.#paused.delete(job.trial);
        this.#followed.add(job.trial);
        return { resume: job.trial };
      case 'wait':
        if (!this.pauses) throw this.#pausesStudy('answered a new trial with "wait"');
        this.#isIdle = true;
        return 'idle';
      case 'done':
        this.#isIdle = true;
        return 'idle';
      default:
        return job satisfies never;
    }
  }

  /** The verdict on a report; `value` may be NaN. The scheduler sees every report, also between the steps that it asked for. */
  report(trial: number, step: number, value: number): Verdict {
    if (this.#condemned.has(trial)) return 'stop';
    return this.#feed(trial, step, value);
  }

  /**
   * Tells the scheduler how a trial ended that it did not end itself: the result counts as one at the full budget.
   *
   * @param value `null`: it failed
   */
  finish(trial: number, value: number | null): void {
    const { maxSteps } = this.ledger.settings;
    if (!this.#condemned.has(trial)) this.#feed(trial, maxSteps ?? 0, value ?? Number.NaN);
    this.#followed.delete(trial);
    this.#condemned.delete(trial);
    this.#paused.delete(trial);
  }

  #feed(trial: number, step: number, value: number): Verdict {
    if (this.#run === null || !this.#followed.has(trial)) return 'continue';
    const score = Number.isNaN(value) ? null : -this.ledger.loss(value, 0);
    this.#isIdle = false;
    let own: Verdict = 'continue';
    for (const verdict of this.#run.report({ trial, step, score })) {
      if (verdict.trial === trial) own = this.#takeOwn(verdict);
      else if (verdict.kind === 'stop') this.#condemned.add(verdict.trial);
    }
    return own;
  }

  #takeOwn({ kind, trial }: SchedulerVerdict): Verdict {
    switch (kind) {
      case 'continue':
        return 'continue';
      case 'stop':
        this.#followed.delete(trial);
        return 'stop';
      case 'complete':
        this.#followed.delete(trial);
        return 'continue';
      case 'pause':
        if (!this.pauses) throw this.#pausesStudy(`paused trial ${trial}`);
        this.#followed.delete(trial);
        this.#paused.add(trial);
        return 'pause';
      default:
        return kind satisfies never;
    }
  }

  #pausesStudy(did: string): Error {
    return errors.STUDY_SCHEDULER_PAUSES({ scheduler: this.deciders.scheduler!.name, did });
  }
}
