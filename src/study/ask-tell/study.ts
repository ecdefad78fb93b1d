import { randomBits } from '../../random/index.js';
import { completePoint, type Hyperparameters } from '../../space/index.js';
import { errors } from '../errors.js';
import { type Importance, type ImportanceOptions, importanceOf } from '../importance/importance.js';
import { bestObservations } from '../pareto.js';
import type { StudyCore } from './core.js';
import type { TrialEntry } from './ledger.js';
import { type Objective, type OptimizeOptions, optimize } from './optimize.js';
import { type Told, toldRecord } from './outcome.js';
import type { AskTellRecord, Verdict } from './records.js';
import type { Trial, TrialResult } from './trial.js';
import { VirtualClock } from './virtual-clock.js';

/** What arrived of a trial since it was handed out. */
interface Arrived {
  step: number;
  isTold: boolean;
  /** Whether the verdict on its last report is awaited. */
  isAwaited: boolean;
  isPaused: boolean;
}

function arrivedUpTo(step: number): Arrived {
  return { step, isTold: false, isAwaited: false, isPaused: false };
}

/**
 * A study that is asked for trials and told their results.
 *
 * @typeParam H the hyperparameters of its trials
 * @typeParam D whether it is deterministic
 */
export class Study<H = Hyperparameters, D extends boolean = false> {
  readonly #core: StudyCore;
  /** `null`: what arrives counts at once. */
  readonly #clock: VirtualClock | null;
  /** What arrived of a trial, which in a deterministic study may be ahead of what counts. */
  readonly #arrived = new Map<number, Arrived>();
  /** Number of trials beyond which `optimize` asks for none. */
  #limit = Number.POSITIVE_INFINITY;
  #onChange: () => void = () => {};

  /** Made by `createStudy` and `restoreStudy`. @internal */
  constructor(core: StudyCore) {
    this.#core = core;
    const { deterministic, parallel } = core.setup.settings;
    this.#clock = deterministic ? new VirtualClock(parallel, () => this.#mayAsk) : null;
    for (const record of core.records) this.#replay(record);
  }

  /** Why no trial is asked for any more: `trials`, `target`, `scheduler`, a rule's name; `null` while the study goes on. */
  get ended(): string | null {
    return this.#core.ledger.ended;
  }

  /** Whether `ask` gives a trial now. */
  get canAsk(): boolean {
    return this.#core.wantsMore && (this.#clock?.hasPlace ?? true);
  }

