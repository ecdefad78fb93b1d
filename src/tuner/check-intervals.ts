import { type Action, countsInOrder, type Interval, needsEpochs, type StudySettings } from '../study/index.js';
import { errors } from './errors.js';

/**
 * Checks the intervals of a schedule or of commands against a study.
 *
 * @throws TUNER_INTERVAL_ASYNCHRONOUS, TUNER_INTERVAL_NOT_IN_STEPS
 */
export function checkIntervals(
  actions: readonly Action[],
  { strategy, training }: Pick<StudySettings, 'strategy' | 'training'>,
): void {
  for (const action of actions) {
    if (action.kind !== 'interval') continue;
    const { interval } = action;
    if (isPlateauInterval(interval) && countsInOrder(strategy)) throw errors.TUNER_INTERVAL_ASYNCHRONOUS({});
    if (needsEpochs(interval) && training.rows === undefined) {
      throw errors.TUNER_INTERVAL_NOT_IN_STEPS({ given: interval });
    }
  }
}

export function isPlateauInterval(interval: Interval): boolean {
  return typeof interval === 'object' && 'plateau' in interval;
}
