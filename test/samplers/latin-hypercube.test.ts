import { describe, expect, it } from 'vitest';
import { type LatinHypercubeOptions, latinHypercubeSampler } from '../../src/samplers/latin-hypercube.js';
import { encode, firstBroken, parseSpace, type Space } from '../../src/space/index.js';
import { kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';
import { input, itIsASampler } from './sampler-contract.js';

const draws = (space: Space, points: number, count: number, seed = 7) => {
  const sampler = latinHypercubeSampler({ points });
  return Array.from({ length: count }, (_, trial) => sampler.propose(input(space, trial, { seed })).hyperparameters);
};

const space = parseSpace({ x: { float: [-2, 2] }, rate: { float: [1e-4, 1], scale: 'log' }, y: { float: [0, 1] } });

/** In which of `count` equal parts of the parameter's scale each value lies. */
const partsOf = (name: string, values: readonly Record<string, unknown>[], count: number) => {
  const parameter = space.parameters.find((one) => one.name === name)!;
  return values.map((one) => Math.min(count - 1, Math.floor(encode(parameter, one[name] as number) * count)));
};
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('Latin hypercube sampling', () => {
  itIsASampler(() => latinHypercubeSampler({ points: 20 }), { objectives: 'several' });

  it.each(['x', 'rate', 'y'])('has one point in each part of %s, in every block', (name) => {
    for (const points of [1, 2, 7, 64]) {
      const values = draws(space, points, 3 * points);
      for (let block = 0; block < 3; block++) {
        const parts = partsOf(name, values.slice(block * points, (block + 1) * points), points);
        expect(parts.toSorted((a, b) => a - b)).toEqual(upTo(points));
      }
    }
  });

  it('orders dimensions, blocks and studies independently', () => {
    const values = draws(space, 40, 80);
    const orders = [
      partsOf('x', values.slice(0, 40), 40),
      partsOf('y', values.slice(0, 40), 40),
      partsOf('x', values.slice(40), 40),
      partsOf('x', draws(space, 40, 40, 8), 40),
      upTo(40),
    ].map((parts) => parts.join());
    expect(new Set(orders).size).toBe(5);
  });

  it('places points uniformly within their parts', () => {
    const within = draws(space, 2000, 2000).map(({ y }) => (Number(y) * 2000) % 1);
    expect(kolmogorovSmirnov(within, (x) => x)).toBeLessThan(kolmogorovSmirnovLimit(2000));
  });

  it('takes every item as often, where the points are a multiple of them', () => {
    const items = draws(parseSpace({ a: { choice: ['a', 'b', 'c'] } }), 30, 30).map(({ a }) => a);
    expect(['a', 'b', 'c'].map((item) => items.filter((one) => one === item).length)).toEqual([10, 10, 10]);
  });

  it('draws a parameter the same whatever other parameters there are', () => {
    const alone = draws(parseSpace({ y: { float: [0, 1] } }), 16, 32).map(({ y }) => y);
    expect(draws(space, 16, 32).map(({ y }) => y)).toEqual(alone);
  });

  it('skips points that break constraints', () => {
    const definition = { x: { float: [0, 1] }, y: { float: [0, 1] } } as const;
    const constrained = parseSpace(definition, { constraints: ['x <= y'] });
    const free = draws(parseSpace(definition), 50, 100).filter((one) => firstBroken(constrained, one) === undefined);
    expect(draws(constrained, 50, 30)).toEqual(free.slice(0, 30));
  });

  it('has to be told how many points', () => {
    const make = (options: unknown) => () => latinHypercubeSampler(options as LatinHypercubeOptions);
    expect(make({})).toThrow(expect.objectContaining({ code: 'SAMPLERS_OPTION_MISSING' }));
    expect(make(undefined)).toThrow(expect.objectContaining({ code: 'SAMPLERS_OPTION_MISSING' }));
    expect(make({ points: 0 })).toThrow(expect.objectContaining({ code: 'SAMPLERS_OPTION_INVALID' }));
  });

  // recorded: a change here changes every study
  it('always proposes the same', () => {
    expect(draws(parseSpace({ x: { float: [0, 1] }, n: { int: [1, 9] } }), 4, 2)).toEqual([
      {
        n: 6,
        x: 0.0901344044764743,
      },
      {
        n: 1,
        x: 0.7399335515990004,
      },
    ]);
  });
});
