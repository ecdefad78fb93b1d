import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { type Nsga2Options, nsga2Sampler } from '../../src/samplers/nsga2.js';
import { hypervolume } from '../../src/samplers/pareto.js';
import { randomSampler } from '../../src/samplers/random.js';
import type { Note, Observation, Sampler } from '../../src/samplers/sampler.js';
import { type Hyperparameters, parseSpace, type Space, sampleSpace } from '../../src/space/index.js';
import { SimulatedStudy } from '../../src/testing/simulated-study.js';
import { input, itIsASampler, observation } from './sampler-contract.js';

const space = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] } });
const copying = { population: 4, mutationProbability: 0, crossoverProbability: 0.5 };

/** Children of a history, under many keys. */
const children = (history: readonly Observation[], options: Nsga2Options, of: Space = space, objectiveCount = 2) =>
  Array.from({ length: 200 }, (_, at): Hyperparameters => {
    const given = input(of, history.length, { history, key: foldIn(seedKey(3), at), objectiveCount });
    return nsga2Sampler(options).propose(given).hyperparameters;
  });

const generation = (history: readonly Observation[], options: Nsga2Options): Note =>
  nsga2Sampler(options).propose(input(space, history.length, { history, objectiveCount: 2 })).note ?? null;

/** A front of `count` trials of a generation, from trial `first`. */
const front = (first: number, count: number, of: number | null, worse = 0): Observation[] =>
  Array.from({ length: count }, (_, at) =>
    observation(
      first + at,
      { x: (first + at) / 100, y: 0.5 + (first + at) / 100 },
      {
        losses: [at + worse, count - at + worse],
        note: of === null ? null : { generation: of },
      },
    ),
  );

function run(
  sampler: Sampler,
  of: Space,
  seed: number,
  count: number,
  losses: (values: readonly number[]) => number[],
) {
  const history: Observation[] = [];
  for (let trial = 0; trial < count; trial++) {
    const { hyperparameters, note = null } = sampler.propose(input(of, trial, { seed, history, objectiveCount: 2 }));
    history.push(
      observation(trial, hyperparameters, { losses: losses(Object.values(hyperparameters).map(Number)), note }),
    );
  }
  return history;
}

