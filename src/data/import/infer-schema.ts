import { errors } from '../errors.js';
import type { RawColumn, RawTable } from '../raw-table.js';
import { type EncodedTarget, encodeTarget, type Task } from '../target.js';
import { type ColumnKind, guessKind, type KindGuess } from './column-kind.js';
import { type ColumnProfile, profileOf } from './column-profile.js';
import { countDuplicateRows, duplicateColumns } from './duplicates.js';
import { type Predictiveness, predictivenessFor } from './leak.js';
import type { ColumnSchema, ImportSchema, ImportWarning } from './schema.js';

export interface InferOptions {
  readonly target: string;
  /** By default told from the target's values. */
  readonly task?: Task;
  /** Columns that stay features although they look like identifiers or prose. */
  readonly keep?: readonly string[];
}

/** From what a column alone predicts on, it is suspected of knowing the target. */
const leakFrom = 0.98;

/** Categories from which a column is hard to encode. */
const hugeFrom = 64;

/** Categories that are listed of each column. */
const listedCategories = 10;

/**
 * What the columns of a table are, which of them are features, and what is suspicious. Pure.
 *
 * @throws DATA_COLUMN_UNKNOWN for a target or a column to keep that is not there, and the errors of targets.
 */
export function inferSchema(table: RawTable, options: InferOptions): ImportSchema {
  const { columns, rowCount } = table;
  const names = columns.map(({ name }) => name);
  const at = names.indexOf(options.target);
  if (at === -1) throw errors.DATA_COLUMN_UNKNOWN({ role: 'target', column: options.target, columns: names });
  for (const column of options.keep ?? []) {
    if (!names.includes(column)) throw errors.DATA_COLUMN_UNKNOWN({ role: 'column to keep', column, columns: names });
  }
  const target = encodeTarget(columns[at]!, options.task);
  // the target first: what says the same as it is told of the other column
  const same = duplicateColumns([columns[at]!, ...columns.filter((_, i) => i !== at)]);
  const predictiveness = predictivenessFor(target);
  const described = columns.map((column) => {
    return describe(column, rowCount, { target, options, sameAs: same.get(column.name), predictiveness });
  });
  const duplicateRows = countDuplicateRows(table);
  return {
    rowCount,
    target: options.target,
    task: target.kind === 'class' ? 'classification' : 'regression',
    columns: described.map(({ schema }) => schema),
    classes: classesOf(target),
    duplicateRows,
    warnings: [
      ...tableWarnings(target, rowCount, duplicateRows, options),
      ...described.flatMap(({ warnings }) => warnings),
    ],
  };
}

function classesOf(target: EncodedTarget): ImportSchema['classes'] {
  if (target.kind !== 'class') return [];
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const code of target.codes) counts[code]!++;
  return target.classes.map((name, code) => ({ name, count: counts[code]! }));
}

function tableWarnings(
  target: EncodedTarget,
  rowCount: number,
  duplicateRows: number,
  options: InferOptions,
): ImportWarning[] {
  const warnings: ImportWarning[] = [];
  const dropped = rowCount - target.rows.length;
  if (dropped > 0) {
    const text = `is missing in ${dropped} of ${rowCount} rows, which are left out of training`;
    warnings.push({ code: 'target-missing', column: options.target, text });
  }
  const counts = classesOf(target).map(({ count }) => count);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (counts.length > 0 && most >= 20 * fewest) {
    const text = `has a class of ${most} rows and one of ${fewest}: accuracy says little of the small one`;
    warnings.push({ code: 'imbalanced', column: options.target, text });
  }
  if (duplicateRows > 0) {
    const text = `${duplicateRows} of ${rowCount} rows repeat an earlier one; where one is in training and the other in validation, results look too good`;
    warnings.push({ code: 'duplicate-rows', text });
  }
  return warnings;
}

interface Described {
  readonly schema: ColumnSchema;
  readonly warnings: readonly ImportWarning[];
}

/** What a column is described by, beside its cells. */
interface Surroundings {
  readonly target: EncodedTarget;
  readonly options: InferOptions;
  /** The column that says the same, if there is one. */
  readonly sameAs: string | undefined;
  readonly predictiveness: (column: RawColumn) => Predictiveness;
}

