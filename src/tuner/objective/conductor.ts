/** The loop of an objective function's study: runs its trials in the pool, and keeps everything that happens in the store. */
import type { ObjectivePool } from '../../engine/index.js';
import { type Metrics, objectiveErrors } from '../../objective/index.js';
import type { Hyperparameters } from '../../space/index.js';
import type { StudyStore } from '../../store/index.js';
import {
  type AskTellRecord,
  boundNames,
  type CheckpointRecord,
  foldObjective,
  fromJournal,
  metricsOfGoals,
  type ObjectiveState,
  type ObjectiveStudyRecord,
  type Outcome,
  type OwnFunctions,
  objectivesOf,
  type Trial,
  type TunerEvent,
  toJournal,
  violationsOf,
} from '../../study/index.js';
import { newStudy, type ObjectiveStudy, restoredStudy } from './study.js';

export interface ObjectiveConductorOptions {
  readonly store: StudyStore;
  readonly pool: ObjectivePool;
  /** The journal so far: at least its first record. */
  readonly records: readonly ObjectiveStudyRecord[];
  readonly emit: (event: TunerEvent) => void;
  /** Functions of the user's own that the settings name. */
  readonly own: OwnFunctions;
}

type JournalMetrics = Exclude<CheckpointRecord['reports'][number]['metrics'], undefined>;
type Verdict = Awaited<ReturnType<Trial<Hyperparameters, true>['report']>>;

/** Conducts one study in this process. */
export class ObjectiveConductor {
  readonly #own: OwnFunctions;
  readonly #store: StudyStore;
  readonly #pool: ObjectivePool;
  readonly #emit: (event: TunerEvent) => void;
  readonly state: ObjectiveState;
  /** What was measured besides the metric, of reports and results that do not count yet. */
  readonly #metrics = new Map<string, JournalMetrics>();
  /** Reports that arrived, by trial; those that count are in the journal too. */
  readonly #reported = new Map<number, { readonly step: number; readonly metrics: JournalMetrics }[]>();
  readonly #counted = new Map<number, number>();
  /** The last run of each trial. */
  readonly #runs = new Map<number, Promise<unknown>>();
  readonly #started = performance.now();
  /** Checkpoints are written and swept one after another: a sweep would take one for stale that is not journaled yet. */
  #disk: Promise<void> = Promise.resolve();
  #saved = 0;
  #recordCount: number;
  #isLeft = false;
  #leave: (error?: unknown) => void = () => {};

  constructor({ store, pool, records, emit, own }: ObjectiveConductorOptions) {
    this.#own = own;
    this.#store = store;
    this.#pool = pool;
    this.#emit = emit;
    this.state = foldObjective(records);
    this.#recordCount = records.length;
    for (const { trial, reports } of this.state.trials) this.#counted.set(trial, reports.at(-1)?.step ?? 0);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  record(...records: ObjectiveStudyRecord[]): void {
    for (const { at, record } of this.#store.append(...records)) {
      this.state.apply(record);
      this.#recordCount++;
      this.#emit({ type: 'objective', at, replayed: false, record });
    }
  }

