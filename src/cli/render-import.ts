import { relative } from 'node:path';
import type { Imported } from '../data/index.js';
import { formatNumber, oneLine, renderTable } from '../report/index.js';
import { wrapped } from './wrapped.js';

type ColumnSchema = Imported['schema']['columns'][number];
type Warning = Imported['schema']['warnings'][number];

const columns = [
  { title: 'column', rank: 0 },
  { title: 'kind', rank: 1 },
  { title: 'role', rank: 3 },
  { title: 'missing', align: 'right', rank: 4 },
  { title: 'distinct', align: 'right', rank: 5 },
  { title: 'values', rank: 2 },
] as const;

/** Letters of a name or of values that are shown. */
const nameLimit = 32;
const valuesLimit = 60;

/** Columns that are listed, and warnings of one kind, or columns that are left out: all are in the manifest and in JSON. */
const columnLimit = 100;
const likeLimit = 10;

const elsewhere = '--json prints all of them';

/** What an import found, as lines that are no wider than `width`, as far as words allow it. */
export function renderImport({ name, schema, notes, folder }: Imported, width: number): string[] {
  const { rowCount, task, target, classes, warnings } = schema;
  const listed = schema.columns.filter(({ role }, i) => i < columnLimit || role === 'target');
  const rows = listed.map((column) => [
    clipped(column.name, nameLimit),
    column.kind,
    column.role,
    String(column.missing),
    String(column.distinct),
    clipped(valuesOf(column), valuesLimit),
  ]);
  const wrap = (text: string) => wrapped(oneLine(text), width);
  const leftOut = schema.columns.filter(({ role }) => role === 'left out');
  return [
    ...wrap(`${name}: ${rowCount} rows, ${schema.columns.length} columns; ${task} of ${target}`),
    ...(classes.length === 0 ? [] : wrap(`classes: ${balance(classes)}`)),
    '',
    ...renderTable(columns, rows, width),
    ...andMore(schema.columns.length - listed.length, 'columns').flatMap(wrap),
    '',
    ...notes.flatMap((note) => wrap(`note: ${note}`)),
    ...leftOut
      .slice(0, likeLimit)
      .flatMap((column) => wrap(`left out: ${column.name}, since ${column.note}; --keep keeps it`)),
    ...andMore(leftOut.length - likeLimit, 'columns are left out').flatMap(wrap),
    ...warningLines(warnings).flatMap(wrap),
    ...wrap(
      folder === undefined
        ? 'nothing was written'
        : `written; in a sweep: dataset: ./${relative(process.cwd(), folder)}`,
    ),
  ];
}

/** Said of what is not listed, if there is any. */
function andMore(count: number, what: string): string[] {
  return count > 0 ? [`… and ${count} more ${what}; ${elsewhere}`] : [];
}

/** The first few of each kind, and how many more there are. */
function warningLines(warnings: readonly Warning[]): string[] {
  const byCode = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const alike = byCode.get(warning.code);
    if (alike === undefined) byCode.set(warning.code, [warning]);
    else alike.push(warning);
  }
  return [...byCode].flatMap(([code, alike]) => [
    ...alike
      .slice(0, likeLimit)
      .map(({ column, text }) => `warning: ${column === undefined ? '' : `${column} `}${text}`),
    ...andMore(alike.length - likeLimit, `warnings like this one (${code})`),
  ]);
}

function balance(classes: Imported['schema']['classes']): string {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  const shown = classes
    .slice(0, 12)
    .map(({ name, count }) => `${clipped(name, nameLimit)} ${count} (${((100 * count) / total).toFixed(1)} %)`);
  return shown.join(', ') + (classes.length > shown.length ? `, … (${classes.length} in all)` : '');
}

function valuesOf({ kind, range, unit, order, categories }: ColumnSchema): string {
  if (range !== undefined) {
    if (kind === 'date') return `${dateOf(range.min, unit)} … ${dateOf(range.max, unit)}`;
    return `${formatNumber(range.min)} … ${formatNumber(range.max)}, mean ${formatNumber(range.mean)}`;
  }
  if (order !== undefined) return order.join(' < ');
  return (categories ?? []).map(({ text, count }) => `${text} (${count})`).join(', ');
}

function dateOf(value: number, unit: ColumnSchema['unit']): string {
  const date = new Date(value * (unit === 'days' ? 86_400_000 : 1000));
  if (Number.isNaN(date.getTime())) return formatNumber(value);
  return unit === 'days' ? date.toISOString().slice(0, 10) : date.toISOString().slice(0, 19);
}

function clipped(text: string, limit: number): string {
  const line = oneLine(text);
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
