import { StudyStore } from '../store/index.js';
import { foldRecords, type LineageStep, type ReplayStrategy, replaySchedule, type StudyState } from '../study/index.js';
import { errors } from './errors.js';
import type { ReadSettings, SweepSettings } from './sweep-file.js';

/**
 * Settings with the schedule of hyperparameters that the trial lived through which they name, by default the earlier study's best one up to
 * its best moment; and with that study's space, unless they have one. The budget is the schedule's length at most.
 *
 * @param root the folder of studies
 * @throws TUNER_REPLAY_NOTHING, STORE_…
 */
export function withEarlierSchedule({ strategy, ...settings }: ReadSettings, root: string): SweepSettings {
  if (strategy.kind !== 'replay') return { ...settings, strategy };
  const { study } = strategy;
  const earlier = foldRecords(StudyStore.read(root, study).map(({ record }) => record));
  const lineage = lineageOf(earlier, strategy.trial);
  const last = lineage.at(-1);
  if (last === undefined) throw errors.TUNER_REPLAY_NOTHING({ study, trial: strategy.trial });
  const replay: ReplayStrategy = {
    ...strategy,
    trial: strategy.trial ?? earlier.best!.trial,
    schedule: replaySchedule(lineage),
  };
  const steps = Math.min(settings.budget.steps, last.steps);
  const { space = earlier.settings.space } = settings;
  return { ...settings, space, strategy: replay, budget: { ...settings.budget, steps } };
}

/** What led to the state, oldest first. */
function lineageOf({ history, best, trials }: StudyState, trial: number | null): LineageStep[] {
  const lineage: LineageStep[] = [];
  const end =
    trial === null
      ? history.items.find((one) => one.trial === best?.trial && one.generation === best.generation)
      : // what a stopped trial had is in the history only
        (trials[trial]?.checkpoint ?? history.items.findLast((one) => one.trial === trial));
  for (let at = end ?? null; at !== null; at = at.previous) {
    lineage.unshift({ steps: at.toStep, hyperparameters: at.hyperparameters });
  }
  return lineage;
}
