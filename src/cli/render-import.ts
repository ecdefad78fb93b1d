import { relative } from 'node:path';
import type { Imported } from '../data/index.js';
import { formatNumber, oneLine, renderTable } from '../report/index.js';

type ColumnSchema = Imported['schema']['columns'][number];

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

/** What an import found, as lines that are no wider than `width`, as far as words allow it. */
export function renderImport({ name, schema, notes, folder }: Imported, width: number): string[] {
  const { rowCount, task, target, classes, warnings } = schema;
  const rows = schema.columns.map((column) => [
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
    '',
    ...notes.flatMap((note) => wrap(`note: ${note}`)),
    ...leftOut.flatMap((column) => wrap(`left out: ${column.name}, since ${column.note}; --keep keeps it`)),
    ...warnings.flatMap(({ column, text }) => wrap(`warning: ${column === undefined ? '' : `${column} `}${text}`)),
    ...wrap(
      folder === undefined
        ? 'nothing was written'
        : `written; in a sweep: dataset: ./${relative(process.cwd(), folder)}`,
    ),
  ];
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

/** Breaks at spaces. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
