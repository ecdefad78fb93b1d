/** What a trial is told with, as it is written, and as it is recorded. */
import { errors } from '../errors.js';
import type { TrialEntry } from './ledger.js';
import { type AskTellSettings, type ToldRecord, toJournal } from './records.js';

/** A result with its outcome constraints, each satisfied where it is at most 0. */
export interface Outcome {
  /** Of the one objective. */
  readonly value?: number;
  /** Of several objectives, instead of `value`. */
  readonly values?: readonly number[];
  /** One for each of the study's `outcomeConstraints`. */
  readonly constraints?: Readonly<Record<string, number>>;
}

/**
 * What a trial can be told with: the value of the objective, the values of several, either of them with constraints; `failed`
 * where there is no result (as where it is NaN); `pruned` where the caller stopped it, and its last report is its result. Of a trial
 * that a scheduler stopped, everything but `failed` means `pruned`, `undefined` included.
 */
export type Told = number | readonly number[] | Outcome | 'failed' | 'pruned' | undefined;

/** The record of a result. Errors: STUDY_RESULT_INVALID. */
export function toldRecord(settings: AskTellSettings, entry: TrialEntry, told: Told, message?: string): ToldRecord {
  const { trial, stopped } = entry;
  if (told === 'failed') return failed(trial, message);
  if (stopped || told === 'pruned') return pruned(settings, entry, told);
  const { value, values = value, constraints = {} } = isOutcome(told) ? told : ({ values: told } as Outcome);
  const list = typeof values === 'number' ? [values] : values;
  const objectiveCount = settings.directions.length;
  if (!isNumbers(list) || list.length !== objectiveCount) {
    const must = objectiveCount === 1 ? 'a number' : `a list of ${objectiveCount} numbers, one for each objective`;
    throw errors.STUDY_RESULT_INVALID({ trial, must, given: told });
  }
  checkConstraints(settings, trial, constraints);
  if ([...list, ...Object.values(constraints)].some(Number.isNaN)) return failed(trial, message ?? 'its result is NaN');
  const named = settings.outcomeConstraints.map((name) => [name, toJournal(constraints[name]!)]);
  const record = { kind: 'told', trial, status: 'complete' } as const;
  return { ...record, values: list.map(toJournal), constraints: Object.fromEntries(named) };
}

function failed(trial: number, message: string | undefined): ToldRecord {
  return { kind: 'told', trial, status: 'failed', ...(message === undefined ? {} : { message }) };
}

function pruned({ directions }: AskTellSettings, { trial, reports }: TrialEntry, told: Told): ToldRecord {
  if (directions.length > 1 || reports.length === 0) {
    const must =
      directions.length > 1
        ? 'a list of numbers, as trials of several objectives cannot be pruned'
        : 'a number, as it reported none yet';
    throw errors.STUDY_RESULT_INVALID({ trial, must, given: told });
  }
  if (reports.every(({ value }) => Number.isNaN(value))) return failed(trial, 'every report is NaN');
  return { kind: 'told', trial, status: 'pruned' };
}

function checkConstraints(settings: AskTellSettings, trial: number, given: unknown): void {
  const names = settings.outcomeConstraints;
  const known = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const fits =
    Object.keys(known).every((name) => names.includes(name)) && names.every((name) => typeof known[name] === 'number');
  if (fits) return;
  const must =
    names.length === 0 ? 'without constraints' : `with a number for each of the constraints ${names.join(', ')}`;
  throw errors.STUDY_RESULT_INVALID({ trial, must, given });
}

function isOutcome(told: unknown): told is Outcome {
  return typeof told === 'object' && told !== null && !Array.isArray(told);
}

function isNumbers(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((one) => typeof one === 'number');
}
