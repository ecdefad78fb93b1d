/** Small pieces of training steps; every strength may be a tensor. One file each. */
export { GradientAccumulator } from './accumulate.js';
export { clipByGlobalNorm } from './clip-by-norm.js';
export { smoothLabels } from './label-smoothing.js';
export { mixup } from './mixup.js';
export { cosineDecay, exponentialDecay, linearWarmup } from './schedules.js';
export { decayWeights } from './weight-decay.js';
