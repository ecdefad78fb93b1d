/** An ask-and-tell study as a fold over its journal: `apply` takes in one record after another, one method a kind. */
import type { Note, Observation, Report } from '../../samplers/index.js';
import type { Hyperparameters, Space } from '../../space/index.js';
import { errors } from '../errors.js';
import {
  type AskedRecord,
  type AskTellRecord,
  type AskTellSettings,
  fromJournal,
  type ImportedRecord,
  type JournalNumber,
  type ReportedRecord,
  type ToldRecord,
} from './records.js';

export type TrialStatus = 'running' | 'paused' | 'complete' | 'pruned' | 'failed';

/** One trial of the study, as it stands. Values are in the study's own directions. */
export interface TrialEntry {
  readonly trial: number;
  readonly hyperparameters: Hyperparameters;
  readonly by: 'sampler' | 'enqueued';
  readonly note: Note;
  readonly status: TrialStatus;
  /** One for each objective of a complete trial, never NaN; of a pruned one its last report; empty otherwise. */
  readonly values: readonly number[];
  /** One for each outcome constraint, by name; empty unless complete. */
  readonly constraints: Readonly<Record<string, number>>;
  /** By rising step; a value may be NaN. */
  readonly reports: readonly { readonly step: number; readonly value: number }[];
  /** Whether a report was answered with `stop`. */
  readonly stopped: boolean;
  /** How often it was paused and resumed. */
  readonly resumedCount: number;
  /** Why it failed, where that is known. */
  readonly message?: string;
}

/** A trial while it is written to. */
type Entry = Omit<{ -readonly [N in keyof TrialEntry]: TrialEntry[N] }, 'reports'> & {
  readonly reports: { readonly step: number; readonly value: number }[];
};

/** The state of a study. Reads are cheap: an observation is made once for each change of its trial. */
export class Ledger {
  /** By number. */
  get trials(): readonly TrialEntry[] {
    return this.#trials;
  }
  /** In the order in which they were told. */
  readonly finished: Observation[] = [];
  /** Still to be tried, first in first out. */
  readonly queue: Hyperparameters[] = [];
  /** Trials that were asked for and not told. */
  readonly running = new Set<number>();
  /** Why no trial is asked for any more. */
  ended: string | null = null;
  /** Steps reported by all trials together: of each its last. */
  steps = 0;
  trialLimit: number;
  readonly #trials: Entry[] = [];
  readonly #observations: Observation[] = [];
  /** Trials whose observation is not up to date. */
  readonly #changed = new Set<number>();
  #imported = 0;

  constructor(
    readonly settings: AskTellSettings,
    readonly space: Space,
  ) {
    this.trialLimit = settings.trials ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Takes in one record after `created`. Errors: STUDY_JOURNAL_INVALID for one that cannot follow those before it, or is of a kind
   * that is not known.
   */
  apply(record: AskTellRecord): void {
    switch (record.kind) {
      case 'created':
        throw errors.STUDY_JOURNAL_INVALID({ why: 'it has a second "created"' });
      case 'imported':
        this.#applyImported(record);
        return;
      case 'enqueued':
        this.queue.push(record.hyperparameters);
        return;
      case 'asked':
        this.#applyAsked(record);
        return;
      case 'reported':
        this.#applyReported(record);
        return;
      case 'resumed':
        this.#applyResumed(record.trial);
        return;
      case 'idle':
        return;
      case 'told':
        this.#applyTold(record);
        return;
      case 'ended':
        this.ended = record.reason;
        return;
      case 'extended':
        this.ended = null;
        this.trialLimit = record.trials ?? Number.POSITIVE_INFINITY;
        return;
      default:
        throw errors.STUDY_JOURNAL_INVALID({ why: `it has a record of unknown kind ${JSON.stringify(record)}` });
    }
  }

  /**
   * All that samplers see: trials of earlier studies first, then this study's. An own trial's number is counted on from the
   * imported ones, so that numbers and positions agree. The array is the caller's.
   */
  history(): Observation[] {
    for (const trial of this.#changed) this.#observations[this.samplerNumber(trial)] = this.observation(trial);
    this.#changed.clear();
    return this.#observations.slice();
  }

  /** The number by which samplers know a trial. */
  samplerNumber(trial: number): number {
    return this.#imported + trial;
  }

  /**
   * A trial in the eyes of samplers and stopping rules: its results as losses. One that was paused counts as pruned with its last report, also
   * when it goes on, as in sweeps of models.
   */
  observation(trial: number): Observation {
    const entry = this.trials[trial]!;
    const { hyperparameters, status, constraints, reports, note, resumedCount } = entry;
    const last = lastValue(entry);
    const wasPaused = (status === 'paused' || (status === 'running' && resumedCount > 0)) && last.length > 0;
    return {
      trial: this.samplerNumber(trial),
      hyperparameters,
      status: wasPaused ? 'pruned' : status === 'paused' ? 'running' : status,
      losses: this.#losses(wasPaused ? last : entry.values),
      violations: this.#violations(constraints),
      reports: reports.flatMap(({ step, value }): Report[] => {
        return Number.isNaN(value) ? [] : [{ step, loss: this.loss(value, 0) }];
      }),
      note,
    };
  }

  /** A value of an objective as a loss: negated where it is maximised. */
  loss(value: number, objective: number): number {
    return this.settings.directions[objective] === 'maximize' ? -value : value;
  }

  #losses(values: readonly number[]): readonly number[] {
    return values.map((value, objective) => this.loss(value, objective));
  }

  #violations(constraints: Readonly<Record<string, number>>): readonly number[] {
    const names = this.settings.outcomeConstraints;
    return names.every((name) => Object.hasOwn(constraints, name)) ? names.map((name) => constraints[name]!) : [];
  }

