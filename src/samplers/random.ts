import { sampleSpace } from '../space/index.js';
import type { Sampler } from './sampler.js';

/**
 * Random search (Bergstra and Bengio 2012, https://jmlr.org/papers/v13/bergstra12a.html): every active parameter independently
 * from its prior, under the constraints. Each has a stream named after it, so adding, removing or reordering parameters
 * changes no other's draws.
 */
export function randomSampler(): Sampler {
  return {
    name: 'random',
    propose: ({ space, key }) => ({ hyperparameters: sampleSpace(space, key) }),
  };
}
