/** A study in small, that a multi-fidelity scheduler is checked in: virtual workers train trials and report, in virtual time. */
import { seedKey } from '../random/index.js';
import type { FidelityReport, FidelityRun, FidelityScheduler, Job, Verdict } from '../schedulers/index.js';
import { check } from './contract.js';

export interface FidelityStudy {
  readonly maxSteps: number;
  /** Trials that the study starts at most. */
  readonly trialCount: number;
  readonly workerCount: number;
  /** What a trial reports at a step: higher is better; `null` if it failed. */
  readonly scoreOf: (trial: number, step: number) => number | null;
  /** Virtual time of training a trial from one step to another, above 0. Default: the number of steps. */
  readonly costOf?: (trial: number, fromStep: number, toStep: number) => number;
  /** The step that a trial reports next, when it was asked to train until `toStep`; above `fromStep`. Default: `toStep`. */
  readonly reportAt?: (trial: number, fromStep: number, toStep: number) => number;
  /** Default: 7. */
  readonly seed?: number;
}

/** A trial, as the scheduler left it. */
export interface SimulatedTrial {
  readonly trial: number;
  readonly bracket: number;
  status: 'running' | 'paused' | 'stopped' | 'complete';
  /** Steps behind its last report; 0 before the first. */
  step: number;
  readonly reports: { readonly step: number; readonly score: number | null; readonly time: number }[];
}

/** Something that happened, in order: enough to replay the study. */
export type FidelityEvent =
  | { readonly kind: 'next'; readonly newTrial: number | null; readonly job: Job }
  | { readonly kind: 'report'; readonly report: FidelityReport; readonly verdicts: readonly Verdict[] };

export interface FidelityResult {
  readonly trials: readonly SimulatedTrial[];
  readonly events: readonly FidelityEvent[];
  /** Steps trained, over all trials. */
  readonly totalSteps: number;
  /** Virtual time at which the last worker was through. */
  readonly time: number;
}

/**
 * Runs a whole study. Deterministic: of results that come at the same time, that of the lower worker is first.
 *
 * Errors: ContractBroken when the scheduler decides what it must not; see `FidelityScheduler`.
 */
export function simulateFidelity(scheduler: FidelityScheduler, study: FidelityStudy): FidelityResult {
  return new Simulation(scheduler, study).run();
}

/** What a worker trains. */
interface Task {
  readonly trial: SimulatedTrial;
  /** The step at which it reports. */
  readonly step: number;
  readonly endTime: number;
}

class Simulation {
  readonly #run: FidelityRun;
  readonly #trials: SimulatedTrial[] = [];
  readonly #events: FidelityEvent[] = [];
  readonly #tasks: (Task | undefined)[];
  #time = 0;
  #totalSteps = 0;
  /** Whether a worker was told that there is nothing any more. */
  #isDone = false;

  constructor(
    readonly scheduler: FidelityScheduler,
    readonly study: FidelityStudy,
  ) {
    this.#run = scheduler.begin({ key: seedKey(study.seed ?? 7), maxSteps: study.maxSteps });
    this.#tasks = new Array<undefined>(study.workerCount).fill(undefined);
  }

  run(): FidelityResult {
    for (;;) {
      for (const [worker, task] of this.#tasks.entries()) if (task === undefined) this.#ask(worker);
      const worker = this.#earliest();
      if (worker === undefined) break;
      this.#finish(worker);
    }
    check(this.#isDone, () => 'a scheduler must say "done" once nothing runs and no trial starts any more, not "wait"');
    const running = this.#trials.find(({ status }) => status === 'running');
    check(running === undefined, () => `every trial must come to an end, and trial ${running?.trial} did not`);
    return { trials: this.#trials, events: this.#events, totalSteps: this.#totalSteps, time: this.#time };
  }

  #ask(worker: number): void {
    const newTrial = this.#trials.length < this.study.trialCount ? this.#trials.length : null;
    const job = this.#run.next(newTrial);
    this.#events.push({ kind: 'next', newTrial, job });
    const done = job.kind === 'done';
    check(done || !this.#isDone, () => `after "done" there must be nothing any more, not ${JSON.stringify(job)}`);
    if (done) this.#isDone = true;
    else if (job.kind === 'wait') this.#checkWait();
    else this.#train(worker, job.kind === 'start' ? this.#start(job, newTrial) : this.#resume(job), job.toStep);
  }

  #checkWait(): void {
    const runs = this.#tasks.some((task) => task !== undefined);
    check(runs, () => 'a worker must wait only while a trial runs, and none does: nothing would ever happen');
    check(this.scheduler.pauses, () => 'a scheduler that never pauses trials must have no reason to wait');
  }

  #start({ bracket }: Job & { kind: 'start' }, newTrial: number | null): SimulatedTrial {
    check(newTrial !== null, () => 'no trial must start when the study starts none any more');
    check(Number.isSafeInteger(bracket) && bracket >= 0, () => `a bracket must be 0, 1, 2, …, not ${bracket}`);
    const trial: SimulatedTrial = { trial: newTrial, bracket, status: 'running', step: 0, reports: [] };
    this.#trials.push(trial);
    return trial;
  }

  #resume({ trial: number }: Job & { kind: 'resume' }): SimulatedTrial {
    const trial = this.#trials[number];
    check(
      trial?.status === 'paused',
      () => `only a paused trial must be resumed, and trial ${number} is ${trial?.status}`,
    );
    trial.status = 'running';
    return trial;
  }

