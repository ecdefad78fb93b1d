/**
 * A random forest: Breiman 2001, "Random forests", https://doi.org/10.1023/A:1010933404324. Each tree is grown from as many rows as
 * there are, drawn with replacement; every split may take any column, as in scikit-learn's `RandomForestRegressor`.
 */
import { foldIn, type Key, sequence } from '../../random/index.js';
import { growTree, type RegressionTree, sortRows } from './regression-tree.js';

/**
 * @param columns [columns, rows], at least one of each
 * @param targets [rows]
 */
export function growForest(
  key: Key,
  columns: readonly Float64Array[],
  targets: Float64Array,
  treeCount: number,
): RegressionTree[] {
  const data = { columns, targets, orders: sortRows(columns) };
  return Array.from({ length: treeCount }, (_, tree) => {
    const own = foldIn(key, 'tree', tree);
    return growTree(data, bootstrap(foldIn(own, 'rows'), targets.length), sequence(foldIn(own, 'columns')));
  });
}

/** How often each of `count` rows is drawn in `count` draws. */
function bootstrap(key: Key, count: number): Uint32Array {
  const next = sequence(key);
  const times = new Uint32Array(count);
  for (let draw = 0; draw < count; draw++) times[Math.floor(next() * count)]!++;
  return times;
}
