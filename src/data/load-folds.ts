import { createHash } from 'node:crypto';
import { errors } from './errors.js';
import { type LoadOptions, loadDataset } from './load-dataset.js';
import { type DatasetReference, resolveReference } from './reference.js';
import { sharedColumns } from './shared-columns.js';
import type { SharedDataset } from './shared-dataset.js';

/**
 * The data set of each fold of a reference whose `splits` say `fold: all`: what `fold: 0`, `fold: 1` and so on give. Folds whose columns are the same,
 * as those of images are, have them in memory once. Of any other reference, its one data set.
 *
 * @throws DATA_REFERENCE_INVALID for folds of a data set with a limit of memory, and as `loadDataset` does
 */
export async function loadFolds(reference: DatasetReference, options: LoadOptions): Promise<readonly SharedDataset[]> {
  const resolved = resolveReference(reference, options.baseDirectory);
  const splits = typeof resolved !== 'string' && 'splits' in resolved ? resolved.splits : undefined;
  if (typeof resolved === 'string' || splits?.fold !== 'all') return [await loadDataset(resolved, options)];
  if ('memory' in resolved) {
    const problems = 'splits.fold must not be all together with memory: each fold would be streamed by itself';
    throw errors.DATA_REFERENCE_INVALID({ problems });
  }
  const loadFold = (fold: number) => loadDataset({ ...resolved, splits: { ...splits, fold } }, options);
  return sharedColumns(splits.folds!, loadFold);
}

/** The digest of all folds together; of a single data set, its own. */
export function digestOfFolds(folds: readonly SharedDataset[]): string {
  const [first, ...others] = folds.map(({ digest }) => digest);
  if (others.length === 0) return first!;
  return createHash('sha256')
    .update(JSON.stringify(['folds 1', first, ...others]))
    .digest('hex');
}
