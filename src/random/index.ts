/** Randomness as a pure function of a seed and a path: a counter-based generator, draws, permutations. */
export { integer, NamedStreams, normal, pick, randomBits, sequence, uniform, uniformAt } from './draws.js';
export { foldIn, type PathPart, seedKey } from './key.js';
export { permutation, shuffled } from './permutation.js';
export { type Key, threefry2x32 } from './threefry.js';
