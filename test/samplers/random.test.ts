import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { randomSampler } from '../../src/samplers/index.js';
import { parseSpace, type SpaceDefinition, validateHyperparameters } from '../../src/space/index.js';
import { kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';
import { itIsASampler } from './sampler-contract.js';

const propose = (definition: SpaceDefinition, trial = 0) =>
  randomSampler().propose({
    space: parseSpace(definition),
    key: foldIn(seedKey(7), trial),
    studyKey: seedKey(7),
    trial,
    history: [],
    objectiveCount: 1,
  }).hyperparameters;

describe('random search', () => {
  itIsASampler(randomSampler, { objectives: 'several' });

  const rate = { float: [1e-4, 1], scale: 'log' } as const;
  const units = { int: [1, 512] } as const;

  it('draws a parameter the same whatever other parameters there are, and in whatever order', () => {
    const alone = propose({ rate });
    expect(propose({ rate, units }).rate).toBe(alone.rate);
    expect(propose({ units, extra: { boolean: true }, rate }).rate).toBe(alone.rate);
    expect(propose({ units, rate }).units).toBe(propose({ rate, units }).units);
  });

  it('draws parameters of the same range independently of each other', () => {
    const { a, b } = propose({ a: { float: [0, 1] }, b: { float: [0, 1] } });
    expect(a).not.toBe(b);
  });

  it('draws from the prior', () => {
    const rates = Array.from({ length: 5000 }, (_, trial) => propose({ rate }, trial).rate as number);
    const distance = kolmogorovSmirnov(rates, (x) => 1 + Math.log10(x) / 4);
    expect(distance).toBeLessThan(kolmogorovSmirnovLimit(5000));
  });

  it('gives active parameters only, under the constraints', () => {
    const definition = { on: { boolean: true }, p: { int: [1, 9], when: { on: true } }, q: { int: [1, 9] } } as const;
    const space = parseSpace(definition, { constraints: ['p < q'] });
    for (let trial = 0; trial < 50; trial++) {
      const key = foldIn(seedKey(7), trial);
      const given = { space, key, studyKey: seedKey(7), trial, history: [], objectiveCount: 1 };
      const { hyperparameters } = randomSampler().propose(given);
      expect(validateHyperparameters(space, hyperparameters)).toEqual(hyperparameters);
    }
  });

  // recorded: a change here changes every study
  it('always proposes the same', () => {
    expect(propose({ rate, units, act: { choice: ['relu', 'tanh'] }, batchSize: 64 }, 3)).toEqual({
      rate: 0.0011637979329584994,
      units: 209,
      act: 'relu',
      batchSize: 64,
    });
  });
});
