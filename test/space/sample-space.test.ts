import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import {
  firstBroken,
  isActive,
  parseSpace,
  sample,
  sampleSpace,
  validateHyperparameters,
} from '../../src/space/index.js';
import { kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';
import { anyDefinition, constrainedSpace } from './arbitraries.js';

const key = seedKey(7);

describe('sampleSpace', () => {
  it('draws an allowed value for every active parameter, and satisfies the constraints', () => {
    fc.assert(
      fc.property(constrainedSpace(), fc.maxSafeNat(), ({ definition, constraints }, seed) => {
        const space = parseSpace(definition, { constraints });
        const drawn = sampleSpace(space, seedKey(seed));
        expect(firstBroken(space, drawn)).toBeUndefined();
        expect(validateHyperparameters(space, drawn)).toEqual(drawn);
        const active = space.parameters.filter((parameter) => isActive(parameter, drawn));
        expect(Object.keys(drawn)).toEqual(active.map(({ name }) => name));
      }),
      { numRuns: 500 },
    );
  });

  it('draws each parameter as it is drawn alone', () => {
    fc.assert(
      fc.property(fc.array(anyDefinition(), { maxLength: 5 }), fc.maxSafeNat(), (definitions, seed) => {
        const space = parseSpace(Object.fromEntries(definitions.map((one, index) => [`p${index}`, one])));
        const drawn = sampleSpace(space, seedKey(seed));
        for (const parameter of space.parameters) {
          expect(drawn[parameter.name]).toBe(sample(parameter, foldIn(seedKey(seed), parameter.name)));
        }
      }),
    );
  });

  it('draws a parameter the same whether or not others are active', () => {
    const space = parseSpace({ on: { boolean: true }, p: { float: [0, 1], when: { on: true } }, q: { float: [0, 1] } });
    for (let trial = 0; trial < 20; trial++) {
      const at = foldIn(key, trial);
      const { on, p, q } = sampleSpace(space, at);
      expect(p).toBe(on === true ? sample(space.parameters[1]!, foldIn(at, 'p')) : undefined);
      expect(q).toBe(sample(space.parameters[2]!, foldIn(at, 'q')));
    }
  });

  it('keeps the prior where constraints hold: a uniform triangle', () => {
    const space = parseSpace({ a: { float: [0, 1] }, b: { float: [0, 1] } }, { constraints: ['a <= b'] });
    const drawn = Array.from({ length: 5000 }, (_, trial) => sampleSpace(space, foldIn(key, trial)).b as number);
    // the larger of two uniform draws has the distribution function x^2
    expect(kolmogorovSmirnov(drawn, (x) => x * x)).toBeLessThan(kolmogorovSmirnovLimit(5000));
  });

  it('gives up on constraints that leave next to nothing, and says which', () => {
    const space = parseSpace(
      { a: { float: [0, 1] }, b: { int: [1, 9] } },
      { constraints: ['b < 9 || a < 2', 'a < 0'] },
    );
    expect(() => sampleSpace(space, key)).toThrow(
      expect.objectContaining({
        code: 'SPACE_CONSTRAINTS_TOO_TIGHT',
        message: expect.stringContaining('"a < 0" was the first to break in 1000'),
      }),
    );
  });

  // recorded: a change here changes every study
  it('always draws the same', () => {
    const space = parseSpace(
      {
        opt: { choice: ['sgd', 'adam'] },
        momentum: { float: [0, 1], when: { opt: 'sgd' } },
        hidden1: { int: [1, 512], scale: 'log' },
        hidden2: { int: [1, 512], scale: 'log' },
      },
      { constraints: ['hidden2 * 8 <= hidden1'] },
    );
    expect([0, 1, 2].map((trial) => sampleSpace(space, foldIn(key, trial)))).toEqual([
      { opt: 'sgd', momentum: 0.9532727390896574, hidden1: 389, hidden2: 4 },
      { opt: 'adam', hidden1: 440, hidden2: 3 },
      { opt: 'adam', hidden1: 215, hidden2: 1 },
    ]);
  });
});