  #applyImported({ hyperparameters, status, values, constraints }: ImportedRecord): void {
    if (this.trials.length > 0)
      throw errors.STUDY_JOURNAL_INVALID({ why: 'a trial is imported after one was asked for' });
    this.#observations.push({
      trial: this.#imported++,
      hyperparameters,
      status,
      losses: this.#losses(values.map(fromJournal)),
      violations: this.#violations(mapNumbers(constraints)),
      reports: [],
      note: null,
    });
  }

  #applyAsked({ trial, hyperparameters, by, note }: AskedRecord): void {
    if (trial !== this.trials.length) {
      throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${trial} is asked for after ${this.trials.length} trials` });
    }
    if (by === 'enqueued') this.queue.shift();
    const common = { values: [], constraints: {}, reports: [], stopped: false, resumedCount: 0 };
    this.#trials.push({ trial, hyperparameters, by, note, status: 'running', ...common });
    this.running.add(trial);
    this.#changed.add(trial);
  }

  #applyReported({ trial, step, value, verdict }: ReportedRecord): void {
    const entry = this.#runningEntry(trial, 'reported');
    const last = entry.reports.at(-1)?.step ?? 0;
    if (!(step > last))
      throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${trial} reports step ${step} after ${last}` });
    this.steps += step - last;
    entry.reports.push({ step, value: fromJournal(value) });
    if (verdict === 'stop') entry.stopped = true;
    if (verdict === 'pause') {
      entry.status = 'paused';
      this.running.delete(trial);
    }
    this.#changed.add(trial);
  }

  #applyResumed(trial: number): void {
    const entry = this.#trials[trial];
    if (entry?.status !== 'paused') {
      throw errors.STUDY_JOURNAL_INVALID({
        why: `trial ${trial} is resumed, but ${entry?.status ?? 'was never asked for'}`,
      });
    }
    entry.status = 'running';
    entry.resumedCount++;
    this.running.add(trial);
    this.#changed.add(trial);
  }

  #applyTold(record: ToldRecord): void {
    const { trial, status } = record;
    const isPaused = this.#trials[trial]?.status === 'paused';
    const entry = isPaused ? this.#trials[trial]! : this.#runningEntry(trial, 'told');
    entry.status = status;
    if (record.status === 'complete') {
      entry.values = record.values.map(fromJournal);
      entry.constraints = mapNumbers(record.constraints);
    }
    if (record.status === 'pruned') entry.values = lastValue(entry);
    if (record.status === 'failed' && record.message !== undefined) entry.message = record.message;
    this.running.delete(trial);
    this.#changed.add(trial);
    this.finished.push(this.observation(trial));
  }

  #runningEntry(trial: number, kind: string): Entry {
    const entry = this.#trials[trial];
    if (entry?.status === 'running') return entry;
    throw errors.STUDY_JOURNAL_INVALID({
      why: `trial ${trial} is ${kind}, but ${entry?.status ?? 'was never asked for'}`,
    });
  }
}

/** The last report that is a number. */
function lastValue({ reports }: TrialEntry): number[] {
  const last = reports.findLast(({ value }) => !Number.isNaN(value));
  return last === undefined ? [] : [last.value];
}

function mapNumbers(numbers: Readonly<Record<string, JournalNumber>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, fromJournal(value)]));
}
