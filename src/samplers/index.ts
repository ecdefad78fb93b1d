/** Samplers propose the hyperparameters of new trials. */
export { randomSampler } from './random.js';
export type { Sampler } from './sampler.js';