  /** Works until the study has ended (`true`) or is interrupted (`false`). Throws what kept it from being recorded. */
  async run(): Promise<boolean> {
    const left = new Promise<boolean>((resolve, reject) => {
      this.#leave = (error) => {
        this.#isLeft = true;
        if (error === undefined) resolve(false);
        else reject(error);
      };
    });
    const worked = this.#work().then(() => true);
    try {
      return await Promise.race([left, worked]);
    } finally {
      this.#isLeft = true;
      await this.#pool.interrupt();
      await this.#disk;
    }
  }

  /** Ends what runs, after it was asked to save what it has; `run` then returns. */
  async interrupt(): Promise<void> {
    if (this.#isLeft) return;
    await this.#pool.interrupt();
    this.#leave();
  }

  async #work(): Promise<void> {
    const { settings, journal } = this.state;
    const onRecord = (record: AskTellRecord) => this.#take(record);
    const study: ObjectiveStudy =
      journal.length === 0
        ? newStudy(settings, this.#own, onRecord)
        : restoredStudy(settings, this.#own, [...journal], onRecord);
    if (study.ended !== null && study.running.length === 0) return;
    await study.optimize((trial) => this.#runTrial(trial), { onError: 'continue' });
  }

  /** A record of the study, now that it counts. Once the study is left, what follows is done again at the next resume. */
  #take(record: AskTellRecord): void {
    if (this.#isLeft) return;
    const key =
      record.kind === 'reported' ? keyOf(record.trial, record.step) : record.kind === 'told' ? keyOf(record.trial) : '';
    const metrics = this.#metrics.get(key);
    this.#metrics.delete(key);
    if (record.kind === 'reported') this.#counted.set(record.trial, record.step);
    try {
      this.record({ kind: 'asktell', record, ...(metrics === undefined ? {} : { metrics }) });
      if (record.kind === 'told' && this.state.checkpoints.size > 0) void this.#queue(() => this.#sweep());
    } catch (error) {
      this.#leave(error);
    }
  }

  /** A trial that was paused may go on before its last run has unwound, which may save something yet. */
  async #runTrial(trial: Trial<Hyperparameters, true>): Promise<Outcome | undefined> {
    await this.#runs.get(trial.number);
    const run = this.#runOnce(trial);
    this.#runs.set(
      trial.number,
      run.catch(() => undefined),
    );
    return run;
  }

  async #runOnce(trial: Trial<Hyperparameters, true>): Promise<Outcome | undefined> {
    const checkpoint = this.state.checkpoints.get(trial.number);
    const known = this.state.trials[trial.number]!.reports;
    this.#reported.set(trial.number, []);
    for (const { step, metrics } of checkpoint?.reports ?? []) {
      if (step <= (known.at(-1)?.step ?? 0)) continue;
      await this.#report(trial, step, metrics);
    }
    if (trial.pruned || trial.paused) return undefined;
    const result = await this.#pool.run(
      {
        trial: trial.number,
        hyperparameters: trial.hyperparameters,
        seed: trial.seed,
        metrics: metricsOfGoals(this.state.settings),
        checkpoint:
          checkpoint === undefined ? null : new Uint8Array(await this.#store.readState(checkpoint.state)).slice(),
      },
      {
        report: (step, metrics) => this.#reportAnew(trial, step, journalMetrics(metrics)),
        checkpoint: (bytes) => this.#save(trial.number, bytes),
        output: (text) => this.#emit({ type: 'output', trial: trial.number, text }),
      },
    );
    // whoever waits for this trial is left as well
    if (this.#isLeft || result.outcome === 'interrupted') return new Promise(() => {});
    if (trial.pruned || trial.paused || result.outcome === 'pruned') return undefined;
    if (result.outcome === 'paused') throw new Error('it ended as a paused trial does, and was not paused');
    if (result.outcome === 'failed') throw new Error(result.message);
    return this.#resultOf(trial.number, result.metrics);
  }

  #resultOf(trial: number, metrics: Metrics | null): Outcome {
    const { settings } = this.state;
    const all = metrics === null ? this.#lastReport(trial) : journalMetrics(metrics);
    if (all === undefined) throw objectiveErrors.OBJECTIVE_NO_RESULT({ trial });
    const required = metricsOfGoals(settings);
    if (required.some((name) => all[name] === undefined)) {
      throw objectiveErrors.OBJECTIVE_BAD_METRICS({
        of: 'a last report that is the result',
        metrics: required,
        given: all,
      });
    }
    this.#metrics.set(keyOf(trial), all);
    const numbers = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, fromJournal(value)]));
    const values = objectivesOf(settings).map(({ metric }) => numbers[metric]!);
    const violations = violationsOf(settings, numbers);
    return { values, constraints: Object.fromEntries(boundNames(settings).map((name, at) => [name, violations[at]!])) };
  }

  #lastReport(trial: number): JournalMetrics | undefined {
    const last = this.#reported.get(trial)?.at(-1);
    if (last !== undefined) return last.metrics;
    // all of them were made before this process began
    return this.state.metrics.get(trial);
  }

  /** A report that may be one from before the trial was resumed: that one was answered. */
  async #reportAnew(trial: Trial<Hyperparameters, true>, step: number, metrics: JournalMetrics): Promise<Verdict> {
    if (this.#reported.get(trial.number)!.some((one) => one.step === step)) return trial.pruned ? 'stop' : 'continue';
    return this.#report(trial, step, metrics);
  }

  async #report(trial: Trial<Hyperparameters, true>, step: number, metrics: JournalMetrics): Promise<Verdict> {
    const { metric } = this.state.settings.objective;
    const value = Number(metrics[metric]);
    const isNew = step > (this.#counted.get(trial.number) ?? 0);
    if (isNew) this.#metrics.set(keyOf(trial.number, step), metrics);
    const verdict = trial.report(step, value);
    if (isNew) this.#reported.get(trial.number)!.push({ step, metrics });
    return verdict;
  }

  /** Journaled only when its bytes are on the disk: until then the one before is the trial's. */
  #save(trial: number, bytes: Uint8Array): Promise<void> {
    // taken now: those that come after it are made again by who goes on from it
    const reported = this.#reported.get(trial)!.slice();
    return this.#queue(async () => {
      const counted = this.#counted.get(trial) ?? 0;
      const reports = reported.filter(({ step }) => step > counted);
      // never the name of one that the journal knows, also where a process was killed before it journaled one
      const name = `trial-${trial}-${this.#recordCount}-${this.#saved++}.checkpoint`;
      const state = await this.#store.writeState(name, bytes);
      this.record({ kind: 'checkpoint', trial, state, reports });
      await this.#sweep();
    });
  }

  /** One after another. What cannot be kept ends the work, and is thrown by `run`. */
  #queue(act: () => Promise<void>): Promise<void> {
    const done = this.#disk.then(act);
    this.#disk = done.catch((error: unknown) => this.#leave(error));
    return done;
  }

  /** Keeps what running trials go on from, and what the best one and those on the front left. */
  async #sweep(): Promise<void> {
    const { trials, best, front, checkpoints } = this.state;
    const found = new Set([best, ...front].map((one) => one?.trial));
    const keep = [...checkpoints.values()].filter(({ trial }) => {
      const { status } = trials[trial]!;
      return found.has(trial) || status === 'running' || status === 'paused';
    });
    await this.#store.sweepStates(new Set(keep.map(({ state }) => state.file)));
  }
}

function keyOf(trial: number, step?: number): string {
  return step === undefined ? `${trial}` : `${trial}/${step}`;
}

function journalMetrics(metrics: Metrics): JournalMetrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, toJournal(value)]));
}
