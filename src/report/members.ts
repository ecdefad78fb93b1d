/** Trials as rows of a table. */
import { parseSpace } from '../space/index.js';
import { type Goals, metricsOfGoals, type StudySettings } from '../study/index.js';
import { formatNumber, oneLine } from './format.js';
import type { Column } from './table.js';

/** Names of the hyperparameters that the study searches, without the fixed ones. */
export function searchedParameters({ space }: Pick<StudySettings, 'space'>): string[] {
  return parseSpace(space)
    .parameters.filter(({ kind }) => kind !== 'fixed')
    .map(({ name }) => name);
}

/** Metrics that count besides the first objective's. */
export function furtherMetrics(goals: Goals): readonly string[] {
  return metricsOfGoals(goals).slice(1);
}

/** A column for each. */
export function metricColumns(metrics: readonly string[], rank: number): Column[] {
  return metrics.map((metric) => ({ title: oneLine(metric), align: 'right', rank }));
}

/** Cells of such columns; empty for what was not measured. */
export function metricCells(
  metrics: readonly string[],
  measured: Readonly<Record<string, number | string>> | undefined,
): string[] {
  return metrics.map((metric) => (measured?.[metric] === undefined ? '' : formatNumber(Number(measured[metric]))));
}

/** A column for each, the later ones to be left out sooner. */
export function parameterColumns(names: readonly string[], firstRank: number): Column[] {
  return names.map((name, index) => ({ title: oneLine(name), align: 'right', rank: firstRank + index }));
}
