import { describe, expect, it } from 'vitest';
import { cmaEsSampler } from '../../src/samplers/cma-es.js';
import { randomSampler } from '../../src/samplers/random.js';
import type { Note, Observation, Sampler } from '../../src/samplers/sampler.js';
import { type Hyperparameters, parseSpace, type Space } from '../../src/space/index.js';
import { input, itIsASampler, observation } from './sampler-contract.js';

type Objective = (values: Hyperparameters) => Partial<Observation>;

interface StudyOptions {
  readonly sampler: Sampler;
  readonly space: Space;
  readonly objective: Objective;
  readonly trials: number;
  readonly seed?: number;
  readonly before?: readonly Observation[];
}

/** The trials of a study in which one runs after another. */
function run({ sampler, space, objective, trials, seed = 1, before = [] }: StudyOptions): Observation[] {
  const history = [...before];
  while (history.length < trials) {
    const trial = history.length;
    const { hyperparameters, note = null } = sampler.propose(input(space, trial, { seed, history }));
    history.push(observation(trial, hyperparameters, { note, ...objective(hyperparameters) }));
  }
  return history;
}

const best = (history: readonly Observation[]) => Math.min(...history.flatMap(({ losses }) => losses));
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const seeds = [1, 2, 3];
const generationOf = ({ note }: Observation) => (note as { cmaEs: { generation: number } }).cmaEs.generation;
const fromOf = ({ note }: Observation) => (note as { cmaEs: { from: number[] } }).cmaEs.from;

const box = parseSpace(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`x${i}`, { float: [-3, 7] }])));
const loss = (f: (values: number[]) => number): Objective => {
  return (values) => ({ losses: [f(Object.values(values) as number[])] });
};
const sphere = loss((x) => x.reduce((sum, value) => sum + value * value, 0));

const mixed = parseSpace({
  rate: { float: [1e-5, 1], scale: 'log' },
  units: { int: [1, 64] },
  size: { ordinal: ['s', 'm', 'l', 'xl'] },
  optimizer: { choice: ['sgd', 'adam', 'rmsprop', 'lion'] },
  decay: { float: [0, 1], when: { optimizer: ['adam', 'lion'] } },
});
/** 0 at 0.001, 40, l, adam, 0.25. */
const mixedLoss: Objective = ({ rate, units, size, optimizer, decay }) => {
  const off = (Math.log10(rate as number) + 3) ** 2 + ((units as number) - 40) ** 2 / 100 + (size === 'l' ? 0 : 1);
  return { losses: [off + (optimizer === 'adam' ? ((decay as number) - 0.25) ** 2 : 2)] };
};

