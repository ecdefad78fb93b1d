/** Trials of an earlier study, for a new one to learn from. */
import { dominates, type Observation } from '../samplers/index.js';
import { activeOnly, contains, firstBroken, type Hyperparameters, type Space } from '../space/index.js';
import { type Journal, readJournal } from './ask-tell/read-journal.js';
import {
  type AskTellSettings,
  fromJournal,
  type ImportedRecord,
  type JournalNumber,
  type ToldRecord,
  toJournal,
} from './ask-tell/records.js';
import { errors } from './errors.js';

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
function keepsConstraints(space: Space, values: Hyperparameters): boolean {
  return firstBroken(space, values) === undefined;
}

/** A trial of an earlier study as a journal has it: hyperparameters that mean something in the new space, numbers as JSON can hold them. */
export type ImportedTrial = Omit<ImportedRecord, 'kind'>;

type Wanted = Pick<AskTellSettings, 'directions' | 'outcomeConstraints'>;

/** What of earlier trials means something in a study. Errors: STUDY_OPTION_INVALID where one has not a value for each objective. */
export function importTrials(wanted: Wanted, space: Space, trials: readonly EarlierTrial[]): ImportedTrial[] {
  return trials.flatMap((trial) => importTrial(wanted, space, trial));
}

function importTrial({ directions, outcomeConstraints }: Wanted, space: Space, trial: EarlierTrial): ImportedTrial[] {
  const { status, values, constraints = {} } = trial;
  const objectiveCount = directions.length;
  if (status === 'complete' && values.length !== objectiveCount) {
    const must = `trials with ${objectiveCount} values each, in the study's directions`;
    throw errors.STUDY_OPTION_INVALID({ of: 'createStudy', name: 'earlier', must, given: trial });
  }
  const hyperparameters = mapToSpace(space, trial.hyperparameters);
  if (hyperparameters === null) return [];
  const hasNaN = values.some(Number.isNaN);
  const named = Object.entries(constraints).filter(([name]) => outcomeConstraints.includes(name));
  return [
    {
      hyperparameters,
      status: hasNaN ? 'failed' : status,
      values: hasNaN ? [] : values.map(toJournal),
      constraints: Object.fromEntries(named.map(([name, value]) => [name, toJournal(value)])),
    },
  ];
}

/**
 * The hyperparameters of the best complete earlier trials that break no constraint that is known: by value, or, of several objectives, those
 * that none dominates.
 */
export function bestPoints(
  { directions }: Wanted,
  space: Space,
  earlier: readonly ImportedTrial[],
  count: number,
): Hyperparameters[] {
  const complete = earlier
    .filter(({ status, constraints }) => {
      return status === 'complete' && Object.values(constraints).every((violation) => fromJournal(violation) <= 0);
    })
    .filter(({ hyperparameters }) => keepsConstraints(space, hyperparameters))
    .map((one) => ({ ...one, losses: lossesOfImported(directions, one) }));
  const isOnFront = ({ losses }: { losses: readonly number[] }) =>
    complete.every((other) => !dominates(other.losses, losses));
  const ranked =
    directions.length > 1 ? complete.filter(isOnFront) : complete.sort((a, b) => a.losses[0]! - b.losses[0]!);
  return ranked.slice(0, count).map(({ hyperparameters }) => hyperparameters);
}

function lossesOfImported(directions: Wanted['directions'], { values }: ImportedTrial): number[] {
  return values.map((value, at) => (directions[at] === 'maximize' ? 0 - fromJournal(value) : fromJournal(value)));
}

/** Earlier trials in the eyes of samplers: numbered from 0, before a study's own. */
export function importedObservations(
  { directions, outcomeConstraints }: Wanted,
  earlier: readonly ImportedTrial[],
): Observation[] {
  return earlier.map((one, trial) => ({
    trial,
    hyperparameters: one.hyperparameters,
    status: one.status,
    losses: lossesOfImported(directions, one),
    violations: outcomeConstraints.every((name) => Object.hasOwn(one.constraints, name))
      ? outcomeConstraints.map((name) => fromJournal(one.constraints[name]!))
      : [],
    reports: [],
    note: null,
  }));
}
