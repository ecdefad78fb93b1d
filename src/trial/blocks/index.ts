/** Small pieces of training steps; every strength may be a tensor. One file each. */
export { GradientAccumulator } from './accumulate.js';
export { averageWeights } from './average-weights.js';
export { clipByGlobalNorm } from './clip-by-norm.js';
export { cutout } from './cutout.js';
export { smoothLabels } from './label-smoothing.js';
export { maskingNoise } from './masking-noise.js';
export { mixup } from './mixup.js';
export { randomBrightness } from './random-brightness.js';
export { randomContrast } from './random-contrast.js';
export { randomFlip } from './random-flip.js';
export { randomShift, type ShiftFill } from './random-shift.js';
export { cosineDecay, exponentialDecay, linearWarmup } from './schedules.js';
export { decayWeights } from './weight-decay.js';
