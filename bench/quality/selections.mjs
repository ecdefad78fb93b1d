/** Ways to select, beside truncation: what populations are compared on that train in no time. */
import { foldIn, normal, seedKey } from '../../dist/src/random/index.js';
import { noScheduler, parsePbtOptions, pb2, pbt } from '../../dist/src/schedulers/index.js';
import { parsePb2Options } from '../../dist/src/schedulers/pb2-options.js';
import { parseSpace } from '../../dist/src/space/index.js';
import { beginTraining, expectedLoss, train, trainUntilSharp } from './noisy-quadratic.mjs';
import { trainPopulation } from './populations.mjs';
import { quality, toy, trainStep } from './toy.mjs';

/** Everything else is what it is by default. */
const schedulers = {
  truncation: (options) => pbt(parsePbtOptions(options)),
  tournament: (options) => pbt(parsePbtOptions({ ...options, exploit: 'tournament' })),
  't-test': (options) => pbt(parsePbtOptions({ ...options, exploit: 'ttest' })),
  'truncation, backtracking': (options) => pbt(parsePbtOptions({ ...options, backtrack: {} })),
  'truncation, PB2': (options) => pb2(parsePb2Options(options)),
  'none (random search)': () => noScheduler(),
};

/** The toy: `noise` is the deviation of what is told of a score. The best Q at the end. */
function runToy({ population, noise, first }) {
  const task = {
    begin: () => toy.start,
    train: (theta, hyperparameters, steps) =>
      Array.from({ length: steps }).reduce((before) => trainStep(before, hyperparameters), theta),
    score: (theta, key) => quality(theta) + noise * normal(key),
  };
  const space = parseSpace({ h0: { float: [0, 1] }, h1: { float: [0, 1] } });
  const { interval, generations } = toy;
  return {
    options: { population, interval },
    run: (scheduler, key) => {
      const last = trainPopulation(task, { scheduler, space, key, population, generations, interval, first }).at(-1);
      return { quality: Math.max(...last.map(({ state }) => quality(state))) };
    },
  };
}

/** The noisy quadratic: `noise` is the deviation of what is told of a loss, as a share of it. The least expected loss at the end. */
function runQuadratic({ noise, trainSegment = train }) {
  const task = {
    begin: beginTraining,
    train: trainSegment,
    score: (state, key) => -expectedLoss(state) * (1 + noise * normal(key)),
  };
  const space = parseSpace({ learningRate: { float: [1e-3, 1], scale: 'log' }, momentum: { float: [0.5, 0.99] } });
  const [population, interval, generations] = [8, 125, 20];
  return {
    options: { population, interval },
    run: (scheduler, key) => {
      const last = trainPopulation(task, { scheduler, space, key, population, generations, interval }).at(-1);
      return { loss: Math.min(...last.map(({ state }) => expectedLoss(state))) };
    },
  };
}

/** On seeds below 100, all eight members lose what they learnt in three populations of four, under truncation. */
const sharpens = (...segment) => trainUntilSharp(...segment, { sharpAt: 500, sharpness: 1000 });

/** So many members between the two points of the figure's grid, both included. */
function onLine(population) {
  const share = (trial) => trial / (population - 1);
  return {
    population,
    first: Array.from({ length: population }, (_, trial) => ({ h0: 1 - share(trial), h1: share(trial) })),
  };
}

const cases = {
  toy: {
    'two members': runToy({ ...onLine(2), noise: 0 }),
    'ten members': runToy({ ...onLine(10), noise: 0 }),
    'ten members, noisy scores': runToy({ ...onLine(10), noise: 0.1 }),
  },
  quadratic: {
    'exact scores': runQuadratic({ noise: 0 }),
    'noisy scores': runQuadratic({ noise: 0.2 }),
    'noisy scores, collapse after 500 steps': runQuadratic({ noise: 0.2, trainSegment: sharpens }),
  },
};

/** The name of what all others are compared with. */
export const usual = 'truncation';
/** PB2 takes seconds for a run of the toy's 50 generations, and is on the quadratic only. */
export const selections = {
  toy: Object.keys(schedulers).filter((name) => !name.includes('PB2')),
  quadratic: Object.keys(schedulers),
};
export const selectionCases = Object.fromEntries(Object.entries(cases).map(([task, of]) => [task, Object.keys(of)]));

/** The result of one seed. */
export function runSelection({ task, name, selection }, seed) {
  const { options, run } = cases[task][name];
  return run(schedulers[selection](options), foldIn(seedKey(seed), 'selection', task));
}
