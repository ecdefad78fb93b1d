/** Ending a population that has stopped getting better. */
import { isPopulation } from './settings.js';
import type { StudyState } from './state.js';

/**
 * Whether the best score of the population has not risen by more than `minDelta` for as many generations in a row as `stop.plateau` says. In an
 * asynchronous population, which has none in common, a generation is as many results as there are members.
 */
export function hasStoppedImproving(state: StudyState): boolean {
  const { strategy, stop } = state.settings;
  const { generations, minDelta = 0 } = stop?.plateau ?? {};
  if (generations === undefined || !isPopulation(strategy)) return false;
  if (strategy.asynchronous) {
    const scores = state.history.items.map(({ score }) => score);
    return waitedSinceRise(scores, minDelta) >= generations * strategy.population;
  }
  const bests: number[] = [];
  for (const { segments } of state.trials) {
    for (const { generation, score } of segments) {
      bests[generation] = Math.max(bests[generation] ?? Number.NEGATIVE_INFINITY, score ?? Number.NEGATIVE_INFINITY);
    }
  }
  return waitedSinceRise(bests, minDelta) >= generations;
}

/** How many scores came since the last that was higher than all before it by more than `minDelta`; 0 before the first finite one. */
function waitedSinceRise(scores: readonly number[], minDelta: number): number {
  let best = Number.NEGATIVE_INFINITY;
  let waited = 0;
  for (const score of scores) {
    if (score > best + minDelta) [best, waited] = [score, 0];
    else if (best > Number.NEGATIVE_INFINITY) waited++;
  }
  return waited;
}
