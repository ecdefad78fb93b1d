import { type FrontPoint, type Goals, objectivesOf } from '../study/index.js';
import { formatNumber, formatValue, oneLine } from './format.js';
import { parameterColumns } from './members.js';
import { type Column, renderTable } from './table.js';

/**
 * The trials on the Pareto front, the best by the first objective first.
 *
 * @param names of hyperparameters to show
 */
export function renderFront(
  front: readonly FrontPoint[],
  goals: Goals,
  names: readonly string[],
  width: number,
): string[] {
  const objectives = objectivesOf(goals);
  const columns: Column[] = [
    { title: 'trial', align: 'right', rank: 0 },
    ...objectives.map(({ metric }): Column => ({ title: oneLine(metric), align: 'right', rank: 1 })),
    ...parameterColumns(names, 2),
  ];
  const { metric, direction } = objectives[0]!;
  const sign = direction === 'maximize' ? -1 : 1;
  const sorted = [...front].sort((a, b) => sign * (a.values[metric]! - b.values[metric]!) || a.trial - b.trial);
  const rows = sorted.map(({ trial, values, hyperparameters }) => [
    String(trial),
    ...objectives.map((one) => formatNumber(values[one.metric]!)),
    ...names.map((name) => formatValue(hyperparameters[name])),
  ]);
  return renderTable(columns, rows, width);
}
