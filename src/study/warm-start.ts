/** Trials of an earlier study, for a new one to learn from. */
import { activeOnly, contains, firstBroken, type Hyperparameters, type Space } from '../space/index.js';
import { type Journal, readJournal } from './ask-tell/read-journal.js';
import { fromJournal, type JournalNumber, type ToldRecord } from './ask-tell/records.js';

/** A trial that another study told. */
export interface EarlierTrial {
  readonly hyperparameters: Hyperparameters;
  readonly status: 'complete' | 'pruned' | 'failed';
  /** One for each objective of a complete trial, in its own direction; of a pruned one its last report; empty for a failed one. */
  readonly values: readonly number[];
  /** By name. Default: none. */
  readonly constraints?: Readonly<Record<string, number>>;
}

/**
 * The trials of an earlier study that were told, in their order, from its journal: `createStudy({ …, earlier: earlierTrials(journal) })`.
 * Its own earlier trials are not among them.
 *
 * Errors: STUDY_JOURNAL_INVALID.
 */
export function earlierTrials(journal: Journal): EarlierTrial[] {
  const asked = new Map<number, Hyperparameters>();
  const reports = new Map<number, JournalNumber>();
  const trials: EarlierTrial[] = [];
  for (const record of readJournal(journal)) {
    if (record.kind === 'asked') asked.set(record.trial, record.hyperparameters);
    if (record.kind === 'reported' && record.value !== 'NaN') reports.set(record.trial, record.value);
    const hyperparameters = record.kind === 'told' ? asked.get(record.trial) : undefined;
    if (record.kind === 'told' && hyperparameters !== undefined) {
      trials.push({ hyperparameters, ...resultOf(record, reports.get(record.trial)) });
    }
  }
  return trials;
}

function resultOf(record: ToldRecord, lastReport: JournalNumber | undefined): Omit<EarlierTrial, 'hyperparameters'> {
  switch (record.status) {
    case 'complete': {
      const constraints = Object.entries(record.constraints).map(([name, value]) => [name, fromJournal(value)]);
      const values = record.values.map(fromJournal);
      return { status: 'complete', values, constraints: Object.fromEntries(constraints) };
    }
    case 'pruned':
      return { status: 'pruned', values: lastReport === undefined ? [] : [fromJournal(lastReport)] };
    case 'failed':
      return { status: 'failed', values: [] };
    default:
      return record satisfies never;
  }
}

/**
 * What of an earlier trial's hyperparameters means something in `space`: values of parameters that the space has not, that it does not
 * allow (out of range, off the grid, not among the items), or that are not active with the others are dropped, not bent
 * into range. `null`: nothing is left.
 */
export function mapToSpace(space: Space, hyperparameters: Hyperparameters): Hyperparameters | null {
  const allowed = space.parameters.flatMap((parameter) => {
    const { name } = parameter;
    const isThere = Object.hasOwn(hyperparameters, name) && contains(parameter, hyperparameters[name]);
    return isThere ? [[name, hyperparameters[name]!] as const] : [];
  });
  const mapped = activeOnly(space, Object.fromEntries(allowed));
  return Object.keys(mapped).length === 0 ? null : mapped;
}

/** Whether all of the space's constraints hold for `values`, as far as they are given. */
export function keepsConstraints(space: Space, values: Hyperparameters): boolean {
  return firstBroken(space, values) === undefined;
}
