import { errors } from '../errors.js';
import type { RawColumn, RawTable } from '../raw-table.js';
import { type EncodedTarget, encodeTarget, type Task } from '../target.js';
import { type ColumnKind, guessKind, type KindGuess } from './column-kind.js';
import { type ColumnProfile, profileOf } from './column-profile.js';
import { RepeatedColumns, RepeatedRows } from './duplicates.js';
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
export function inferSchema({ columns, rowCount }: RawTable, options: InferOptions): ImportSchema {
  checkNames(
    columns.map(({ name }) => name),
    options,
  );
  const target = columns.find(({ name }) => name === options.target)!;
  const inference = new SchemaInference(target, rowCount, options);
  for (const column of columns) inference.add(column);
  return inference.finish();
}

/** @throws DATA_COLUMN_UNKNOWN for a target or a column to keep that is not there */
export function checkNames(names: readonly string[], { target, keep = [] }: InferOptions): void {
  const check = (role: string, column: string) => {
    if (!names.includes(column)) throw errors.DATA_COLUMN_UNKNOWN({ role, column, columns: names });
  };
  check('target', target);
  for (const column of keep) check('column to keep', column);
}

/** The same of columns that come one after another, and need not be in memory together. It keeps 16 bytes a row, and texts that are shown. */
export class SchemaInference {
  readonly #target: TargetFacts;
  readonly #described: Described[] = [];
  readonly #repeatedColumns = new RepeatedColumns();
  readonly #repeatedRows: RepeatedRows;
  readonly #sorted: Float64Array;

  /** @throws the errors of targets */
  constructor(
    target: RawColumn,
    private readonly rowCount: number,
    private readonly options: InferOptions,
  ) {
    this.#target = factsOf(encodeTarget(target, options.task));
    // the target first: what says the same as it is told of the other column
    this.#repeatedColumns.add(target);
    this.#repeatedRows = new RepeatedRows(rowCount);
    this.#sorted = new Float64Array(rowCount);
  }

  /** Takes the next column, in the table's order, the target among them. */
  add(column: RawColumn): ColumnSchema {
    const sameAs = column.name === this.options.target ? undefined : this.#repeatedColumns.add(column);
    this.#repeatedRows.add(column);
    const profile = profileOf(column, this.#sorted);
    const described = describe(column, profile, {
      rowCount: this.rowCount,
      target: this.#target,
      options: this.options,
      sameAs,
    });
    this.#described.push(described);
    return described.schema;
  }

  /** To be called once, after all columns. */
  finish(): ImportSchema {
    const { kind, classes } = this.#target;
    const duplicateRows = this.#repeatedRows.count();
    return {
      rowCount: this.rowCount,
      target: this.options.target,
      task: kind === 'class' ? 'classification' : 'regression',
      columns: this.#described.map(({ schema }) => schema),
      classes,
      duplicateRows,
      warnings: [
        ...tableWarnings(this.#target, this.rowCount, duplicateRows, this.options),
        ...this.#described.flatMap(({ warnings }) => warnings),
      ],
    };
  }
}

/** What is kept of a target: not its rows. */
interface TargetFacts {
  readonly kind: EncodedTarget['kind'];
  /** Rows in which it is known. */
  readonly knownRows: number;
  readonly classes: ImportSchema['classes'];
  readonly predictiveness: (column: RawColumn) => Predictiveness;
}

function factsOf(target: EncodedTarget): TargetFacts {
  const { kind, rows } = target;
  return { kind, knownRows: rows.length, classes: classesOf(target), predictiveness: predictivenessFor(target) };
}

function classesOf(target: EncodedTarget): ImportSchema['classes'] {
  if (target.kind !== 'class') return [];
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const code of target.codes) counts[code]!++;
  return target.classes.map((name, code) => ({ name, count: counts[code]! }));
}

function tableWarnings(
  target: TargetFacts,
  rowCount: number,
  duplicateRows: number,
  options: InferOptions,
): ImportWarning[] {
  const warnings: ImportWarning[] = [];
  const dropped = rowCount - target.knownRows;
  if (dropped > 0) {
    const text = `is missing in ${dropped} of ${rowCount} rows, which are left out of training`;
    warnings.push({ code: 'target-missing', column: options.target, text });
  }
  const counts = target.classes.map(({ count }) => count);
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
  readonly rowCount: number;
  readonly target: TargetFacts;
  readonly options: InferOptions;
  /** The column that says the same, if there is one. */
  readonly sameAs: string | undefined;
}

function describe(column: RawColumn, profile: ColumnProfile, around: Surroundings): Described {
  const { rowCount, target, options } = around;
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
  const warnings = isTarget || isLeftOut ? [] : columnWarnings(column, profile, around);
  return { schema, warnings };
}

function targetKind(guessed: ColumnKind, target: TargetFacts): ColumnKind {
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
  { rowCount, target, sameAs }: Surroundings,
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
  const leak = profile.distinct > 1 ? target.predictiveness(column) : undefined;
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
