import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { randomSampler } from '../../src/samplers/random.js';
import type { Observation, Sampler } from '../../src/samplers/sampler.js';
import { tpeSampler } from '../../src/samplers/tpe.js';
import { type Hyperparameters, parseSpace, type Space } from '../../src/space/index.js';
import { input, itIsASampler, observation } from './sampler-contract.js';

type Objective = (values: Hyperparameters) => number;

/** The trials of a study in which one runs after another. */
function run(sampler: Sampler, space: Space, objective: Objective, trials: number, seed: number): Observation[] {
  const history: Observation[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const { hyperparameters } = sampler.propose(input(space, trial, { seed, history }));
    history.push(observation(trial, hyperparameters, { losses: [objective(hyperparameters)] }));
  }
  return history;
}

const best = (history: readonly Observation[]) => Math.min(...history.map(({ losses }) => losses[0]!));
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const seeds = Array.from({ length: 7 }, (_, seed) => seed);

const plane = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] } });
const bowl: Objective = ({ x, y }) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.8) ** 2;

const tree = parseSpace({
  model: { choice: ['line', 'net'] },
  rate: { float: [1e-4, 1], scale: 'log' },
  slope: { float: [0, 1], when: { model: 'line' } },
  width: { int: [8, 512], scale: 'log', when: { model: 'net' } },
  depth: { int: [1, 6], when: { model: 'net' } },
  dropout: { float: [0, 0.9], step: 0.1, when: { model: 'net' } },
});
/** The best rate depends on the model. */
const treeLoss: Objective = ({ model, rate, slope, width, depth, dropout }) => {
  const log = Math.log10(rate as number);
  if (model === 'line') return 1 + (log + 1) ** 2 + ((slope as number) - 0.5) ** 2;
  const size = Math.log2(width as number) - 6;
  return (log + 3) ** 2 + 0.2 * size ** 2 + 0.1 * ((depth as number) - 3) ** 2 + (dropout as number);
};

