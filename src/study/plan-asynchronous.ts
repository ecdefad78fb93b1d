/**
 * What a population has to do next whose members are decided on one by one, each when it is ready, against the last results of the others
 * (Jaderberg et al. 2017, algorithm 1): a pure function of the study's state. Who is ready next is said by a virtual clock by which every
 * step takes one unit, so that it depends neither on the number of workers nor on their speed.
 *
 * A member that has just become a copy counts as what it is a copy of, until it reports.
 */
import type { Decision } from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import { copied } from './apply-decided.js';
import { countArrived, dueAt } from './apply-segment.js';
import { isReadyAlone } from './awaited-plateau.js';
import { Member } from './member.js';
import type { Plan, PlannedSegment } from './plan.js';
import { decideMembers, type OwnFunctions, trainedBy } from './population-decision.js';
import { hasStoppedImproving } from './population-plateau.js';
import type { DecidedRecord, EndReason } from './records.js';
import { scheduled, segmentLength } from './scheduled.js';
import { type StudyState, stepsTrained, type TrialState } from './state.js';
import { earliest } from './virtual-order.js';

/** @param elapsedSeconds as in `plan` */
export function planAsynchronous(
  state: StudyState,
  space: Space,
  elapsedSeconds: number,
  functions: OwnFunctions,
): Plan {
  const underWay = state.trials.filter(({ status }) => status === 'ready' || status === 'reported');
  const reason = endReason(state, space, elapsedSeconds, underWay);
  if (reason !== undefined) return { kind: 'record', records: [{ kind: 'ended', reason }] };
  const next = nextToCount(state, underWay);
  if (next !== undefined) return { kind: 'record', records: [decide(state, space, next, functions)] };
  return { kind: 'run', segments: underWay.filter(({ status }) => status === 'ready').map(segmentOf) };
}

function segmentOf({ trial, generation, hyperparameters, step, toStep, state }: TrialState): PlannedSegment {
  return { trial, generation, hyperparameters, fromStep: step, toStep: toStep!, state };
}

function endReason(
  state: StudyState,
  space: Space,
  elapsedSeconds: number,
  underWay: readonly TrialState[],
): EndReason | undefined {
  const { best, settings } = state;
  const { budget, objective } = settings;
  if (best !== null) {
    // a target that comes late holds for a best that was there before
    const { generation, step } = furthest(state.trials);
    const { target } = scheduled(state, space, generation, step);
    const isGoodEnough = objective.direction === 'maximize' ? best.value >= target! : best.value <= target!;
    if (target !== null && isGoodEnough) return 'target';
    if (elapsedSeconds >= (budget.wallSeconds ?? Number.POSITIVE_INFINITY)) return 'wall';
  }
  if (hasStoppedImproving(state)) return 'plateau';
  const isSpent = underWay.length === 0 || stepsTrained(state) >= (budget.totalSteps ?? Number.POSITIVE_INFINITY);
  if (!isSpent) return undefined;
  return best === null ? 'failed' : 'budget';
}

/** How far the members have come, each for itself. */
function furthest(trials: readonly TrialState[]): { readonly generation: number; readonly step: number } {
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
  return { generation: most(trials.map((one) => one.generation)), step: most(trials.map((one) => one.step)) };
}

/**
 * The member whose segment counts next, once it is there: the earliest. One without a score, while nobody has one that it could copy, comes
 * after those that may still get one.
 */
function nextToCount({ trials }: StudyState, underWay: readonly TrialState[]): TrialState | undefined {
  const first = earliest(underWay, dueAt);
  const someoneHasScore = trials.some(({ checkpoint }) => checkpoint !== null);
  const mayBeHealthy = someoneHasScore ? underWay : underWay.filter((trial) => !isLost(trial));
  const next = earliest(mayBeHealthy, dueAt) ?? first;
  return next?.arrived === null ? undefined : next;
}

function isLost({ arrived }: TrialState): boolean {
  return arrived !== null && (arrived.kind === 'failed' || arrived.outcome === 'diverged');
}

function decide(
  state: StudyState,
  space: Space,
  { trial, generation }: TrialState,
  functions: OwnFunctions,
): DecidedRecord {
  const counted = countArrived(state, trial, generation);
  const own = counted.trials[trial]!;
  const { steps: budget } = counted.settings.budget;
  const isThrough = own.checkpoint !== null && trainedBy(own) >= budget;
  const decides = !isThrough && isReadyAlone(counted, space, own);
  const decision: Decision = decides ? decideOn(counted, space, own, functions) : { kind: 'continue', trial };
  const { step, hyperparameters } = decision.kind === 'exploit' ? copyOf(counted, decision) : own;
  const length = segmentLength(counted, space, { generation: generation + 1, step, hyperparameters });
  const isOver = decision.kind === 'fail' || isThrough || step >= budget;
  const toStep = isOver ? null : Math.min(step + length, budget);
  return { kind: 'decided', generation, decisions: [decision], toStep };
}

/** Virtual time after which a member that is lost is not replaced any more, in budgets: one that is lost each time would go on for ever. */
const patience = 2;

function decideOn(state: StudyState, space: Space, own: TrialState, functions: OwnFunctions): Decision {
  const { trial, generation, step, checkpoint, clock } = own;
  if (checkpoint === null && clock >= patience * state.settings.budget.steps) {
    return { kind: 'fail', trial, reason: 'it was lost again and again' };
  }
  const members = state.trials.flatMap((one) => (one === own || one.checkpoint !== null ? [memberOf(state, one)] : []));
  const [decided] = decideMembers(state, space, { generation, step, members, ready: [trial] }, functions);
  return decided!;
}

/** What a copy goes on with. */
function copyOf(state: StudyState, { parent, parentGeneration, hyperparameters }: Decision & { kind: 'exploit' }) {
  return { step: copied(state, parent, parentGeneration).toStep, hyperparameters };
}

/** By the state that it has, which may be one that it copied and has not trained yet. */
function memberOf(state: StudyState, of: TrialState): Member {
  const { checkpoint, hyperparameters, step } = of;
  if (checkpoint === null) return new Member(state, of, null, hyperparameters, step);
  const { score, hyperparameters: trained, toStep: steps } = checkpoint;
  return new Member(state, of, score, trained, steps);
}
