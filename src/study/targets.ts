/** Ending a study of several objectives at its targets. */

import { objectivesOf } from './goals.js';
import { isFeasible } from './pareto.js';
import type { Goals } from './settings.js';
import type { StopRule } from './stopping.js';

/** Ends a study once a complete, feasible trial is as good as every target that an objective has. */
export function targets(goals: Goals): StopRule {
  const wanted = objectivesOf(goals).map(({ direction, target }) => {
    return target === undefined ? Number.POSITIVE_INFINITY : direction === 'maximize' ? 0 - target : target;
  });
  return {
    name: 'target',
    shouldStop: ({ finished }) => {
      const last = finished.at(-1);
      return (
        last?.status === 'complete' && isFeasible(last) && last.losses.every((loss, index) => loss <= wanted[index]!)
      );
    },
  };
}