describe('tpe', () => {
  itIsASampler(() => tpeSampler(), { objectives: 'several' });

  it.each([
    ['joint', 0.1],
    ['group', 1],
    ['independent', 1],
  ] as const)(
    'finds its way through a conditional space, %s, and leaves at most %s of what random search does',
    (together, share) => {
      const median7 = (sampler: Sampler) => median(seeds.map((seed) => best(run(sampler, tree, treeLoss, 80, seed))));
      expect(median7(tpeSampler({ together }))).toBeLessThan(share * median7(randomSampler()));
    },
  );

  it('gets ten times nearer to a minimum than random search does', () => {
    const median7 = (sampler: Sampler) => median(seeds.map((seed) => best(run(sampler, plane, bowl, 60, seed))));
    expect(median7(tpeSampler())).toBeLessThan(0.1 * median7(randomSampler()));
  });

  it('sees the losses by their order only', () => {
    const transforms: Objective[] = [bowl, (v) => Math.exp(20 * bowl(v)), (v) => 1e300 * (bowl(v) - 1)];
    const [plain, ...others] = transforms.map((one) => run(tpeSampler(), plane, one, 40, 1));
    const values = (history: readonly Observation[] = []) => history.map(({ hyperparameters }) => hyperparameters);
    for (const other of others) expect(values(other)).toEqual(values(plain));
  });

  it('starts with a Latin hypercube under the study key', () => {
    const values = Array.from({ length: 8 }, (_, trial) => {
      const { hyperparameters } = tpeSampler({ startupTrials: 8 }).propose(input(plane, trial));
      return Math.floor(8 * (hyperparameters.x as number));
    });
    expect(values.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('has a model once enough trials finished, pruned ones too, failed and running ones not', () => {
    const finished = run(tpeSampler(), plane, bowl, 10, 1);
    const propose = (history: readonly Observation[]) => tpeSampler().propose(input(plane, 10, { history }));
    const startup = propose([]);
    const last = finished.at(-1)!;
    const withLast = (rest: Partial<Observation>) => propose([...finished.slice(0, -1), { ...last, ...rest }]);
    expect(withLast({ status: 'failed', losses: [] })).toEqual(startup);
    expect(withLast({ status: 'running', losses: [] })).toEqual(startup);
    expect(withLast({})).not.toEqual(startup);
    expect(withLast({ status: 'pruned', reports: [{ step: 1, loss: 3 }] })).not.toEqual(startup);
  });

  it('keeps parallel trials apart, unless it is told not to', () => {
    const history = run(tpeSampler(), plane, bowl, 12, 3);
    // the mean distance of twelve parallel trials from each other
    const spread = (sampler: Sampler) => {
      const all = [...history];
      for (let trial = 12; trial < 24; trial++) {
        const { hyperparameters } = sampler.propose(input(plane, trial, { seed: 3, history: all }));
        all.push(observation(trial, hyperparameters, { status: 'running', losses: [] }));
      }
      const points = all.slice(12).map(({ hyperparameters: { x, y } }) => [x as number, y as number] as const);
      const distances = points.flatMap(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v)));
      return distances.reduce((sum, one) => sum + one, 0) / distances.length;
    };
    expect(spread(tpeSampler())).toBeGreaterThan(1.5 * spread(tpeSampler({ constantLiar: false })));
  });

  it('ignores running trials if it is told to', () => {
    const history = run(tpeSampler(), plane, bowl, 20, 1);
    const running = observation(20, { x: 0.3, y: 0.8 }, { status: 'running', losses: [] });
    const sampler = tpeSampler({ constantLiar: false });
    const without = sampler.propose(input(plane, 21, { history }));
    expect(sampler.propose(input(plane, 21, { history: [...history, running] }))).toEqual(without);
  });

  it('avoids what fails', () => {
    const history: Observation[] = [];
    for (let trial = 0; trial < 60; trial++) {
      const { hyperparameters } = tpeSampler().propose(input(plane, trial, { history }));
      // every second trial fails in random search
      const fails = (hyperparameters.y as number) < 0.5;
      const outcome = fails ? ({ status: 'failed', losses: [] } as const) : { losses: [bowl(hyperparameters)] };
      history.push(observation(trial, hyperparameters, outcome));
    }
    const failed = history.slice(20).filter(({ status }) => status === 'failed');
    expect(failed.length).toBeLessThan(10);
  });

  it('satisfies outcome constraints', () => {
    const history: Observation[] = [];
    for (let trial = 0; trial < 60; trial++) {
      const { hyperparameters } = tpeSampler().propose(input(plane, trial, { history }));
      const [x, y] = [hyperparameters.x as number, hyperparameters.y as number];
      history.push(observation(trial, hyperparameters, { losses: [x + y], violations: [0.6 - x] }));
    }
    const feasible = history.slice(30).filter(({ violations }) => violations[0]! <= 0);
    expect(feasible.length).toBeGreaterThan(15);
  });

  it('keeps to the constraints of the space where hardly any candidate does', () => {
    const narrow = parseSpace(
      { a: { float: [0, 1] }, b: { float: [0, 1] } },
      { constraints: ['a + b < 1.02', 'a + b > 0.98'] },
    );
    const history = run(tpeSampler(), narrow, ({ a }) => a as number, 40, 1);
    for (const { hyperparameters } of history) {
      const sum = (hyperparameters.a as number) + (hyperparameters.b as number);
      expect(Math.abs(sum - 1)).toBeLessThan(0.02);
    }
    expect(best(history)).toBeLessThan(0.1);
  });

  it('uses trials of an earlier, smaller space', () => {
    const before = parseSpace({ x: { float: [0, 1] } });
    const history = run(tpeSampler(), before, ({ x }) => ((x as number) - 0.3) ** 2, 60, 1);
    const xs = Array.from({ length: 20 }, (_, at) => {
      const { hyperparameters } = tpeSampler().propose(input(plane, 60 + at, { history }));
      return hyperparameters.x as number;
    });
    expect(median(xs.map((x) => Math.abs(x - 0.3)))).toBeLessThan(0.1);
  });

  it('finds the front of two objectives', () => {
    const front = (sampler: Sampler) => {
      const history: Observation[] = [];
      for (let trial = 0; trial < 80; trial++) {
        const asked = input(plane, trial, { history, objectiveCount: 2 });
        const { hyperparameters } = sampler.propose(asked);
        const [x, y] = [hyperparameters.x as number, hyperparameters.y as number];
        history.push(observation(trial, hyperparameters, { losses: [x + 2 * y, 1 - x + 2 * y] }));
      }
      // y is 0 on the front, wherever x is
      const late = history.slice(40).map(({ hyperparameters }) => hyperparameters);
      const xs = late.map(({ x }) => x as number);
      return { height: median(late.map(({ y }) => y as number)), width: Math.max(...xs) - Math.min(...xs) };
    };
    expect(front(tpeSampler()).height).toBeLessThan(0.15);
    expect(front(tpeSampler()).width).toBeGreaterThan(0.7);
  });

  it('proposes the same for a frozen history, and for a copy', () => {
    const history = Object.freeze(run(tpeSampler(), tree, treeLoss, 30, 1).map((one) => Object.freeze(one)));
    const asked = input(tree, 30, { history });
    const sampler = tpeSampler();
    const first = sampler.propose(asked);
    expect(sampler.propose(asked)).toEqual(first);
    expect(sampler.propose({ ...asked, history: structuredClone(history) })).toEqual(first);
    expect(sampler.propose({ ...asked, key: foldIn(seedKey(7), 'other') })).not.toEqual(first);
  });

  it.each([
    [{ startupTrials: 0 }, 'SAMPLERS_OPTION_INVALID'],
    [{ candidates: 1.5 }, 'SAMPLERS_OPTION_INVALID'],
    [{ together: 'both' }, 'SAMPLERS_OPTION_INVALID'],
    [{ startupTrails: 10 }, 'SAMPLERS_OPTION_UNKNOWN'],
  ])('refuses %j', (options, code) => {
    expect(() => tpeSampler(options as never)).toThrow(expect.objectContaining({ code }));
  });
});

describe('joint, group and independent', () => {
  // the rate that is best for one model is the worst for the other
  const space = parseSpace({
    model: { choice: ['a', 'b'] },
    rate: { float: [0, 1] },
    only: { float: [0, 1], when: { model: 'a' } },
  });
  const loss: Objective = ({ model, rate }) => Math.abs((rate as number) - (model === 'a' ? 0.1 : 0.9));
  const history = Array.from({ length: 200 }, (_, trial) => {
    const [rate, model] = [((trial * 0.618) % 1) as number, trial % 2 === 0 ? 'a' : 'b'];
    const values = model === 'a' ? { model, rate, only: 0.5 } : { model, rate };
    return observation(trial, values, { losses: [loss(values)] });
  });
  /** Share of proposals whose rate goes with their model. */
  const agreement = (together: 'joint' | 'group' | 'independent') => {
    const proposals = Array.from({ length: 60 }, (_, at) => {
      return tpeSampler({ together }).propose(input(space, 200 + at, { history })).hyperparameters;
    });
    return proposals.filter((values) => loss(values) < 0.3).length / proposals.length;
  };

  it('learn which values go together, or do not', () => {
    expect(agreement('joint')).toBeGreaterThan(0.95);
    expect(agreement('group')).toBeGreaterThan(0.95);
    expect(agreement('independent')).toBeLessThan(0.8);
  });

  it('differ for a child whose best value depends on a parameter that is always active', () => {
    const childLoss: Objective = ({ rate, only }) =>
      only === undefined ? 2 : Math.abs((only as number) - (rate as number));
    const children = Array.from({ length: 300 }, (_, trial) => {
      const values = { model: 'a', rate: (trial * 0.618) % 1, only: (trial * 0.755) % 1 };
      return observation(trial, values, { losses: [childLoss(values)] });
    });
    const error = (together: 'joint' | 'group') => {
      const errors = Array.from({ length: 40 }, (_, at) => {
        return childLoss(
          tpeSampler({ together }).propose(input(space, 300 + at, { history: children })).hyperparameters,
        );
      });
      return median(errors);
    };
    expect(error('joint')).toBeLessThan(0.5 * error('group'));
  });
});
