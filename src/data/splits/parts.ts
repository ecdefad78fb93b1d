import type { SplitName } from '../shared-dataset.js';

/** Row numbers of each split, in any order. */
export type Parts = Readonly<Record<SplitName, readonly number[]>>;

/** Puts each row where its position within its stratum says. */
export function partsOf(
  strata: readonly (readonly number[])[],
  splitOf: (position: number, stratum: number) => SplitName,
): Parts {
  const parts: Record<SplitName, number[]> = { train: [], validation: [], test: [] };
  for (const [stratum, rows] of strata.entries()) {
    for (const [position, row] of rows.entries()) parts[splitOf(position, stratum)].push(row);
  }
  return parts;
}
