/**
 * A scheduler of the user's own, whose answers are checked before anybody acts on them: what they must be is what `FidelityRun` says and
 * the contract in `tfjs-tuner/testing` tries.
 */
import { describeThrown, TunerError } from '../errors/index.js';
import { errors } from './errors.js';
import type { FidelityReport, FidelityRun, FidelityScheduler, Job, Verdict } from './fidelity.js';

type Loose = Readonly<Record<string, unknown>>;

/**
 * The same scheduler; it throws as soon as it throws or answers what no study can do.
 *
 * @throws SCHEDULERS_OWN_FAILED, SCHEDULERS_OWN_INVALID; from `begin`, `next` and `report`
 */
export function checkedScheduler(own: FidelityScheduler): FidelityScheduler {
  const { name, pauses } = own;
  return {
    name,
    pauses,
    begin: (context) => {
      const run = called(name, 'begin', () => own.begin(context)) as Partial<FidelityRun> | null | undefined;
      if (typeof run?.next !== 'function' || typeof run.report !== 'function') {
        throw errors.SCHEDULERS_OWN_INVALID({
          name,
          call: 'begin',
          must: 'an object with next and report',
          given: run,
        });
      }
      return new CheckedRun(own, run as FidelityRun, context.maxSteps);
    },
  };
}

/** What it returns. Errors of ours that come through it, as from a scheduler that it wraps, say enough by themselves. */
function called(name: string, call: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof TunerError) throw error;
    throw errors.SCHEDULERS_OWN_FAILED({ name, call, problem: describeThrown(error) }, error);
  }
}

class CheckedRun implements FidelityRun {
  readonly #own: FidelityScheduler;
  readonly #run: FidelityRun;
  readonly #maxSteps: number;
  /** Steps behind each paused trial. */
  readonly #paused = new Map<number, number>();

  constructor(own: FidelityScheduler, run: FidelityRun, maxSteps: number) {
    this.#own = own;
    this.#run = run;
    this.#maxSteps = maxSteps;
  }

  next(newTrial: number | null): Job {
    const job = called(this.#own.name, 'next', () => this.#run.next(newTrial));
    const { kind, trial, toStep, bracket } = (job ?? {}) as Loose;
    switch (kind) {
      case 'wait':
      case 'done':
        return { kind };
      case 'start':
        if (newTrial === null) throw this.#invalid('next', 'no start, as the study starts no more trials', job);
        this.#checkBracket(bracket, job);
        return { kind, toStep: this.#stepAfter(0, toStep, 'next', job), bracket: bracket as number };
      case 'resume': {
        const step = this.#paused.get(trial as number);
        if (step === undefined) throw this.#invalid('next', 'the resume of a trial that is paused', job);
        const resumed = { kind, trial: trial as number, toStep: this.#stepAfter(step, toStep, 'next', job) } as const;
        this.#paused.delete(resumed.trial);
        return resumed;
      }
      default:
        throw this.#invalid('next', 'a job of the kind start, resume, wait or done', job);
    }
  }

  report(report: FidelityReport): readonly Verdict[] {
    const given = called(this.#own.name, 'report', () => this.#run.report(report));
    if (!Array.isArray(given)) throw this.#invalid('report', 'a list of verdicts', given);
    const verdicts = given.map((one) => this.#read(report, one)).sort((a, b) => a.trial - b.trial);
    const trials = new Set(verdicts.map(({ trial }) => trial));
    if (!trials.has(report.trial) || trials.size < verdicts.length) {
      throw this.#invalid('report', `one verdict for trial ${report.trial}, which reported, and none twice`, given);
    }
    for (const { kind, trial } of verdicts) {
      if (kind === 'pause') this.#paused.set(trial, report.step);
      else this.#paused.delete(trial);
    }
    return verdicts;
  }

  #read(report: FidelityReport, given: unknown): Verdict {
    const { kind, trial, toStep, reason } = (given ?? {}) as Loose;
    const isOwn = trial === report.trial;
    if (!isOwn && !(kind === 'stop' && this.#paused.has(trial as number))) {
      throw this.#invalid('report', `for trials other than ${report.trial} only stops of paused ones`, given);
    }
    const of = trial as number;
    const isLost = report.score === null || Number.isNaN(report.score);
    if (isLost && kind !== 'stop') throw this.#invalid('report', 'a stop of a trial that failed', given);
    switch (kind) {
      case 'continue':
        return { kind, trial: of, toStep: this.#stepAfter(report.step, toStep, 'report', given) };
      case 'pause':
        if (!this.#own.pauses)
          throw this.#invalid('report', 'no pause, as the scheduler says that it never pauses', given);
        return { kind, trial: of };
      case 'complete':
        if (report.step >= this.#maxSteps) return { kind, trial: of };
        throw this.#invalid('report', `complete only for a trial that has its ${this.#maxSteps} steps`, given);
      case 'stop':
        if (typeof reason === 'string' && reason.trim() !== '') return { kind, trial: of, reason };
        throw this.#invalid('report', 'a stop with a reason, which is a text', given);
      default:
        throw this.#invalid('report', 'verdicts of the kind continue, pause, stop or complete', given);
    }
  }

  #stepAfter(step: number, toStep: unknown, call: string, given: unknown): number {
    if (Number.isSafeInteger(toStep) && (toStep as number) > step && (toStep as number) <= this.#maxSteps) {
      return toStep as number;
    }
    throw this.#invalid(call, `a toStep that is an integer above ${step} and at most ${this.#maxSteps}`, given);
  }

  #checkBracket(bracket: unknown, job: unknown): void {
    if (Number.isSafeInteger(bracket) && (bracket as number) >= 0) return;
    throw this.#invalid('next', 'a bracket that is an integer of at least 0 (0 where there are none)', job);
  }

  #invalid(call: string, must: string, given: unknown): Error {
    return errors.SCHEDULERS_OWN_INVALID({ name: this.#own.name, call, must, given });
  }
}
