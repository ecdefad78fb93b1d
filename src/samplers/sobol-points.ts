/**
 * Points of Sobol's sequence, and their scrambling.
 *
 * - Sobol 1967, "On the distribution of points in a cube and the approximate evaluation of integrals",
 *   https://doi.org/10.1016/0041-5553(67)90144-9
 * - direction numbers: Joe and Kuo 2008 (see `sobol-directions.ts`)
 * - Owen 1995, "Randomly permuted (t, m, s)-nets and (t, s)-sequences", https://doi.org/10.1007/978-1-4612-2552-2_19
 * - scrambling by a hash: Burley 2020, "Practical hash-based Owen scrambling", listing 3,
 *   https://jcgt.org/published/0009/04/01/. Its hash leaves visible structure, so the constants are those that Vegdahl found
 *   (https://psychopath.io/post/2021_01_30_building_a_better_lk_hash), as in pbrt-v4 (`FastOwenScrambler`).
 */
import { directionTable } from './sobol-directions.js';

/** Dimensions that there are direction numbers for. */
export const sobolDimensions = 256;

const bits = 32;

let lines: readonly string[] | undefined;
const directionsOf = new Map<number, Uint32Array>();

/**
 * Coordinate `dimension` of the point `index` of the sequence, not scrambled, as a fraction of 2^32. Points are in the order of
 * Sobol's definition: bit j of the index adds direction number j. (The Gray code order of Antonov and Saleev, which
 * SciPy uses, has the same points within every power of two.)
 *
 * @param dimension from 0, below 256
 * @param index uint32
 */
export function sobolBits(dimension: number, index: number): number {
  const directions = directionNumbers(dimension);
  let x = 0;
  for (let j = 0, rest = index >>> 0; rest !== 0; j++, rest >>>= 1) if (rest & 1) x ^= directions[j]!;
  return x >>> 0;
}

/** The 32 direction numbers of a dimension: Joe and Kuo 2008, section 2. */
function directionNumbers(dimension: number): Uint32Array {
  const known = directionsOf.get(dimension);
  if (known !== undefined) return known;
  const directions = dimension === 0 ? firstDimension() : fromTable(dimension);
  directionsOf.set(dimension, directions);
  return directions;
}

function firstDimension(): Uint32Array {
  return new Uint32Array(bits).map((_, j) => 1 << (bits - 1 - j));
}

function fromTable(dimension: number): Uint32Array {
  lines ??= directionTable.split('\n');
  const [s = 0, a = 0, ...m] = lines[dimension - 1]!.split(' ').map(Number);
  const v = new Uint32Array(bits);
  for (let j = 0; j < bits; j++) {
    if (j < s) {
      v[j] = m[j]! << (bits - 1 - j);
      continue;
    }
    let next = v[j - s]! ^ (v[j - s]! >>> s);
    for (let k = 1; k < s; k++) if ((a >>> (s - 1 - k)) & 1) next ^= v[j - k]!;
    v[j] = next;
  }
  return v;
}

/**
 * A nested uniform scrambling of the 32 bits of `x`: whether a bit is flipped is a hash of `seed` and of the bits above it. So every
 * elementary interval keeps as many points as it had.
 */
export function owenScramble(x: number, seed: number): number {
  let y = reverseBits(x);
  y ^= Math.imul(y, 0x3d20adea);
  y = (y + seed) | 0;
  y = Math.imul(y, (seed >>> 16) | 1);
  y ^= Math.imul(y, 0x05526c56);
  y ^= Math.imul(y, 0x53a22864);
  return reverseBits(y);
}

function reverseBits(x: number): number {
  let y = x;
  y = ((y >>> 1) & 0x55555555) | ((y & 0x55555555) << 1);
  y = ((y >>> 2) & 0x33333333) | ((y & 0x33333333) << 2);
  y = ((y >>> 4) & 0x0f0f0f0f) | ((y & 0x0f0f0f0f) << 4);
  y = ((y >>> 8) & 0x00ff00ff) | ((y & 0x00ff00ff) << 8);
  return ((y >>> 16) | (y << 16)) >>> 0;
}
