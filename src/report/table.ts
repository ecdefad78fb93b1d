/** Tables of text that fit the width they are given. */
import Table from 'cli-table3';

export interface Column {
  readonly title: string;
  /** Numbers are easier to compare when they end at the same place. Default: `left`. */
  readonly align?: 'left' | 'right';
  /** The higher, the sooner the column is left out where there is no room; columns of the same rank go from the right. */
  readonly rank: number;
}

/** Nothing is drawn but a rule at the top, with a mark between columns, which tells how wide they are. */
const mark = '┬';
const chars = {
  top: '─',
  'top-mid': mark,
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/**
 * The lines of a table: its titles, then its rows. Columns are left out until it is no wider than `width` characters; what the
 * last one left has too many of is cut.
 *
 * @param rows a cell for each column, one line each; may have colours
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const all = columns.map((_, index) => index);
  const { lines, widths } = layOut(columns, rows, all);
  const kept = [...all];
  // two spaces between columns
  while (kept.length > 1 && kept.reduce((sum, index) => sum + widths[index]! + 2, -2) > width) {
    kept.splice(leastWanted(columns, kept), 1);
  }
  if (kept.length > 1 || widths[kept[0]!]! <= width) {
    return kept.length === all.length ? lines : layOut(columns, rows, kept).lines;
  }
  return layOut(columns, rows, kept, Math.max(1, width)).lines;
}

/** Position in `kept` of the column to leave out first. */
function leastWanted(columns: readonly Column[], kept: readonly number[]): number {
  const highest = Math.max(...kept.map((index) => columns[index]!.rank));
  return kept.findLastIndex((index) => columns[index]!.rank === highest);
}

function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  kept: readonly number[],
  onlyWidth?: number,
): { lines: string[]; widths: number[] } {
  const table = new Table({
    head: kept.map((index) => columns[index]!.title),
    colAligns: kept.map((index) => columns[index]!.align ?? 'left'),
    chars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(onlyWidth === undefined ? {} : { colWidths: [onlyWidth] }),
  });
  for (const row of rows) table.push(kept.map((index) => row[index] ?? ''));
  const [rule = '', ...lines] = table.toString().split('\n');
  return { lines: lines.map((line) => line.trimEnd()), widths: rule.split(mark).map((part) => part.length) };
}
