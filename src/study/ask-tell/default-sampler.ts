import { nsga2Sampler, type Sampler, tpeSampler } from '../../samplers/index.js';

/** What a study uses where it names no sampler: TPE for one objective, NSGA-II for several. */
export function defaultSampler(objectiveCount: number): Sampler {
  return objectiveCount === 1 ? tpeSampler() : nsga2Sampler();
}
