import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey, sequence, uniform } from '../../../src/random/index.js';
import { parseSpace } from '../../../src/space/index.js';
import { layOut } from '../../../src/study/importance/columns.js';
import { decomposeVariance } from '../../../src/study/importance/fanova.js';
import { growTree, type RegressionTree, sortRows } from '../../../src/study/importance/regression-tree.js';
import { addShapleyValues, meanPrediction } from '../../../src/study/importance/tree-shap.js';

interface Table {
  readonly columns: Float64Array[];
  readonly targets: Float64Array;
}

const tables = fc.record({
  seed: fc.nat(),
  columns: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 30 }),
});

/** Values on a coarse grid, so that rows share some. */
function table({ seed, columns, rows }: { seed: number; columns: number; rows: number }): Table {
  const draw = (...path: (string | number)[]) => uniform(foldIn(seedKey(seed), ...path));
  return {
    columns: Array.from({ length: columns }, (_, column) =>
      Float64Array.from({ length: rows }, (_, row) => Math.floor(draw('x', column, row) * 8) / 8),
    ),
    targets: Float64Array.from({ length: rows }, (_, row) => draw('y', row)),
  };
}

function grow({ columns, targets }: Table, weights = new Uint32Array(targets.length).fill(1)): RegressionTree {
  return growTree({ columns, targets, orders: sortRows(columns) }, weights, sequence(seedKey(1)));
}

const rowOf = ({ columns }: Table, row: number) => Float64Array.from(columns, (column) => column[row]!);

function predict(tree: RegressionTree, row: ArrayLike<number>): number {
  let node = 0;
  while (tree.column[node]! >= 0) {
    node = row[tree.column[node]!]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
  }
  return tree.value[node]!;
}

describe('a regression tree', () => {
  it('predicts the mean of the rows that are alike', () => {
    fc.assert(
      fc.property(tables, (drawn) => {
        const data = table(drawn);
        const tree = grow(data);
        for (const row of data.targets.keys()) {
          const own = rowOf(data, row);
          const alike = [...data.targets.keys()].filter((other) => rowOf(data, other).every((x, at) => x === own[at]));
          const mean = alike.reduce((sum, other) => sum + data.targets[other]!, 0) / alike.length;
          expect(predict(tree, own)).toBeCloseTo(mean, 10);
        }
      }),
    );
  });

  it('is that of repeated rows where rows have weights', () => {
    const data = table({ seed: 4, columns: 1, rows: 12 });
    const weights = Uint32Array.from(data.targets, (_, row) => row % 3);
    const repeated = [...data.targets.keys()].flatMap((row) => Array<number>(weights[row]!).fill(row));
    const again = {
      columns: data.columns.map((column) => Float64Array.from(repeated, (row) => column[row]!)),
      targets: Float64Array.from(repeated, (row) => data.targets[row]!),
    };
    const [weighted, plain] = [grow(data, weights), grow(again)];
    expect(weighted.column).toEqual(plain.column);
    expect(weighted.threshold).toEqual(plain.threshold);
    expect(weighted.weight).toEqual(plain.weight);
    for (const [node, value] of plain.value.entries()) expect(weighted.value[node]).toBeCloseTo(value, 12);
  });

  it('splits first where it takes away most of the error', () => {
    const columns = [Float64Array.of(0, 1, 0, 1), Float64Array.of(0, 0, 1, 1)];
    const tree = grow({ columns, targets: Float64Array.of(0, 1, 10, 11) });
    expect([tree.column[0], tree.threshold[0], tree.nodeCount]).toEqual([1, 0.5, 7]);
  });
});

describe('TreeSHAP', () => {
  /** The prediction with only the columns in `known` known: other splits are averaged by their rows. */
  function expected(tree: RegressionTree, row: Float64Array, known: number, node = 0): number {
    const column = tree.column[node]!;
    if (column < 0) return tree.value[node]!;
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    if (known & (1 << column)) return expected(tree, row, known, row[column]! <= tree.threshold[node]! ? left : right);
    const share = tree.weight[left]! / tree.weight[node]!;
    return share * expected(tree, row, known, left) + (1 - share) * expected(tree, row, known, right);
  }

  /** By the definition: over all sets of the other columns. */
  function byDefinition(tree: RegressionTree, row: Float64Array): number[] {
    const count = row.length;
    const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
    return Array.from(row, (_, column) => {
      let phi = 0;
      for (let set = 0; set < 1 << count; set++) {
        if (set & (1 << column)) continue;
        const size = set.toString(2).replaceAll('0', '').length;
        const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
        phi += weight * (expected(tree, row, set | (1 << column)) - expected(tree, row, set));
      }
      return phi;
    });
  }

  it('is the definition of Shapley values', () => {
    fc.assert(
      fc.property(tables, (drawn) => {
        const data = table(drawn);
        const tree = grow(data);
        for (const at of [0, data.targets.length - 1]) {
          const row = rowOf(data, at);
          const phi = new Float64Array(row.length);
          addShapleyValues(tree, row, phi);
          for (const [column, wanted] of byDefinition(tree, row).entries()) expect(phi[column]).toBeCloseTo(wanted, 9);
        }
      }),
    );
  });

  it('sums to the prediction less the mean', () => {
    fc.assert(
      fc.property(tables, (drawn) => {
        const data = table(drawn);
        const tree = grow(data);
        const row = rowOf(data, 0);
        const phi = new Float64Array(row.length);
        addShapleyValues(tree, row, phi);
        expect(phi.reduce((sum, one) => sum + one, 0)).toBeCloseTo(predict(tree, row) - meanPrediction(tree), 9);
      }),
    );
  });
});

describe('the variance of a tree', () => {
  /** Means over a fine grid whose points lie between all thresholds, which are sixteenths. */
  const points = Array.from({ length: 32 }, (_, at) => (at + 0.5) / 32);

  it('is that over the whole space, and of one parameter that of its marginal', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 20 }), (seed, rows) => {
        const tree = grow(table({ seed, columns: 2, rows }));
        const layout = layOut(parseSpace({ a: { float: [0, 1] }, b: { float: [0, 1] } }).parameters);
        const { total, single } = decomposeVariance(tree, layout);
        const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
        const variance = (list: readonly number[]) => mean(list.map((one) => (one - mean(list)) ** 2));
        const all = points.flatMap((a) => points.map((b) => predict(tree, [a, b])));
        expect(total).toBeCloseTo(variance(all), 10);
        expect(single[0]).toBeCloseTo(variance(points.map((a) => mean(points.map((b) => predict(tree, [a, b]))))), 10);
        expect(single[1]).toBeCloseTo(variance(points.map((b) => mean(points.map((a) => predict(tree, [a, b]))))), 10);
        expect(single[0]! + single[1]!).toBeLessThanOrEqual(total + 1e-12);
      }),
      { numRuns: 30 },
    );
  });

  it("counts a choice's items alike", () => {
    const items = ['u', 'v', 'w'];
    const of = [0, 0, 1, 1, 2, 2];
    const columns = items.map((_, item) => Float64Array.from(of, (one) => (one === item ? 1 : 0)));
    const tree = grow({ columns, targets: Float64Array.of(0, 0, 3, 3, 9, 9) });
    const { total, single } = decomposeVariance(tree, layOut(parseSpace({ c: { choice: items } }).parameters));
    expect(total).toBeCloseTo(14, 10);
    expect(single[0]).toBeCloseTo(14, 10);
  });
});