function describe(column: RawColumn, rowCount: number, around: Surroundings): Described {
  const { target, options } = around;
  const profile = profileOf(column);
  const isTarget = column.name === options.target;
  const guess = guessKind(column, profile, rowCount);
  const kind = isTarget ? targetKind(guess.kind, target) : guess.kind;
  const isKept = options.keep?.includes(column.name) === true;
  const isLeftOut = !isTarget && !isKept && (kind === 'id' || kind === 'text');
  const schema: ColumnSchema = {
    name: column.name,
    kind: isKept && (kind === 'id' || kind === 'text') ? keptKind(column) : kind,
    role: isTarget ? 'target' : isLeftOut ? 'left out' : 'feature',
    missing: profile.missing,
    distinct: profile.distinct,
    ...details(column, profile, guess),
  };
  const warnings = isTarget || isLeftOut ? [] : columnWarnings(column, profile, rowCount, around);
  return { schema, warnings };
}

function targetKind(guessed: ColumnKind, target: EncodedTarget): ColumnKind {
  if (target.kind === 'class') return 'categorical';
  return guessed === 'date' ? 'date' : 'numeric';
}

function keptKind(column: RawColumn): ColumnKind {
  return column.kind === 'number' ? 'numeric' : 'categorical';
}

function details(column: RawColumn, profile: ColumnProfile, guess: KindGuess): Partial<ColumnSchema> {
  const why = guess.why === undefined ? {} : { note: guess.why };
  const { numbers, texts } = profile;
  if (column.kind === 'number') {
    const { min, max, mean, median } = numbers!;
    const unit = column.unit === undefined ? {} : { unit: column.unit };
    return { ...why, ...unit, ...(profile.distinct === 0 ? {} : { range: { min, max, mean, median } }) };
  }
  const top = column.texts
    .map((text, code) => ({ text, count: texts!.counts[code]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .slice(0, listedCategories);
  return { ...why, categories: top, ...(guess.order === undefined ? {} : { order: [...guess.order] }) };
}

function columnWarnings(
  column: RawColumn,
  profile: ColumnProfile,
  rowCount: number,
  { sameAs, predictiveness }: Surroundings,
): ImportWarning[] {
  const warnings: ImportWarning[] = [];
  const warn = (code: ImportWarning['code'], text: string) => warnings.push({ code, column: column.name, text });
  const share = profile.missing / rowCount;
  if (profile.distinct === 0) warn('constant', 'is missing everywhere');
  else if (profile.distinct === 1 && profile.missing === 0) warn('constant', 'is the same in all rows');
  else if (share > 0.5) warn('mostly-missing', `is missing in ${Math.round(share * 100)} % of the rows`);
  if (sameAs !== undefined) warn('duplicate-column', `says the same as "${sameAs}", row by row`);
  if (column.kind === 'text') {
    if (profile.distinct > hugeFrom) warn('huge-category', `has ${profile.distinct} categories`);
    if (column.firstText !== undefined) {
      const { text, row } = column.firstText;
      warn(
        'mixed',
        `has numbers, and is read as texts since row ${row} has ${JSON.stringify(text.slice(0, 40))}; if that means a missing value, give it with --missing`,
      );
    }
  }
  if (column.kind === 'number' && column.isRounded) {
    warn(
      'rounded',
      'has whole numbers of 2^53 and more, which are rounded; if they are names of something, read them as texts with --texts',
    );
  }
  const leak = profile.distinct > 1 ? predictiveness(column) : undefined;
  if (leak !== undefined && leak.share >= leakFrom) {
    warn(
      'leak',
      `alone ${explained(leak)}: it may be known only once the target is; if so, leave it out with --ignore`,
    );
  }
  return warnings;
}

function explained({ share, of }: Predictiveness): string {
  if (of === 'errors') return `avoids ${percent(share)} of the errors`;
  return `explains ${percent(share)} of the variance${of === 'ranks' ? " of the target's ranks" : ''}`;
}

function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
