/** Tables of text that fit the width they are given. */
import Table from 'cli-table3';

export interface Column {
  readonly title: string;
  /** Numbers are easier to compare when they end at the same place. Default: `left`. */
  readonly align?: 'left' | 'right';
  /** The higher, the sooner the column is left out where there is no room; columns of the same rank go from the right. */
  readonly rank: number;
}

/** Nothing is drawn but a rule at the top, which tells how wide the table is. */
const chars = {
  top: '─',
  'top-mid': '─',
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
  middle: ' ',
} as const;

/**
 * The lines of a table: its titles, then its rows. Columns are left out until it is no wider than `width` characters; what the
 * last one left has too many of is cut.
 *
 * @param rows a cell for each column, one line each; may have colours
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const kept = columns.map((_, index) => index);
  for (;;) {
    const { lines, lineWidth } = layOut(columns, rows, kept);
    if (lineWidth <= width) return lines;
    if (kept.length === 1) return layOut(columns, rows, kept, Math.max(1, width)).lines;
    kept.splice(leastWanted(columns, kept), 1);
  }
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
): { lines: string[]; lineWidth: number } {
  const table = new Table({
    head: kept.map((index) => columns[index]!.title),
    colAligns: kept.map((index) => columns[index]!.align ?? 'left'),
    chars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    ...(onlyWidth === undefined ? {} : { colWidths: [onlyWidth] }),
  });
  for (const row of rows) table.push(kept.map((index) => row[index] ?? ''));
  const [rule = '', ...lines] = table.toString().split('\n');
  return { lines: lines.map((line) => line.trimEnd()), lineWidth: rule.length - 1 };
}
