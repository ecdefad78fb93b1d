import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { randomSampler } from '../../src/samplers/random.js';
import {
  type RegularisedEvolutionOptions,
  regularisedEvolutionSampler,
} from '../../src/samplers/regularised-evolution.js';
import type { Observation, Sampler } from '../../src/samplers/sampler.js';
import { type Hyperparameters, parseSpace, type Space, sampleSpace } from '../../src/space/index.js';
import { input, itIsASampler, observation } from './sampler-contract.js';

const space = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] }, c: { choice: ['a', 'b', 'c'] } });
const children = (
  history: readonly Observation[],
  options: RegularisedEvolutionOptions,
  of: Space = space,
  count = 200,
): Hyperparameters[] =>
  Array.from({ length: count }, (_, at) => {
    const key = foldIn(seedKey(3), at);
    return regularisedEvolutionSampler(options).propose(input(of, history.length, { history, key })).hyperparameters;
  });
const changed = (child: Hyperparameters, parent: Hyperparameters) =>
  Object.keys(child).filter((name) => child[name] !== parent[name]);

/** The least loss of `count` trials. */
function best(sampler: Sampler, of: Space, seed: number, count: number, loss: (values: Hyperparameters) => number) {
  const history: Observation[] = [];
  for (let trial = 0; trial < count; trial++) {
    const { hyperparameters, note = null } = sampler.propose(input(of, trial, { seed, history }));
    history.push(observation(trial, hyperparameters, { losses: [loss(hyperparameters)], note }));
  }
  return Math.min(...history.map(({ losses }) => losses[0]!));
}

describe('regularised evolution', () => {
  itIsASampler(() => regularisedEvolutionSampler({ population: 10, sample: 3 }));

  const point = { x: 0.5, y: 0.5, c: 'a' };

  it('changes one parameter of its parent', () => {
    const history = [observation(0, point)];
    for (const child of children(history, { population: 1, sample: 1 })) expect(changed(child, point)).toHaveLength(1);
    const names = new Set(children(history, { population: 1 }).flatMap((child) => changed(child, point)));
    expect([...names].toSorted()).toEqual(['c', 'x', 'y']);
  });

  it('moves numbers by a normal distance of the spread, and takes any other item', () => {
    const all = children([observation(0, point)], { population: 1, spread: 0.05 }, space, 2000);
    const moves = all.filter((child) => child.x !== 0.5).map(({ x }) => Number(x) - 0.5);
    const deviation = Math.sqrt(moves.reduce((sum, one) => sum + one * one, 0) / moves.length);
    // some 670 moves: four standard errors
    expect(Math.abs(deviation - 0.05)).toBeLessThan(4 * (0.05 / Math.sqrt(2 * moves.length)));
    const items = all.filter((child) => child.c !== 'a').map(({ c }) => c);
    expect(Math.abs(items.filter((c) => c === 'b').length / items.length - 0.5)).toBeLessThan(0.1);
  });

  it('copies the best of those that are alive: the newest complete ones', () => {
    const old = observation(0, { x: 0.1, y: 0.1, c: 'b' }, { losses: [-100] });
    const alive = [1, 2, 3].map((trial) => observation(trial, { ...point, x: trial / 10 }, { losses: [trial] }));
    const failed = observation(4, { x: 0.9, y: 0.9, c: 'c' }, { status: 'failed', losses: [] });
    const pruned = observation(5, { x: 0.9, y: 0.9, c: 'c' }, { status: 'pruned', losses: [-100] });
    const running = observation(6, { x: 0.9, y: 0.9, c: 'c' }, { status: 'running', losses: [] });
    const history = [old, ...alive, failed, pruned, running];
    for (const child of children(history, { population: 3, sample: 64 }, space, 50)) {
      expect(changed(child, alive[0]!.hyperparameters)).toHaveLength(1);
    }
  });

  it('draws parents uniformly for a tournament of one', () => {
    const history = [0, 1, 2, 3].map((trial) => observation(trial, { ...point, y: trial / 10 }, { losses: [trial] }));
    const parents = children(history, { population: 4, sample: 1, spread: 1e-4 }, space, 400).map((child) =>
      Math.round(Number(child.y) * 10),
    );
    for (const trial of [0, 1, 2, 3]) {
      expect(Math.abs(parents.filter((one) => one === trial).length - 100)).toBeLessThan(40);
    }
  });

  it('prefers members that violate less', () => {
    const feasible = observation(0, point, { losses: [5], violations: [-1] });
    const infeasible = observation(1, { ...point, x: 0.9 }, { losses: [1], violations: [2] });
    const unknown = observation(2, { ...point, x: 0.8 }, { losses: [0] });
    for (const child of children([feasible, infeasible, unknown], { population: 3, sample: 64 }, space, 20)) {
      expect(changed(child, point)).toHaveLength(1);
    }
  });

  it('draws from the prior until the population is complete', () => {
    const history = Array.from({ length: 9 }, (_, trial) => observation(trial, point));
    const given = input(space, 9, { history });
    expect(regularisedEvolutionSampler({ population: 10 }).propose(given).hyperparameters).toEqual(
      sampleSpace(space, given.key),
    );
  });

  it('draws what becomes active from the prior, and drops what no longer is', () => {
    const conditional = parseSpace({
      on: { boolean: true },
      depth: { int: [1, 9], when: { on: true } },
      rate: { float: [0, 1], when: { on: false } },
    });
    const all = children([observation(0, { on: false, rate: 0.5 })], { population: 1 }, conditional);
    const on = all.filter((child) => child.on === true);
    expect(on.length).toBeGreaterThan(50);
    expect(new Set(on.map(({ depth }) => depth)).size).toBe(9);
    expect(on.every((child) => !('rate' in child))).toBe(true);
  });

  it('tries nothing twice while there is something new', () => {
    const small = parseSpace({ a: { int: [1, 8] }, b: { int: [1, 8] } });
    const history: Observation[] = [];
    const sampler = regularisedEvolutionSampler({ population: 3, sample: 2 });
    for (let trial = 0; trial < 12; trial++) {
      const { hyperparameters } = sampler.propose(input(small, trial, { history }));
      history.push(observation(trial, hyperparameters, { losses: [Number(hyperparameters.a)] }));
    }
    const bred = history.slice(3).map(({ hyperparameters }) => JSON.stringify(hyperparameters));
    expect(new Set(bred).size).toBe(9);
  });

  it('gets four times nearer to a minimum than random search does in 200 trials', () => {
    const sphere = parseSpace(Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`x${i}`, { float: [-1, 1] }])));
    const loss = (values: Hyperparameters) =>
      Object.values(values).reduce<number>((sum, x) => sum + (Number(x) - 0.3) ** 2, 0);
    const median = (sampler: Sampler) =>
      [1, 2, 3, 4, 5, 6, 7].map((seed) => best(sampler, sphere, seed, 200, loss)).toSorted((a, b) => a - b)[3]!;
    expect(median(regularisedEvolutionSampler())).toBeLessThan(median(randomSampler()) / 4);
  });

  it.each([
    [{ population: 0 }, 'SAMPLERS_OPTION_INVALID'],
    [{ sample: 2.5 }, 'SAMPLERS_OPTION_INVALID'],
    [{ spread: 0 }, 'SAMPLERS_OPTION_INVALID'],
    [{ size: 5 }, 'SAMPLERS_OPTION_UNKNOWN'],
  ])('refuses %j', (options, code) => {
    expect(() => regularisedEvolutionSampler(options as RegularisedEvolutionOptions)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