describe('NSGA-II', () => {
  describe('by default', () => itIsASampler(() => nsga2Sampler({ population: 8 }), { objectives: 'several' }));
  describe('with simulated binary crossover and polynomial mutation', () =>
    itIsASampler(() => nsga2Sampler({ population: 8, crossover: 'sbx', mutation: 'polynomial' }), {
      objectives: 'several',
    }));

  it('draws the first generation from the prior', () => {
    const given = input(space, 3, { history: front(0, 3, 0), objectiveCount: 2 });
    const proposal = nsga2Sampler({ population: 4 }).propose(given);
    expect(proposal).toEqual({ hyperparameters: sampleSpace(space, given.key), note: { generation: 0 } });
  });

  it('begins a generation when one has as many complete trials as the population', () => {
    const failed = observation(4, { x: 0, y: 0 }, { status: 'failed', losses: [], note: { generation: 0 } });
    const pruned = observation(5, { x: 0, y: 0 }, { status: 'pruned', losses: [0, 0], note: { generation: 0 } });
    const running = observation(6, { x: 0, y: 0 }, { status: 'running', losses: [], note: { generation: 0 } });
    const started = front(0, 3, 0);
    expect(generation([...started, failed, pruned, running], copying)).toEqual({ generation: 0 });
    expect(generation([...started, ...front(3, 1, 0), failed, running], copying)).toEqual({ generation: 1 });
    expect(generation([...front(0, 4, 0), ...front(4, 3, 1)], copying)).toEqual({ generation: 1 });
    expect(generation([...front(0, 4, 0), ...front(4, 4, 1)], copying)).toEqual({ generation: 2 });
  });

  it('takes trials that others proposed into generation 0', () => {
    expect(generation([...front(0, 2, null), ...front(2, 2, 0)], copying)).toEqual({ generation: 1 });
  });

  it('keeps the best of a generation and its parents', () => {
    const good = front(0, 2, 0);
    const bad = front(2, 2, 0, 50);
    const later = [...front(4, 2, 1), ...front(6, 2, 1, 90)];
    const best = new Set([...good, ...later.slice(0, 2)].map(({ hyperparameters }) => hyperparameters.x));
    for (const { x, y } of children([...good, ...bad, ...later], copying)) {
      expect([...best].filter((one) => one === x || Number(one) + 0.5 === y)).not.toEqual([]);
    }
  });

  it('takes a trial that ends late into its own generation', () => {
    const late = observation(8, { x: 0.95, y: 0.05 }, { losses: [-9, -9], note: { generation: 0 } });
    const before = [...front(0, 4, 0), ...front(4, 4, 1)];
    const used = (history: readonly Observation[]) =>
      children(history, copying).some(({ x, y }) => x === 0.95 || y === 0.05);
    expect(used(before)).toBe(false);
    expect(used([...before, late])).toBe(true);
  });

  it('is the same in one study as for each history alone, also when trials end late', () => {
    const study = new SimulatedStudy(nsga2Sampler({ population: 5 }), space, 7, 2);
    for (let trial = 0; trial < 60; trial++) {
      const expected = nsga2Sampler({ population: 5 }).propose(study.input());
      const { hyperparameters, note } = study.ask();
      expect({ hyperparameters, note }).toEqual(expected);
      // of four in a row, the first ends after the others
      if (trial % 4 !== 0) study.tell(trial);
      if (trial % 4 === 3) study.tell(trial - 3);
    }
  });

  it('crosses two parents value by value, and copies one otherwise', () => {
    const two = [
      observation(0, { x: 0.1, y: 0.2 }, { losses: [0, 1] }),
      observation(1, { x: 0.8, y: 0.9 }, { losses: [1, 0] }),
    ];
    const crossed = children(two, { population: 2, mutationProbability: 0, crossoverProbability: 1 });
    const pairs = crossed.map(({ x, y }) => `${x} ${y}`);
    // the parents themselves were tried before
    expect(pairs.filter((pair) => pair === '0.1 0.9').length).toBeGreaterThan(60);
    expect(pairs.filter((pair) => pair === '0.8 0.2').length).toBeGreaterThan(60);
    expect(pairs.filter((pair) => pair === '0.1 0.2' || pair === '0.8 0.9')).toEqual([]);
  });

  it('mutates one parameter on average', () => {
    const history = [observation(0, { x: 0.5, y: 0.5 }), observation(1, { x: 0.5, y: 0.5 })];
    const one = { population: 2, crossoverProbability: 0 };
    const changes = children(history, one, space, 1).flatMap(({ x, y }) => [x !== 0.5, y !== 0.5]);
    // each with probability 1/2, given that one of them did: 2/3
    expect(Math.abs(changes.filter(Boolean).length / changes.length - 2 / 3)).toBeLessThan(0.08);
  });

  it('keeps simulated binary crossover near the parents, as its index says', () => {
    const two = [
      observation(0, { x: 0.4, y: 0 }, { losses: [0, 1] }),
      observation(1, { x: 0.6, y: 1 }, { losses: [1, 0] }),
    ];
    const crossed = (crossoverEta: number) =>
      children(two, { population: 2, mutationProbability: 0, crossoverProbability: 1, crossover: 'sbx', crossoverEta });
    const distance = (eta: number) =>
      crossed(eta).reduce((sum, { x }) => sum + Math.min(Math.abs(Number(x) - 0.4), Math.abs(Number(x) - 0.6)), 0);
    expect(distance(1000)).toBeLessThan(distance(20) / 10);
    expect(distance(20)).toBeLessThan(distance(1));
    // parents at the bounds: nothing beyond
    expect(crossed(20).every(({ y }) => Number(y) >= 0 && Number(y) <= 1)).toBe(true);
    expect(new Set(crossed(2).map(({ x }) => x)).size).toBeGreaterThan(80);
  });

  it('keeps polynomial mutation near the value, as its index says', () => {
    const history = [observation(0, { x: 0.5, y: 0.5 }), observation(1, { x: 0.5, y: 0.5 })];
    const moves = (mutationEta: number) =>
      children(history, { population: 2, mutation: 'polynomial', mutationEta, crossoverProbability: 0 }, space, 1)
        .flatMap(({ x, y }) => [Number(x) - 0.5, Number(y) - 0.5])
        .filter((move) => move !== 0);
    // |δ| has the density (η + 1)(1 - |δ|)^η, but for what the bounds cut off: its mean is 1 / (η + 2)
    const mean = moves(20).reduce((sum, move) => sum + Math.abs(move), 0) / moves(20).length;
    expect(mean).toBeGreaterThan(0.8 / 22);
    expect(mean).toBeLessThan(1.2 / 22);
    expect(moves(20).filter((move) => move > 0).length / moves(20).length).toBeGreaterThan(0.4);
    expect(moves(20).filter((move) => move < 0).length / moves(20).length).toBeGreaterThan(0.4);
  });

  it('prefers what is feasible, then what violates less, then what is better', () => {
    const trial = (at: number, loss: number, violations: readonly number[]) =>
      observation(at, { x: at / 10, y: at / 10 + 0.05 }, { losses: [loss, loss], violations });
    const history = [
      trial(0, 0, [5, 0]),
      trial(1, 9, [-1, -1]),
      trial(2, 8, [-1, 0]),
      trial(3, 1, [1, 1]),
      trial(4, 0, []),
    ];
    const parents = (population: number) => {
      const options = { population, crossoverProbability: 1, mutationProbability: 0 };
      const values = children(history, options).flatMap(({ x, y }) => [Number(x), Number(y) - 0.05]);
      return [...new Set(values.map((one) => Math.round(one * 1e6) / 1e5))].filter(Number.isInteger).toSorted();
    };
    expect(parents(2)).toEqual([1, 2]);
    expect(parents(3)).toEqual([1, 2, 3]);
    expect(parents(4)).toEqual([0, 1, 2, 3]);
  });

  it('gives what becomes active a parent’s value, if one has it', () => {
    const conditional = parseSpace({
      on: { boolean: true },
      depth: { int: [1, 9], when: { on: true } },
      rate: { float: [0, 1] },
    });
    const history = [
      observation(0, { on: true, depth: 4, rate: 0.25 }, { losses: [0, 1] }),
      observation(1, { on: false, rate: 0.75 }, { losses: [1, 0] }),
    ];
    const options = { population: 2, mutationProbability: 0, crossoverProbability: 1 };
    const texts = new Set(children(history, options, conditional).map((child) => JSON.stringify(child)));
    expect([...texts].toSorted()).toEqual(['{"on":false,"rate":0.25}', '{"on":true,"depth":4,"rate":0.75}']);
  });

  it('misses at most two thirds of the hypervolume of ZDT1 that random search misses, in 300 trials', () => {
    const zdt1 = (x: readonly number[]) => {
      const g = 1 + (9 * x.slice(1).reduce((sum, one) => sum + one, 0)) / (x.length - 1);
      return [x[0]!, g * (1 - Math.sqrt(x[0]! / g))];
    };
    const ten = parseSpace(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`x${i}`, { float: [0, 1] }])));
    const missing = (sampler: Sampler) => {
      const volumes = [1, 2, 3].map((seed) =>
        hypervolume(
          run(sampler, ten, seed, 300, zdt1).map(({ losses }) => losses),
          [11, 11],
        ),
      );
      // the whole front dominates 121 - 1/3
      return 121 - 1 / 3 - volumes.toSorted((a, b) => a - b)[1]!;
    };
    expect(missing(nsga2Sampler())).toBeLessThan(missing(randomSampler()) / 1.5);
  });

  it.each([
    [{ population: 1 }, 'SAMPLERS_OPTION_INVALID'],
    [{ crossover: 'two-point' }, 'SAMPLERS_OPTION_INVALID'],
    [{ crossoverProbability: 1.1 }, 'SAMPLERS_OPTION_INVALID'],
    [{ mutationEta: -1 }, 'SAMPLERS_OPTION_INVALID'],
    [{ mutationProbability: Number.NaN }, 'SAMPLERS_OPTION_INVALID'],
    [{ populationSize: 50 }, 'SAMPLERS_OPTION_UNKNOWN'],
    ['50', 'SAMPLERS_OPTIONS_NOT_AN_OBJECT'],
  ])('refuses %j', (options, code) => {
    expect(() => nsga2Sampler(options as Nsga2Options)).toThrow(expect.objectContaining({ code }));
  });
});
