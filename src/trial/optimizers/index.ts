/** Optimizers whose every setting may be a tensor. One file each. */
export { adam } from './adam.js';
export { momentum } from './momentum.js';
export type { Optimizer, Setting } from './optimizer.js';
export { sgd } from './sgd.js';