  /**
   * The next trial. It runs until it is told.
   *
   * Errors: STUDY_NO_MORE_TRIALS after the end; STUDY_ASK_TOO_EARLY in a deterministic study whose places are taken.
   */
  ask(): Trial<H, D> {
    if (!this.#core.wantsMore) throw this.#noMore(this.ended ?? 'trials');
    if (this.#clock?.hasPlace === false) throw errors.STUDY_ASK_TOO_EARLY({ running: this.#clock.places });
    const trial = this.#ask();
    if (trial === null) throw this.#noMore('scheduler');
    return trial;
  }

  /**
   * Tells how a trial ended. In a deterministic study it counts when its turn has come.
   *
   * Errors: STUDY_RESULT_INVALID, STUDY_TRIAL_NOT_RUNNING.
   */
  tell(trial: Trial<H, D> | number, told: Told): void {
    this.#tell(typeof trial === 'number' ? trial : trial.number, told);
  }

  /** Puts hyperparameters before all that the sampler proposes; what is left out has its default, or is drawn. Errors: SPACE_…. */
  enqueue(hyperparameters: Partial<H>): void {
    const { setup } = this.#core;
    // a point that cannot be completed is better refused now than when its turn comes
    completePoint(setup.space, hyperparameters, this.#core.trialKey(0));
    this.#core.enqueue(hyperparameters as Hyperparameters);
  }

  /**
   * Asks, runs and tells until the study ends, `trials` more were told, or the signal is given; trials that run then are finished. Trials
   * that a restored study left unfinished run first, from their start. An objective that throws ends it with its error,
   * once the trials that run are told, unless `onError` is `continue`; the trial is told `failed` either way.
   *
   * Errors: STUDY_UNBOUNDED, STUDY_OPTION_…, those of the objective.
   */
  async optimize(objective: Objective<H, D>, options: OptimizeOptions = {}): Promise<void> {
    const { settings } = this.#core.setup;
    const { ledger } = this.#core;
    await optimize<H, D>(objective, options, {
      places: this.#clock?.places ?? null,
      needsAllPlaces: settings.deterministic && settings.scheduler !== null,
      parallel: settings.parallel,
      isBounded: ledger.trialLimit !== Number.POSITIVE_INFINITY || settings.target !== null || settings.stop.length > 0,
      unfinished: () => this.running,
      canAsk: () => this.#mayAsk && this.canAsk,
      ask: () => this.#ask(),
      tell: (trial, told, message) => this.#tell(trial.number, told, message),
      limit: (trials) => {
        this.#limit = trials === null ? Number.POSITIVE_INFINITY : ledger.trials.length + trials;
        this.#pump();
      },
      onChange: (listener) => {
        this.#onChange = listener;
      },
    });
  }

  /** Trials that were asked for and not told; after a restore, to be run again. */
  get running(): Trial<H, D>[] {
    return [...this.#core.ledger.running]
      .filter((one) => !this.#arrived.get(one)!.isTold)
      .map((one) => this.#trial(one));
  }

  /** All trials, by number. */
  get trials(): TrialResult<H>[] {
    return this.#core.ledger.trials.map(resultOf<H>);
  }

  /**
   * The best complete trial whose constraints hold; the first of equal ones. `null`: there is none yet.
   *
   * Errors: STUDY_ONE_OBJECTIVE_ONLY.
   */
  get best(): (TrialResult<H> & { readonly value: number }) | null {
    const objectiveCount = this.#core.setup.settings.directions.length;
    if (objectiveCount > 1) throw errors.STUDY_ONE_OBJECTIVE_ONLY({ what: 'study.best', objectiveCount });
    return (this.paretoFront[0] as (TrialResult<H> & { value: number }) | undefined) ?? null;
  }

  /** The complete trials whose constraints hold and that no other is better than in all objectives, by number. */
  get paretoFront(): TrialResult<H>[] {
    const { trials } = this.#core.ledger;
    const observations = trials.map(({ trial }) => this.#core.ledger.observation(trial));
    return bestObservations(observations).map((index) => resultOf<H>(trials[index]!));
  }

  /**
   * How much each parameter mattered, by name, most important first; they sum to 1. See `ImportanceOptions` for the methods.
   *
   * Errors: STUDY_IMPORTANCE_NOTHING, STUDY_OPTION_….
   */
  importance(options: ImportanceOptions = {}): Importance {
    const { ledger, setup } = this.#core;
    return importanceOf(setup.space, ledger.finished, setup.settings.seed, options);
  }

  /** Everything that happened, in order: JSON from which `restoreStudy` makes the study again. */
  get journal(): readonly AskTellRecord[] {
    return this.#core.records.slice();
  }

  get #mayAsk(): boolean {
    return this.#core.wantsMore && this.#core.ledger.trials.length < this.#limit;
  }

  #replay(record: AskTellRecord): void {
    if (record.kind === 'asked') {
      this.#arrived.set(record.trial, arrivedUpTo(0));
      this.#clock?.start(record.trial);
    }
    if (record.kind === 'reported') {
      this.#arrived.get(record.trial)!.step = record.step;
      this.#clock?.replay(record.trial, record.step);
      if (record.verdict === 'pause') this.#clock?.pause(record.trial);
    }
    if (record.kind === 'resumed') {
      const { step } = this.#arrived.get(record.trial)!;
      this.#arrived.set(record.trial, arrivedUpTo(step));
      this.#clock?.resume(record.trial, step);
    }
    if (record.kind === 'told') {
      this.#arrived.get(record.trial)!.isTold = true;
      if (this.#clock?.isRunning(record.trial)) this.#clock.replay(record.trial, null);
    }
  }

  /** `null`: the scheduler has no trial for a place, for now or any more. */
  #ask(): Trial<H, D> | null {
    const number = this.#core.ask();
    if (number === null) {
      this.#pump();
      return null;
    }
    this.#take(number);
    this.#pump();
    return this.#trial(number);
  }

  /** A trial has a place: a new one, or one that goes on after its last report. */
  #take(number: number): void {
    const step = this.#core.ledger.trials[number]!.reports.at(-1)?.step ?? 0;
    this.#arrived.set(number, arrivedUpTo(step));
    if (step === 0) this.#clock?.start(number);
    else this.#clock?.resume(number, step);
  }

  #trial(number: number): Trial<H, D> {
    const entry = this.#core.ledger.trials[number]!;
    const known = entry.reports.length;
    const arrived = this.#arrived.get(number)!;
    return {
      number,
      hyperparameters: entry.hyperparameters as H,
      seed: randomBits(this.#core.trialKey(number), 1)[0]!,
      get pruned() {
        return entry.stopped;
      },
      get paused() {
        return arrived.isPaused;
      },
      report: (step, value) => this.#report(entry, known, step, value) as never,
    };
  }

  #tell(trial: number, told: Told, message?: string): void {
    const arrived = this.#runningOf(trial);
    const { setup, ledger } = this.#core;
    if (told !== 'failed') this.#checkAwaited(trial, arrived.isAwaited);
    // checked now: later there would be nobody to tell
    toldRecord(setup.settings, this.#asArrived(ledger.trials[trial]!, arrived.step), told, message);
    arrived.isTold = true;
    this.#count(trial, null, () => this.#core.tell(trial, told, message));
  }

  /** A trial as it will be when everything that arrived counts. */
  #asArrived(entry: TrialEntry, step: number): TrialEntry {
    if ((entry.reports.at(-1)?.step ?? 0) === step) return entry;
    return { ...entry, reports: [...entry.reports, { step, value: 0 }] };
  }

  #report(entry: TrialEntry, known: number, step: number, value: number): Verdict | Promise<Verdict> {
    const { trial } = entry;
    const repeated = entry.reports.findIndex((report, at) => at < known && report.step === step);
    const inTime = (verdict: Verdict) => (this.#clock === null ? verdict : Promise.resolve(verdict));
    if (repeated >= 0) return inTime(entry.stopped && repeated === entry.reports.length - 1 ? 'stop' : 'continue');
    const arrived = this.#runningOf(trial);
    this.#checkAwaited(trial, arrived.isAwaited);
    this.#checkReport(trial, arrived.step, step, value);
    if (entry.stopped) return inTime('stop');
    arrived.step = step;
    if (this.#clock === null) return this.#core.report(trial, step, value);
    if (this.#core.setup.deciders.scheduler === null) {
      this.#count(trial, step, () => this.#core.report(trial, step, value));
      return inTime('continue');
    }
    arrived.isAwaited = true;
    return new Promise((resolve) => {
      this.#count(trial, step, () => {
        arrived.isAwaited = false;
        const verdict = this.#core.report(trial, step, value);
        arrived.isPaused = verdict === 'pause';
        if (arrived.isPaused) this.#clock!.pause(trial);
        resolve(verdict);
      });
    });
  }

  /** Lets it happen at once, or when its turn has come. */
  #count(trial: number, step: number | null, happen: () => void): void {
    if (this.#clock === null) happen();
    else this.#clock.arrive(trial, { step, happen });
    this.#onChange();
  }

  #pump(): void {
    this.#clock?.pump();
    this.#onChange();
  }

  #runningOf(trial: number): Arrived {
    const arrived = this.#arrived.get(trial);
    const status = this.#core.ledger.trials[trial]?.status ?? 'none of the study';
    if (arrived?.isTold === false && status === 'running') return arrived;
    throw errors.STUDY_TRIAL_NOT_RUNNING({ trial, status: status === 'running' ? 'told already' : status });
  }

