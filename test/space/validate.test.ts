import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { parseSpace, sample, validateHyperparameters } from '../../src/space/index.js';
import { anyDefinition, parameter } from './arbitraries.js';

describe('validateHyperparameters', () => {
  const space = parseSpace({ rate: { float: [1e-4, 1] }, hidden: { choice: [64, 128] }, act: 'relu' });
  const validate = (values: unknown) => validateHyperparameters(space, values);

  it('keeps allowed values, in the order of the space', () => {
    expect(JSON.stringify(validate({ act: 'relu', hidden: 64, rate: 0.1 }))).toBe(
      '{"rate":0.1,"hidden":64,"act":"relu"}',
    );
  });

  it('fills in fixed parameters', () => {
    expect(validate({ hidden: 64, rate: 0.1 })).toEqual({ rate: 0.1, hidden: 64, act: 'relu' });
  });

  it('accepts whatever is drawn from the space', () => {
    fc.assert(
      fc.property(anyDefinition(), fc.maxSafeNat(), (definition, seed) => {
        const drawn = { p: sample(parameter(definition), seedKey(seed)) };
        expect(validateHyperparameters(parseSpace({ p: definition }), drawn)).toEqual(drawn);
      }),
    );
  });

  it.each([
    [null, 'SPACE_BAD_HYPERPARAMETERS', 'not null'],
    [[0.1, 64], 'SPACE_BAD_HYPERPARAMETERS', 'not [0.1,64]'],
    [{ rate: 0.1 }, 'SPACE_MISSING_VALUE', '"hidden" (one of 64, 128)'],
    [{ rate: 0.1, hidden: undefined }, 'SPACE_MISSING_VALUE', '"hidden"'],
    [{ rate: 2, hidden: 64 }, 'SPACE_BAD_VALUE', '"rate" must be a number from 0.0001 to 1, not 2'],
    [{ rate: Number.NaN, hidden: 64 }, 'SPACE_BAD_VALUE', 'not NaN'],
    [{ rate: 0.1, hidden: '64' }, 'SPACE_BAD_VALUE', 'not "64"'],
    [{ rate: 0.1, hidden: 64, act: 'tanh' }, 'SPACE_BAD_VALUE', '"act" must be "relu", not "tanh"'],
    [{ rate: 0.1, hiden: 64 }, 'SPACE_UNKNOWN_PARAMETER', 'Did you mean "hidden"?'],
  ])('refuses %j', (values, code, text) => {
    expect(() => validate(values)).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });

  it('is not fooled by names that every object seems to have', () => {
    const odd = parseSpace({ constructor: { int: [1, 2] }, toString: 3 });
    expect(() => validateHyperparameters(odd, {})).toThrow(expect.objectContaining({ code: 'SPACE_MISSING_VALUE' }));
    expect(validateHyperparameters(odd, { constructor: 2 })).toEqual({ constructor: 2, toString: 3 });
    expect(() => validate({ rate: 0.1, hidden: 64, valueOf: 1 })).toThrow(
      expect.objectContaining({ code: 'SPACE_UNKNOWN_PARAMETER' }),
    );
  });

  describe('where parameters have conditions and constraints', () => {
    const conditional = parseSpace(
      {
        opt: { choice: ['sgd', 'adam'] },
        momentum: { float: [0, 1], when: { opt: 'sgd' } },
        nesterov: { boolean: true, when: { opt: 'sgd' } },
        damping: { fixed: 0.1, when: { nesterov: true } },
        hidden1: { int: [1, 64] },
        hidden2: { int: [1, 64], when: { opt: 'adam' } },
      },
      { constraints: ['hidden2 <= hidden1'] },
    );
    const adam = { opt: 'adam', hidden1: 8, hidden2: 8 };

    it('wants values of active parameters only', () => {
      const sgd = { opt: 'sgd', momentum: 0.5, nesterov: true, hidden1: 1 };
      expect(validateHyperparameters(conditional, adam)).toEqual(adam);
      expect(validateHyperparameters(conditional, sgd)).toEqual({ ...sgd, damping: 0.1 });
    });

    it.each([
      [{ ...adam, momentum: 0.5 }, 'SPACE_INACTIVE_VALUE', 'no value unless opt is "sgd", and it has 0.5'],
      [{ ...adam, damping: 0.1 }, 'SPACE_INACTIVE_VALUE', 'unless nesterov is true'],
      [{ opt: 'sgd', nesterov: true, hidden1: 1 }, 'SPACE_MISSING_VALUE', '"momentum"'],
      [{ ...adam, hidden2: 9 }, 'SPACE_CONSTRAINT_BROKEN', '"hidden2 <= hidden1", and hidden1 8, hidden2 9 do not'],
    ])('refuses %j', (values, code, text) => {
      expect(() => validateHyperparameters(conditional, values)).toThrow(
        expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
      );
    });
  });
});
