/** What a study has to do next that decides on its trials one by one: a pure function of its state. */
import { foldIn, seedKey } from '../random/index.js';
import type { Space } from '../space/index.js';
import { objectivesOf, reachesTargets } from './goals.js';
import { finishedTrials } from './observations.js';
import type { Plan, PlannedSegment } from './plan.js';
import type { OwnFunctions } from './population-decision.js';
import type { EndReason, VerdictRecord } from './records.js';
import { type StudyState, stepsTrained, type TrialState } from './state.js';
import { stopRulesOf } from './strategy-parts.js';
import { TrialRun } from './trial-run.js';

/**
 * Decides as far as results are there, in the order of the virtual clock; then all trials under way may run, each until it reports. So
 * neither the number of workers nor their speed changes anything but the waiting.
 *
 * @param elapsedSeconds as in `plan`
 */
export function planTrials(state: StudyState, space: Space, elapsedSeconds: number, functions: OwnFunctions): Plan {
  const run = TrialRun.of(state, space, functions);
  const reason = endReason(state, space, elapsedSeconds);
  if (reason !== undefined) return end(reason);
  const next = run.next(state);
  if (next === 'done') return end(state.history.length === 0 ? 'failed' : 'budget');
  if (next !== 'wait') return { kind: 'record', records: [next] };
  return { kind: 'run', segments: state.trials.filter(({ status }) => status === 'ready').map(segmentOf) };
}

function end(reason: EndReason): Plan {
  return { kind: 'record', records: [{ kind: 'ended', reason }] };
}

function segmentOf({ trial, generation, hyperparameters, step, toStep, state }: TrialState): PlannedSegment {
  return { trial, generation, hyperparameters, fromStep: step, toStep: toStep!, state };
}

/** Why the study ends before its strategy is done. */
function endReason(state: StudyState, space: Space, elapsedSeconds: number): EndReason | undefined {
  const { best, front, settings, history } = state;
  const { budget, objective } = settings;
  const found = best === null || front.length > 0 ? front : [{ values: { [objective.metric]: best.value } }];
  if (found.some(({ values }) => reachesTargets(settings, values))) return 'target';
  const hasResult = history.length > 0;
  if (hasResult && elapsedSeconds >= (budget.wallSeconds ?? Number.POSITIVE_INFINITY)) return 'wall';
  if (stepsTrained(state) >= (budget.totalSteps ?? Number.POSITIVE_INFINITY)) return hasResult ? 'budget' : 'failed';
  return ruleThatEnds(state, space);
}

/** Rules are asked when a trial is over. */
function ruleThatEnds(state: StudyState, space: Space): EndReason | undefined {
  const { settings, log } = state;
  const last = log.at(-1);
  if (settings.stop === undefined || last?.kind !== 'verdict') return undefined;
  if (last.verdicts.every(({ kind }) => kind === 'pause' || kind === 'continue')) return undefined;
  const known = answers.get(last);
  if (known !== undefined) return known ?? undefined;
  const key = foldIn(seedKey(settings.seed), 'study');
  const objectiveCount = objectivesOf(settings).length;
  const view = { finished: finishedTrials(state), steps: stepsTrained(state), objectiveCount, space, key };
  const rule = stopRulesOf(settings.stop).find((one) => one.shouldStop(view));
  const answer = (rule?.name as EndReason | undefined) ?? null;
  answers.set(last, answer);
  return answer ?? undefined;
}

/** What the rules said after a verdict: some take a while, and a plan is asked for more often. */
const answers = new WeakMap<VerdictRecord, EndReason | null>();