  #checkAwaited(trial: number, isAwaited: boolean): void {
    if (isAwaited) throw errors.STUDY_REPORT_NOT_AWAITED({ trial });
  }

  #checkReport(trial: number, last: number, step: number, value: number): void {
    const { maxSteps } = this.#core.setup.settings;
    const most = maxSteps ?? Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(step) || step <= last || step > most) {
      const must = `an integer above ${last}${maxSteps === null ? '' : ` and at most ${maxSteps}`} as step`;
      throw errors.STUDY_REPORT_INVALID({ trial, must, given: step });
    }
    if (typeof value !== 'number')
      throw errors.STUDY_REPORT_INVALID({ trial, must: 'a number as value', given: value });
  }

  #noMore(reason: string): Error {
    return errors.STUDY_NO_MORE_TRIALS({ why: reason === 'trials' ? 'all its trials' : `ended (${reason})` });
  }
}

function resultOf<H>({
  trial,
  hyperparameters,
  status,
  values,
  constraints,
  reports,
  message,
}: TrialEntry): TrialResult<H> {
  return {
    number: trial,
    hyperparameters: hyperparameters as H,
    status,
    value: values[0] ?? null,
    values,
    constraints,
    reports: [...reports],
    ...(message === undefined ? {} : { message }),
  };
}
