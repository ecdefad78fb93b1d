/** Whole populations, simulated: what a decision costs with all that came before it in the journal. */
import { foldIn, seedKey, uniform } from '../../dist/src/random/index.js';
import { parseSpace } from '../../dist/src/space/index.js';
import { GrowingList } from '../../dist/src/study/growing-list.js';
import { apply, plan } from '../../dist/src/study/index.js';
import { cpuTime } from './cpu-time.mjs';

const definition = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`x${at}`, { float: [1e-4, 1], scale: 'log' }])),
  warmup: { int: [1, 500], structural: false },
  hidden: { choice: [64, 128, 256] },
};
const space = parseSpace(definition);
const interval = 100;

/** The first state of a study; `strategy`: options of `pbt` beside its population and interval. */
function begin(strategy, seed, generations) {
  const settings = {
    study: 'simulated',
    model: 'mlp',
    dataset: 'none',
    objective: { metric: 'score', direction: 'maximize' },
    space: definition,
    strategy: { kind: 'pbt', interval, quantile: 0.25, resample: 0.25, factors: [0.8, 1.2], burnIn: 0, ...strategy },
    budget: { steps: interval * (generations + 1) },
    seed,
    training: { batchSize: 32, evaluationBatchSize: 32, compile: 'never' },
  };
  const state = {
    created: { kind: 'created', settings },
    settings,
    trials: [],
    decided: [],
    incidents: [],
    history: GrowingList.empty(),
  };
  return { ...state, commands: [], runs: [], best: null, front: [], log: [], now: 0, ended: null };
}

/** How a segment ends: a member's luck, and more with every generation. */
function resultOf({ trial, generation, fromStep, toStep }, seed) {
  const score = generation + 3 * uniform(foldIn(seedKey(seed), 'score', trial, generation));
  const state = { file: `${trial}-${generation}`, bytes: 1 };
  const done = { kind: 'segment', outcome: 'done', loss: 1, metrics: { score }, seconds: 1, state };
  return { trial, generation, fromStep, toStep, ...done };
}

/**
 * Milliseconds of CPU of each decision in the second half of so many generations: of all members together, or, of an asynchronous population, of
 * one member.
 *
 * @param strategy population, and other options of `pbt`
 */
export function populationTimes(strategy, seed, generations = 20) {
  let state = begin(strategy, seed, generations);
  const times = [];
  for (;;) {
    const from = cpuTime();
    const next = plan(state, space, 0);
    const time = cpuTime() - from;
    if (next.kind === 'done') return times;
    if (next.kind === 'run') for (const segment of next.segments) state = apply(state, resultOf(segment, seed));
    else {
      for (const record of next.records) state = apply(state, record);
      if (next.records[0].kind === 'decided' && next.records[0].generation >= generations / 2) times.push(time);
    }
  }
}