describe('CMA-ES', () => {
  itIsASampler(() => cmaEsSampler());

  it('comes to 1e-8 on a sphere of five in 1,000 trials', () => {
    for (const seed of seeds) {
      expect(best(run({ sampler: cmaEsSampler(), space: box, objective: sphere, trials: 1000, seed }))).toBeLessThan(
        1e-8,
      );
    }
  });

  it('finds the values of a mixed, conditional space, where random search is ten times as far away', () => {
    const of = (make: () => Sampler) =>
      median(
        seeds.map((seed) => best(run({ sampler: make(), space: mixed, objective: mixedLoss, trials: 400, seed }))),
      );
    expect(of(() => cmaEsSampler())).toBeLessThan(0.1 * of(randomSampler));
  });

  it('gives a study of which it remembers nothing the same trials', () => {
    const history = run({ sampler: cmaEsSampler(), space: mixed, objective: mixedLoss, trials: 90 });
    for (const trial of [0, 7, 8, 9, 40, 89]) {
      const past = history.slice(0, trial);
      const { hyperparameters, note } = cmaEsSampler().propose(input(mixed, trial, { seed: 1, history: past }));
      expect({ hyperparameters, note }).toEqual({
        hyperparameters: history[trial]!.hyperparameters,
        note: history[trial]!.note,
      });
    }
  });

  it('draws one generation as long as not enough of it has ended, and leaves later ones out', () => {
    const sampler = cmaEsSampler({ population: 4 });
    const history: Observation[] = [];
    const ask = () => {
      const trial = history.length;
      const { hyperparameters, note = null } = sampler.propose(input(box, trial, { history }));
      history.push(observation(trial, hyperparameters, { status: 'running', losses: [], note }));
    };
    const tell = (trial: number) => {
      history[trial] = { ...history[trial]!, status: 'complete', ...sphere(history[trial]!.hyperparameters) };
    };
    for (let trial = 0; trial < 7; trial++) ask();
    for (const trial of [6, 2, 5]) tell(trial);
    ask();
    expect(history.map(generationOf)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    tell(7);
    ask();
    expect([generationOf(history[8]!), fromOf(history[8]!)]).toEqual([1, [2, 5, 6, 7]]);
    // trials 0 and 1 were drawn first, but ended after the generation was closed
    tell(0);
    tell(1);
    ask();
    expect([generationOf(history[9]!), fromOf(history[9]!)]).toEqual([1, [2, 5, 6, 7]]);
  });

  it('moves away from where trials fail', () => {
    const objective: Objective = (values) =>
      (values.x0 as number) > 1.5 ? { status: 'failed', losses: [] } : sphere(values);
    const history = run({ sampler: cmaEsSampler(), space: box, objective, trials: 400 });
    expect(history.slice(-50).filter(({ status }) => status === 'failed')).toEqual([]);
    expect(best(history)).toBeLessThan(1e-2);
  });

  it('puts what violates outcome constraints behind what does not', () => {
    const objective: Objective = (values) => ({ ...sphere(values), violations: [1 - (values.x0 as number)] });
    const history = run({ sampler: cmaEsSampler(), space: box, objective, trials: 600 });
    const feasible = history.filter(({ violations }) => violations[0]! <= 0);
    expect(best(feasible)).toBeGreaterThanOrEqual(1);
    expect(best(feasible)).toBeLessThan(1.01);
  });

  it('respects constraints of the space, also far from the middle', () => {
    const space = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] } }, { constraints: ['x + y < 0.2'] });
    const objective = loss(([x, y]) => (x! - 0.1) ** 2 + (y! - 0.05) ** 2);
    expect(best(run({ sampler: cmaEsSampler(), space, objective, trials: 300 }))).toBeLessThan(1e-6);
  });

  it('starts in the middle, or where the best trial of others is', () => {
    const elsewhere = { x0: 6, x1: 6, x2: 6, x3: 6, x4: 6 };
    const before = [
      observation(0, elsewhere, { losses: [1] }),
      observation(1, { ...elsewhere, x0: -3 }, { losses: [2] }),
    ];
    const centre = (history: readonly Observation[]) =>
      median(history.flatMap(({ hyperparameters }) => Object.values(hyperparameters) as number[]));
    const parallel: Objective = () => ({ status: 'running', losses: [] });
    const settings = { sampler: cmaEsSampler({ sigma: 0.02 }), space: box, objective: parallel, trials: 60 };
    expect(centre(run(settings))).toBeCloseTo(2, 0);
    expect(centre(run({ ...settings, before }).slice(2))).toBeCloseTo(6, 0);
  });

  it.each([
    ['ipop', 0],
    ['bipop', 0],
    ['none', 0.1],
  ] as const)(
    'with restarts: %s, a narrow minimum beside a wide one leaves %s in most studies',
    (restarts, expected) => {
      const space = parseSpace({ x: { float: [-1, 1] } });
      const objective = loss(([x]) => Math.min(0.1 + (x! + 0.5) ** 2, 2 * (x! - 0.7) ** 2));
      const sampler = cmaEsSampler({ restarts, sigma: 0.1 });
      const found = seeds.map((seed) => best(run({ sampler, space, objective, trials: 1000, seed })));
      expect(median(found)).toBeCloseTo(expected, 2);
    },
  );

  it('begins anew where the space has another number of parameters', () => {
    const history = run({ sampler: cmaEsSampler(), space: box, objective: sphere, trials: 30 });
    const smaller = parseSpace({ x0: { float: [-3, 7] } });
    const { note } = cmaEsSampler().propose(input(smaller, 30, { history }));
    expect((note as { cmaEs: Note }).cmaEs).toMatchObject({ generation: 0 });
  });

  it.each([
    [{ sigma: 0 }, 'SAMPLERS_OPTION_INVALID'],
    [{ population: 3 }, 'SAMPLERS_OPTION_INVALID'],
    [{ restart: 'ipop' }, 'SAMPLERS_OPTION_UNKNOWN'],
    [{ restarts: 'often' }, 'SAMPLERS_OPTION_INVALID'],
  ])('refuses the options %j', (options, code) => {
    expect(() => cmaEsSampler(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
