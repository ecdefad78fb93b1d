import { type Action, needsEpochs, type StudySettings } from '../study/index.js';
import { errors } from './errors.js';

/**
 * Checks the intervals of a schedule or of commands against a study.
 *
 * @throws TUNER_INTERVAL_NOT_IN_STEPS
 */
export function checkIntervals(actions: readonly Action[], { training }: Pick<StudySettings, 'training'>): void {
  for (const action of actions) {
    if (action.kind === 'interval' && needsEpochs(action.interval) && training.rows === undefined) {
      throw errors.TUNER_INTERVAL_NOT_IN_STEPS({ given: action.interval });
    }
  }
}
