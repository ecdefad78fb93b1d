/** Taking in what a population's scheduler decided. */
import { type Decision, nextReplaySegment } from '../schedulers/index.js';
import { countArrived, replace } from './apply-segment.js';
import { errors } from './errors.js';
import type { DecidedRecord } from './records.js';
import { countsInOrder } from './settings.js';
import type { Checkpoint, StudyState, TrialState } from './state.js';

export function applyDecided(state: StudyState, record: DecidedRecord): StudyState {
  const after = countsInOrder(state.settings.strategy) ? decideOne(state, record) : decideAll(state, record);
  return { ...after, decided: [...after.decided, record] };
}

/** In an asynchronous population each member is decided on when its segment counts. */
function decideOne(state: StudyState, record: DecidedRecord): StudyState {
  const { generation, decisions, toStep = null } = record;
  const [decision, ...others] = decisions;
  if (!decision || others.length > 0) {
    throw errors.STUDY_JOURNAL_INVALID({ why: `an asynchronous population decided on ${decisions.length} members` });
  }
  const counted = countArrived(state, decision.trial, generation);
  const decided = { ...decide(counted, counted.trials[decision.trial]!, decision), toStep };
  const isComplete = decided.status === 'ready' && toStep === null;
  const trial = withAncestor(isComplete ? { ...decided, status: 'complete' } : decided, decision);
  return { ...counted, trials: replace(counted, trial), log: [...counted.log, record] };
}

/** A copy names whose state it has, and from when: its parent may be a copy itself that has not trained yet. */
function withAncestor(trial: TrialState, decision: Decision): TrialState {
  const { checkpoint, copies } = trial;
  if (decision.kind !== 'exploit' || checkpoint === null) return trial;
  const copy = { ...copies.at(-1)!, parent: checkpoint.trial, parentGeneration: checkpoint.generation };
  return { ...trial, copies: [...copies.slice(0, -1), copy] };
}

function decideAll(state: StudyState, { decisions, generation }: DecidedRecord): StudyState {
  const byTrial = new Map(decisions.map((decision) => [decision.trial, decision]));
  const trials = state.trials.map((trial) => {
    if (trial.status === 'out') return trial;
    const decision = byTrial.get(trial.trial);
    if (!decision || trial.status !== 'reported' || trial.generation !== generation) {
      throw errors.STUDY_JOURNAL_INVALID({ why: `generation ${generation} was decided without trial ${trial.trial}` });
    }
    return decide(state, trial, decision);
  });
  return { ...state, trials };
}

function decide(state: StudyState, trial: TrialState, decision: Decision): TrialState {
  const { generation } = trial;
  const next = { ...trial, generation: generation + 1 };
  switch (decision.kind) {
    case 'exploit': {
      const checkpoint = copied(state, decision.parent, decision.parentGeneration);
      const { hyperparameters, parent, parentGeneration, changes } = decision;
      const copy = { generation, parent, changes, ...(parentGeneration === undefined ? {} : { parentGeneration }) };
      const copies = [...trial.copies, copy];
      const { toStep: step, state: from } = checkpoint;
      return { ...next, status: 'ready', hyperparameters, step, state: from, checkpoint, copies };
    }
    case 'fail':
      return { ...next, status: 'out' };
    case 'continue':
      // without a state there is nothing to continue from
      return { ...next, status: trial.state === null ? 'out' : 'ready', ...replayed(state, trial) };
    default:
      return decision satisfies never;
  }
}

/** What a trial that follows a schedule goes on with. */
function replayed({ settings: { strategy } }: StudyState, { step }: TrialState): Partial<TrialState> {
  const next = strategy.kind === 'replay' ? nextReplaySegment(strategy.schedule, step) : null;
  return next === null ? {} : { hyperparameters: next.hyperparameters };
}

/** What a copy of `parent` begins from: its newest state, or that at the end of an older generation. Errors: STUDY_JOURNAL_INVALID. */
export function copied({ trials, history }: StudyState, parent: number, generation: number | undefined): Checkpoint {
  const found =
    generation === undefined
      ? trials[parent]?.checkpoint
      : history.items.find((one) => one.trial === parent && one.generation === generation);
  if (!found) throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${parent} is copied, and has no state` });
  return found;
}
