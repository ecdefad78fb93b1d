/** A population on a task that trains in no time: what a study does with a scheduler's decisions, without its journal and its workers. */
import { foldIn } from '../../dist/src/random/index.js';
import { sampleSpace } from '../../dist/src/space/index.js';

const nothing = new Set();

/**
 * Trains a population.
 *
 * @param task { begin: () => state, train: (state, hyperparameters, steps, fromStep) => state, score: (state, key) => number }: states are
 * never changed; a score that is not finite is a failed segment
 * @param run { scheduler, space, key, population, generations, interval, first }; `first`: hyperparameters by trial, otherwise drawn
 * @returns for each generation the members' states and hyperparameters at its end, before its decision
 */
export function trainPopulation(task, { scheduler, space, key, population, generations, interval, first }) {
  let members = Array.from({ length: population }, (_, trial) => ({
    trial,
    state: task.begin(),
    hyperparameters: first?.[trial] ?? sampleSpace(space, foldIn(key, 'start', trial)),
    before: null,
    lineage: [],
  }));
  const [history, generationsSeen] = [[], []];
  for (let generation = 0; generation < generations; generation++) {
    const fromStep = generation * interval;
    const ended = members.map((member) => {
      const { trial, hyperparameters, before } = member;
      const state = task.train(member.state, hyperparameters, interval, fromStep);
      const told = task.score(state, foldIn(key, 'score', generation, trial));
      const score = Number.isFinite(told) ? told : null;
      const segment = { trial, generation, hyperparameters, score };
      if (score !== null) history.push({ ...segment, fromStep, toStep: fromStep + interval, before });
      const lineage = [...member.lineage, { ...segment, steps: fromStep + interval, kept: true }];
      return { ...segment, state, steps: fromStep + interval, lineage: score === null ? member.lineage : lineage };
    });
    generationsSeen.push(ended);
    const ready = ended.map(({ trial }) => trial);
    const input = { space, key, generation, members: ended, ready, frozen: nothing, history };
    members = scheduler.decide(input).map((decision) => next(decision, generationsSeen));
  }
  return generationsSeen;
}

/** What a decision makes of a member. */
function next(decision, generationsSeen) {
  const { trial, kind } = decision;
  const from = kind === 'exploit' ? decision.parent : trial;
  const generation = (kind === 'exploit' ? decision.parentGeneration : undefined) ?? generationsSeen.length - 1;
  const { state, score, lineage, hyperparameters } = generationsSeen[generation][from];
  return {
    trial,
    state,
    before: score,
    lineage,
    hyperparameters: kind === 'exploit' ? decision.hyperparameters : hyperparameters,
  };
}
