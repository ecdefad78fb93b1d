/** How much each parameter mattered: a table for a person, lines for a program. */
import type { StudyImportance } from '../study/index.js';
import type { Colors } from './colors.js';
import { type Column, renderTable } from './table.js';

/** An importance with what it is one of. */
export interface ShownImportance extends StudyImportance {
  readonly study: string;
  readonly method: string;
}

const columns: readonly Column[] = [
  { title: 'parameter', rank: 0 },
  { title: 'share', align: 'right', rank: 1 },
];

/** @param width characters a line may have */
export function renderImportance(
  { study, method, judged, count, shares }: ShownImportance,
  width: number,
  colors: Colors,
): string {
  const rows = Object.entries(shares).map(([name, share]) => [name, share.toFixed(3)]);
  const what =
    judged === 'segments' ? `${count} segments, by their gain among those of a generation` : `${count} complete trials`;
  return [
    colors.bold(`study ${study}: importance by ${method}, of ${what}`),
    ...renderTable(columns, rows, width),
  ].join('\n');
}

/** One object for each parameter, the most important first. */
export function importanceAsJson({ shares, ...of }: ShownImportance): object[] {
  return Object.entries(shares).map(([parameter, share]) => ({ type: 'importance', ...of, parameter, share }));
}
