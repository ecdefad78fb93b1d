/** Whole populations, simulated: what a decision costs with all that came before it in the journal. */
import { foldIn, seedKey, uniform } from '../../dist/src/random/index.js';
import { parseSpace } from '../../dist/src/space/index.js';
import { apply, plan } from '../../dist/src/study/index.js';

const definition = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`x${at}`, { float: [1e-4, 1], scale: 'log' }])),
  warmup: { int: [1, 500], structural: false },
  hidden: { choice: [64, 128, 256] },
};
const space = parseSpace(definition);
const [interval, generations] = [100, 20];

/** The first state of a study; `strategy`: options of `pbt` beside its population and interval. */
function begin(strategy, seed) {
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
    history: [],
  };
  return { ...state, commands: [], runs: [], best: null, log: [], now: 0, ended: null };
}

/** How a segment ends: a member's luck, and more with every generation. */
function resultOf({ trial, generation, fromStep, toStep }, seed) {
  const score = generation + 3 * uniform(foldIn(seedKey(seed), 'score', trial, generation));
  const state = { file: `${trial}-${generation}`, bytes: 1 };
  const done = { kind: 'segment', outcome: 'done', loss: 1, metrics: { score }, seconds: 1, state };
  return { trial, generation, fromStep, toStep, ...done };
}

/**
 * Milliseconds of each decision after the tenth generation: of all members together, or, of an asynchronous population, of one member.
 *
 * @param strategy population, and other options of `pbt`
 */
export function populationTimes(strategy, seed) {
  let state = begin(strategy, seed);
  const times = [];
  for (;;) {
    const from = performance.now();
    const next = plan(state, space, 0);
    const time = performance.now() - from;
    if (next.kind === 'done') return times;
    if (next.kind === 'run') for (const segment of next.segments) state = apply(state, resultOf(segment, seed));
    else {
      for (const record of next.records) state = apply(state, record);
      if (next.records[0].kind === 'decided' && next.records[0].generation >= generations / 2) times.push(time);
    }
  }
}
