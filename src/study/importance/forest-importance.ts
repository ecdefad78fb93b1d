/**
 * Importances from a random forest, also of parameters that are not always active.
 *
 * Parameters that are active in the same trials are judged together: by a forest of those trials, and all parameters that are active
 * in every one of them. What they explain counts for the share of the trials. For a space without conditions this is
 * one forest of all trials; how conditional parameters enter is ours, after the regimes of conditional PED-ANOVA.
 */
import { foldIn, type Key } from '../../random/index.js';
import type { Hyperparameters, Parameter } from '../../space/index.js';
import { fillColumns, layOut, type Measure, type ParameterColumns } from './columns.js';
import { decomposeVariance } from './fanova.js';
import { growForest } from './random-forest.js';
import type { RegressionTree } from './regression-tree.js';
import { addShapleyValues } from './tree-shap.js';

/** As Optuna has it. */
const treeCount = 64;
/** Trials whose Shapley values are averaged: time grows with the square of the trials otherwise. */
const mostExplained = 100;

/** Parameters that are active in the same trials. */
interface Regime {
  /** Indices of parameters. */
  readonly judged: readonly number[];
  /** Indices of the trials. */
  readonly trials: readonly number[];
}

/**
 * What each parameter explains, in their order, at least 0.
 *
 * @param parameters those that have more than one value
 * @param trials at least 2
 * @param targets a finite loss of each trial
 */
export function forestImportance(
  key: Key,
  parameters: readonly Parameter[],
  trials: readonly Hyperparameters[],
  targets: readonly number[],
  method: 'fanova' | 'shapley',
  measure: Measure,
): number[] {
  const found = new Array<number>(parameters.length).fill(0);
  const scaled = standardised(targets);
  for (const [at, { judged, trials: own }] of regimes(parameters, trials).entries()) {
    const present = parameters.filter(({ name }) => own.every((trial) => Object.hasOwn(trials[trial]!, name)));
    const layout = layOut(present);
    const columns = fillColumns(
      layout,
      own.map((trial) => trials[trial]!),
      measure,
    );
    const forest = growForest(
      foldIn(key, at),
      columns,
      Float64Array.from(own, (trial) => scaled[trial]!),
      treeCount,
    );
    const explained = method === 'fanova' ? varianceExplained(forest, layout) : meanShapley(forest, layout, columns);
    const isAll = own.length === trials.length;
    // of one forest the shares of its variance are taken tree by tree, as the paper has it
    const weight = own.length / trials.length;
    for (const index of judged) {
      const { total, single } = explained;
      const position = present.indexOf(parameters[index]!);
      found[index] = weight * single[position]! * (isAll || method === 'shapley' ? 1 : total);
    }
  }
  return found;
}

/** Mean 0, variance 1: so that a variance is a share of that of all trials. */
function standardised(targets: readonly number[]): number[] {
  const count = targets.length;
  const size = targets.reduce((most, target) => Math.max(most, Math.abs(target)), Number.MIN_VALUE);
  const mean = targets.reduce((sum, target) => sum + target / size, 0) / count;
  const variance = targets.reduce((sum, target) => sum + (target / size - mean) ** 2, 0) / count;
  return targets.map((target) => (target / size - mean) / (Math.sqrt(variance) || 1));
}

function regimes(parameters: readonly Parameter[], trials: readonly Hyperparameters[]): Regime[] {
  const byTrials = new Map<string, { judged: number[]; trials: number[] }>();
  for (const [index, { name }] of parameters.entries()) {
    const own = [...trials.keys()].filter((trial) => Object.hasOwn(trials[trial]!, name));
    if (own.length < 2) continue;
    const regime = byTrials.get(own.join()) ?? { judged: [], trials: own };
    regime.judged.push(index);
    byTrials.set(own.join(), regime);
  }
  return [...byTrials.values()];
}

/** `total`: the forest's variance over the space; `single`: shares of it. */
interface Explained {
  readonly total: number;
  readonly single: readonly number[];
}

function varianceExplained(forest: readonly RegressionTree[], layout: readonly ParameterColumns[]): Explained {
  const single = layout.map(() => 0);
  let total = 0;
  let countedTrees = 0;
  for (const tree of forest) {
    const variance = decomposeVariance(tree, layout);
    if (variance.total <= 0) continue;
    countedTrees++;
    total += variance.total;
    for (const [at, own] of variance.single.entries()) single[at]! += own / variance.total;
  }
  const trees = Math.max(1, countedTrees);
  return { total: total / trees, single: single.map((sum) => sum / trees) };
}

function meanShapley(
  forest: readonly RegressionTree[],
  layout: readonly ParameterColumns[],
  columns: readonly Float64Array[],
): Explained {
  const rowCount = columns[0]!.length;
  const step = Math.max(1, rowCount / mostExplained);
  const sums = layout.map(() => 0);
  let explained = 0;
  for (let at = 0; Math.floor(at) < rowCount; at += step) {
    const row = Float64Array.from(columns, (column) => column[Math.floor(at)]!);
    for (const [index, value] of shapleyOfRow(forest, layout, row).entries()) sums[index]! += Math.abs(value);
    explained++;
  }
  return { total: 1, single: sums.map((sum) => sum / explained) };
}

/** φ of each parameter: of a one-hot choice the sum of its columns'. */
function shapleyOfRow(
  forest: readonly RegressionTree[],
  layout: readonly ParameterColumns[],
  row: Float64Array,
): number[] {
  const phi = new Float64Array(row.length);
  for (const tree of forest) addShapleyValues(tree, row, phi);
  return layout.map(
    ({ from, count }) => phi.subarray(from, from + count).reduce((sum, one) => sum + one, 0) / forest.length,
  );
}
