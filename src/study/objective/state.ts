/** A study of an objective function as a fold over its journal. */
import { createHash } from 'node:crypto';
import { parseSpace } from '../../space/index.js';
import { Ledger, type TrialEntry } from '../ask-tell/ledger.js';
import type { AskTellRecord } from '../ask-tell/records.js';
import { errors } from '../errors.js';
import type { StudySummary } from '../events.js';
import type { CheckpointRecord, ObjectiveRecord, ObjectiveStudyRecord } from './records.js';
import type { ObjectiveStudySettings } from './settings.js';

/** A study as it stands. Takes in one record after another; what it tells is cheap to ask for. */
export class ObjectiveState {
  readonly created: ObjectiveRecord;
  /** The ask-and-tell study's own journal; empty before its first record. */
  readonly journal: AskTellRecord[] = [];
  /** Each trial's last. */
  readonly checkpoints = new Map<number, CheckpointRecord>();
  /** Times that a process took it up. */
  runs = 0;
  #ledger: Ledger | undefined;

  constructor(created: ObjectiveRecord) {
    this.created = created;
  }

  /** Errors: STUDY_JOURNAL_INVALID. */
  apply(record: ObjectiveStudyRecord): void {
    switch (record.kind) {
      case 'objective':
        throw errors.STUDY_JOURNAL_INVALID({ why: 'it has a second beginning' });
      case 'started':
        this.runs++;
        return;
      case 'interrupted':
        return;
      case 'checkpoint':
        this.checkpoints.set(record.trial, record);
        return;
      case 'asktell':
        this.#applyAskTell(record.record);
        return;
      default:
        record satisfies never;
    }
  }

  get settings(): ObjectiveStudySettings {
    return this.created.settings;
  }

  get trials(): readonly TrialEntry[] {
    return this.#ledger?.trials ?? [];
  }

  /** Why it ended, or `null`; trials that ran at its end are told yet. */
  get ended(): string | null {
    return this.#ledger === undefined || this.#ledger.running.size > 0 ? null : this.#ledger.ended;
  }

  /** Steps reported by all trials together. */
  get steps(): number {
    return this.#ledger?.steps ?? 0;
  }

  /** The first of the best complete trials. */
  get best(): (TrialEntry & { readonly value: number }) | null {
    const sign = this.settings.objective.direction === 'maximize' ? -1 : 1;
    let best: (TrialEntry & { readonly value: number }) | null = null;
    for (const trial of this.trials) {
      const [value] = trial.values;
      if (trial.status !== 'complete' || value === undefined) continue;
      if (best === null || sign * value < sign * best.value) best = { ...trial, value };
    }
    return best;
  }

  #applyAskTell(record: AskTellRecord): void {
    this.journal.push(record);
    if (record.kind === 'created')
      this.#ledger = new Ledger(record.settings, parseSpace(this.settings.space, this.settings));
    else if (this.#ledger === undefined)
      throw errors.STUDY_JOURNAL_INVALID({ why: `it has "${record.kind}" before "created"` });
    else this.#ledger.apply(record);
  }
}

/** Whether a journal that begins like this is an objective function's. */
export function isObjectiveJournal(first: { readonly kind: string } | undefined): first is ObjectiveRecord {
  return first?.kind === 'objective';
}

/** Errors: STUDY_JOURNAL_INVALID. */
export function foldObjective(records: readonly ObjectiveStudyRecord[]): ObjectiveState {
  const [created, ...others] = records;
  if (!isObjectiveJournal(created))
    throw errors.STUDY_JOURNAL_INVALID({ why: 'it is not that of an objective function' });
  const state = new ObjectiveState(created);
  for (const record of others) state.apply(record);
  return state;
}

/** How it ended; without one complete trial it failed. */
export function objectiveStatus({ ended, best }: ObjectiveState): StudySummary['status'] | null {
  if (ended === null) return null;
  if (best === null) return 'failed';
  return ended === 'target' || ended === 'wall' ? ended : 'completed';
}

/**
 * SHA-256 (hex) over what was proposed, reported and told, trial by trial, without clocks, paths and messages: the same for any
 * number of workers and interruptions.
 */
export function objectiveDigest({ settings, trials }: ObjectiveState): string {
  const hash = createHash('sha256');
  const add = (...parts: unknown[]) => hash.update(`${JSON.stringify(parts)}\n`);
  const text = (value: number) => (Number.isFinite(value) ? value : String(value));
  add('seed', settings.seed);
  for (const { trial, hyperparameters, status, values, reports } of trials) {
    const named = Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
    const made = reports.map(({ step, value }) => [step, text(value)]);
    add('trial', trial, named, status, values.map(text), made);
  }
  return hash.digest('hex');
}
