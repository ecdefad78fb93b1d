/** Optimizers whose every setting may be a tensor. One file each. */
export { adadelta } from './adadelta.js';
export { adagrad } from './adagrad.js';
export { adam } from './adam.js';
export { adamax } from './adamax.js';
export { momentum } from './momentum.js';
export type { Optimizer, Setting } from './optimizer.js';
export { rmsprop } from './rmsprop.js';
export { sgd } from './sgd.js';
