import type { Action } from '../study/index.js';
import { errors } from './errors.js';

/** A study's segments are planned in steps: epochs and plateaus are for a loop of one's own. @throws TUNER_INTERVAL_NOT_IN_STEPS */
export function requireStepIntervals(actions: readonly Action[]): void {
  for (const action of actions) {
    if (action.kind !== 'interval' || typeof action.interval === 'number') continue;
    throw errors.TUNER_INTERVAL_NOT_IN_STEPS({ given: action.interval });
  }
}
