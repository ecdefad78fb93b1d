/** The first trials: far from each other. */
import { type Embedding, pointOf } from './embedding.js';
import { isAllowed, randomGenome } from './maximise.js';

/** Draws of which the one is taken that is furthest from what is there already. */
const drawsPerTrial = 24;

/**
 * The draw that is furthest from all points so far (best-candidate sampling, Mitchell 1991, https://doi.org/10.1145/122718.122736).
 *
 * Distances go around: 0 and 1 are next to each other. So points at the border are not preferred, which in many dimensions
 * would be all there are. Choices count as in the kernel.
 *
 * @returns `undefined` if every draw breaks a constraint of the space
 */
export function spaceFilling(
  embedding: Embedding,
  others: readonly Float64Array[],
  next: () => number,
): Float64Array | undefined {
  const there = others.map((genome) => pointOf(embedding, genome));
  let best: { genome: Float64Array; distance: number } | undefined;
  for (let draw = 0; draw < drawsPerTrial; draw++) {
    const genome = randomGenome(embedding, next);
    if (!isAllowed(embedding, genome)) continue;
    const point = pointOf(embedding, genome);
    const distance = there.reduce(
      (least, other) => Math.min(least, distanceAround(embedding, point, other)),
      Number.POSITIVE_INFINITY,
    );
    if (best === undefined || distance > best.distance) best = { genome, distance };
  }
  return best?.genome;
}

function distanceAround({ dimensions }: Embedding, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (const [at, { isCategorical }] of dimensions.entries()) {
    const difference = Math.abs(a[at]! - b[at]!);
    // a quarter: about as far as two draws of a number are from each other
    if (isCategorical) sum += difference === 0 ? 0 : 0.25 ** 2;
    else sum += Math.min(difference, 1 - difference) ** 2;
  }
  return sum;
}
