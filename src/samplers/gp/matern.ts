/**
 * The Matérn 5/2 kernel with a lengthscale for each dimension (automatic relevance determination).
 *
 * Rasmussen and Williams 2006, equation 4.17 (http://gaussianprocess.org/gpml/chapters/RW4.pdf), of the scaled distance
 * r² = Σ θᵢ δᵢ², where δᵢ is the difference of positions, and for an unordered choice 0 where two are the same and 1 where they are not
 * (Hamming, as in Optuna's `_gp/gp.py`). A Hamming distance is that of corners of a simplex, so the kernel is
 * positive definite for mixed spaces too.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | θ | inverse squared lengthscales | [dimensions] |
 * | k(r²) | (1 + √5 r + 5/3 r²) exp(-√5 r), 1 at 0 | scalar |
 * | k′(r²) | its derivative with respect to r²: -5/6 (1 + √5 r) exp(-√5 r), finite at 0 | scalar |
 */

/** k(r²); `squared` is at least 0. */
export function matern52(squared: number): number {
  const root = Math.sqrt(5 * squared);
  return (1 + root + (5 / 3) * squared) * Math.exp(-root);
}

/** δᵢ² of two values of dimension i. */
function squaredDifference(isCategorical: boolean, a: number, b: number): number {
  if (isCategorical) return a === b ? 0 : 1;
  return (a - b) * (a - b);
}

/**
 * δ² of all pairs of points, in the order (1, 0), (2, 0), (2, 1), (3, 0), …: what a fit computes once.
 *
 * @param points [points, dimensions]
 * @returns [pairs, dimensions], row-major
 */
export function pairDifferences(points: readonly Float64Array[], isCategorical: readonly boolean[]): Float64Array {
  const d = isCategorical.length;
  const out = new Float64Array(((points.length * (points.length - 1)) / 2) * d);
  let at = 0;
  for (const [i, a] of points.entries()) {
    for (let j = 0; j < i; j++) {
      const b = points[j]!;
      for (let k = 0; k < d; k++) out[at++] = squaredDifference(isCategorical[k]!, a[k]!, b[k]!);
    }
  }
  return out;
}