  #train(worker: number, trial: SimulatedTrial, toStep: number): void {
    const { step: from } = trial;
    const { maxSteps, costOf, reportAt } = this.study;
    check(
      Number.isSafeInteger(toStep) && toStep > from && toStep <= maxSteps,
      () => `trial ${trial.trial} must train until a whole step above ${from} and at most ${maxSteps}, not ${toStep}`,
    );
    const step = reportAt?.(trial.trial, from, toStep) ?? toStep;
    const cost = costOf?.(trial.trial, from, step) ?? step - from;
    this.#totalSteps += step - from;
    this.#tasks[worker] = { trial, step, endTime: this.#time + cost };
  }

  #earliest(): number | undefined {
    let earliest: number | undefined;
    for (const [worker, task] of this.#tasks.entries()) {
      const first = earliest === undefined ? Number.POSITIVE_INFINITY : this.#tasks[earliest]!.endTime;
      if (task !== undefined && task.endTime < first) earliest = worker;
    }
    return earliest;
  }

  #finish(worker: number): void {
    const { trial, step, endTime } = this.#tasks[worker]!;
    this.#tasks[worker] = undefined;
    this.#time = endTime;
    const score = this.study.scoreOf(trial.trial, step);
    trial.step = step;
    trial.reports.push({ step, score, time: endTime });
    const report = { trial: trial.trial, step, score };
    const verdicts = this.#run.report(report);
    this.#events.push({ kind: 'report', report, verdicts });
    this.#checkOrder(trial.trial, verdicts);
    for (const verdict of verdicts) {
      if (verdict.trial === trial.trial) this.#follow(worker, trial, verdict, score);
      else this.#followOther(verdict);
    }
  }

  #checkOrder(trial: number, verdicts: readonly Verdict[]): void {
    const trials = verdicts.map((verdict) => verdict.trial);
    check(trials.includes(trial), () => `a report of trial ${trial} must be answered by a verdict for it`);
    check(
      trials.every((one, at) => at === 0 || one > trials[at - 1]!),
      () => `verdicts must be one for each trial, by trial number, not for ${trials}`,
    );
  }

  /** The verdict for the trial that reported. */
  #follow(worker: number, trial: SimulatedTrial, verdict: Verdict, score: number | null): void {
    const { maxSteps } = this.study;
    const failed = score === null || Number.isNaN(score);
    const whose = `trial ${trial.trial}, which reported ${score} at step ${trial.step} of ${maxSteps},`;
    check(!failed || verdict.kind === 'stop', () => `${whose} must be stopped, not ${verdict.kind}`);
    switch (verdict.kind) {
      case 'continue':
        this.#train(worker, trial, verdict.toStep);
        return;
      case 'pause':
        check(this.scheduler.pauses, () => `${whose} must not be paused: the scheduler says that it never pauses`);
        trial.status = 'paused';
        return;
      case 'stop':
        check(verdict.reason.trim() !== '', () => `${whose} must be stopped with a reason`);
        trial.status = 'stopped';
        return;
      case 'complete':
        check(trial.step >= maxSteps, () => `${whose} must not be complete before its full budget`);
        trial.status = 'complete';
        return;
      default:
        verdict satisfies never;
    }
  }

  #followOther(verdict: Verdict): void {
    const trial = this.#trials[verdict.trial];
    check(
      trial?.status === 'paused' && verdict.kind === 'stop',
      () =>
        `of other trials, only paused ones must be stopped: trial ${verdict.trial} is ${trial?.status}, and gets "${verdict.kind}"`,
    );
    trial.status = 'stopped';
  }
}

/** Asks a new run of the scheduler the same again. Returns what it answers, one for each event. */
export function replayFidelity(
  scheduler: FidelityScheduler,
  { maxSteps, seed = 7 }: Pick<FidelityStudy, 'maxSteps' | 'seed'>,
  events: readonly FidelityEvent[],
): (Job | readonly Verdict[])[] {
  const run = scheduler.begin({ key: seedKey(seed), maxSteps });
  return events.map((event) => (event.kind === 'next' ? run.next(event.newTrial) : run.report(event.report)));
}
