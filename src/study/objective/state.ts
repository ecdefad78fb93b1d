/** A study of an objective function as a fold over its journal. */
import { createHash } from 'node:crypto';
import { parseSpace } from '../../space/index.js';
import { Ledger, type TrialEntry } from '../ask-tell/ledger.js';
import type { AskTellRecord } from '../ask-tell/records.js';
import { errors } from '../errors.js';
import type { FrontPoint, StudySummary } from '../events.js';
import { hasSeveralObjectives, objectivesOf } from '../goals.js';
import { bestObservations } from '../pareto.js';
import type { AskTellEntry, CheckpointRecord, ObjectiveRecord, ObjectiveStudyRecord } from './records.js';
import type { ObjectiveStudySettings } from './settings.js';

/** A study as it stands. Takes in one record after another; what it tells is cheap to ask for. */
export class ObjectiveState {
  readonly created: ObjectiveRecord;
  /** The ask-and-tell study's own journal; empty before its first record. */
  readonly journal: AskTellRecord[] = [];
  /** Each trial's last. */
  readonly checkpoints = new Map<number, CheckpointRecord>();
  /** By trial: all that was measured with its last report or result that counts. */
  readonly metrics = new Map<number, NonNullable<AskTellEntry['metrics']>>();
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
        this.#applyAskTell(record);
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

  /**
   * The first of the best complete trials whose outcomes keep within bounds; of several objectives, by the first one, on the front. Where a
   * scheduler gave no trial its full budget, as PASHA may, the best by its last report of those paused ones that came farthest.
   */
  get best(): (TrialEntry & { readonly value: number }) | null {
    const sign = this.settings.objective.direction === 'maximize' ? -1 : 1;
    let best: (TrialEntry & { readonly value: number }) | null = null;
    const candidates = hasSeveralObjectives(this.settings)
      ? this.front.map(({ trial }) => this.trials[trial]!)
      : this.trials;
    for (const trial of candidates) {
      const [value] = trial.values;
      if (trial.status !== 'complete' || value === undefined || !isFeasibleEntry(trial)) continue;
      if (best === null || sign * value < sign * best.value) best = { ...trial, value };
    }
    return best ?? this.#bestPaused(sign);
  }

  #bestPaused(sign: number): (TrialEntry & { readonly value: number }) | null {
    if (this.settings.outcomes !== undefined || this.trials.some(({ status }) => status === 'complete')) return null;
    const paused = this.trials.flatMap((trial) => {
      const last = trial.reports.findLast(({ value }) => !Number.isNaN(value));
      return trial.status === 'paused' && last !== undefined ? [{ ...trial, ...last }] : [];
    });
    const [best] = paused.sort((a, b) => b.step - a.step || sign * (a.value - b.value) || a.trial - b.trial);
    if (best === undefined) return null;
    const { step: _, ...trial } = best;
    return trial;
  }

  /** With several objectives: the complete trials within bounds that no other dominates, by number. Empty with one. */
  get front(): readonly FrontPoint[] {
    const ledger = this.#ledger;
    if (ledger === undefined || !hasSeveralObjectives(this.settings)) return [];
    const objectives = objectivesOf(this.settings);
    return bestObservations(ledger.trials.map(({ trial }) => ledger.observation(trial))).map((index) => {
      const { trial, hyperparameters, values } = ledger.trials[index]!;
      return {
        trial,
        values: Object.fromEntries(objectives.map(({ metric }, at) => [metric, values[at]!])),
        hyperparameters,
      };
    });
  }

  #applyAskTell({ record, metrics }: AskTellEntry): void {
    this.journal.push(record);
    if (metrics !== undefined && 'trial' in record) this.metrics.set(record.trial, metrics);
    if (record.kind === 'created')
      this.#ledger = new Ledger(record.settings, parseSpace(this.settings.space, this.settings));
    else if (this.#ledger === undefined)
      throw errors.STUDY_JOURNAL_INVALID({ why: `it has "${record.kind}" before "created"` });
    else this.#ledger.apply(record);
  }
}

/** Whether all of a complete trial's constraints hold. */
export function isFeasibleEntry({ constraints }: TrialEntry): boolean {
  return Object.values(constraints).every((violation) => violation <= 0);
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

/** How it ended; without one trial that is complete, or could go on, it failed. */
export function objectiveStatus({ ended, trials }: ObjectiveState): StudySummary['status'] | null {
  if (ended === null) return null;
  if (trials.every(({ status }) => status !== 'complete' && status !== 'paused')) return 'failed';
  return ended === 'target' || ended === 'wall' || ended === 'plateau' || ended === 'regret' ? ended : 'completed';
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
  for (const { trial, hyperparameters, status, values, constraints, reports } of trials) {
    const named = Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
    const made = reports.map(({ step, value }) => [step, text(value)]);
    const bounds = Object.values(constraints).map(text);
    add('trial', trial, named, status, values.map(text), made, ...(bounds.length === 0 ? [] : [bounds]));
  }
  return hash.digest('hex');
}
