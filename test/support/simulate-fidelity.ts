import { foldIn, type Key, normal, uniform } from '../../src/random/index.js';
import type { FidelityStudy } from '../../src/testing/fidelity-simulation.js';

export {
  type FidelityEvent,
  type FidelityResult,
  type FidelityStudy,
  type SimulatedTrial,
  simulateFidelity,
} from '../../src/testing/fidelity-simulation.js';

/**
 * A study whose trials learn like small networks: a power law towards a limit of their own, so that curves cross, with noise. A step
 * costs each trial something else.
 *
 * @param noise standard deviation of a result around its curve
 */
export function learningCurves(key: Key, more: Partial<FidelityStudy> = {}, noise = 0.01): FidelityStudy {
  const draw = (purpose: string, trial: number) => uniform(foldIn(key, purpose, trial));
  return {
    maxSteps: 81,
    trialCount: 200,
    workerCount: 4,
    scoreOf: (trial, step) => {
      const limit = 0.5 + 0.5 * draw('limit', trial);
      const pace = 0.3 + draw('pace', trial);
      return limit - 0.5 * step ** -pace + noise * normal(foldIn(key, 'noise', trial, step));
    },
    costOf: (trial, from, to) => (to - from) * (0.5 + draw('cost', trial)),
    ...more,
  };
}
