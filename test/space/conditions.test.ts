import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { activeOnly, isActive, parseSpace, sample, validateHyperparameters } from '../../src/space/index.js';
import { conditionalSpace } from './arbitraries.js';

const definition = {
  opt: { choice: ['sgd', 'adam', 'rmsprop'] },
  layers: { int: [1, 3] },
  nesterov: { boolean: true, when: { opt: ['sgd', 'rmsprop'] } },
  momentum: { float: [0, 1], when: { opt: 'sgd', nesterov: true } },
  width3: { ordinal: [8, 16], when: { layers: 3 } },
} as const;
const space = parseSpace(definition);

describe('isActive', () => {
  const active = (values: Record<string, string | number | boolean>) =>
    space.parameters.filter((parameter) => isActive(parameter, values)).map(({ name }) => name);

  it('needs every condition to hold', () => {
    expect(active({ opt: 'adam', layers: 1 })).toEqual(['opt', 'layers']);
    expect(active({ opt: 'rmsprop', layers: 3, nesterov: true })).toEqual(['opt', 'layers', 'nesterov', 'width3']);
    expect(active({ opt: 'sgd', layers: 2, nesterov: true })).toEqual(['opt', 'layers', 'nesterov', 'momentum']);
    expect(active({ opt: 'sgd', layers: 2, nesterov: false })).toEqual(['opt', 'layers', 'nesterov']);
  });

  it('takes a parent without a value as not active, whatever its name', () => {
    const odd = parseSpace({ constructor: { boolean: true }, p: { int: [1, 2], when: { constructor: true } } });
    expect(isActive(odd.parameters[1]!, {})).toBe(false);
    expect(isActive(odd.parameters[1]!, { constructor: true })).toBe(true);
  });
});

describe('activeOnly', () => {
  it('drops what is not active, with all that depends on it, and restores the order', () => {
    expect(
      JSON.stringify(activeOnly(space, { momentum: 1, width3: 8, nesterov: true, layers: 3, opt: 'adam', other: 1 })),
    ).toBe('{"opt":"adam","layers":3,"width3":8}');
  });

  it('makes of any values some whose every parameter is active and that stay as they are', () => {
    fc.assert(
      fc.property(conditionalSpace(), fc.maxSafeNat(), (written, seed) => {
        const parsed = parseSpace(written);
        const all = Object.fromEntries(
          parsed.parameters.map((parameter) => [
            parameter.name,
            sample(parameter, foldIn(seedKey(seed), parameter.name)),
          ]),
        );
        const active = activeOnly(parsed, all);
        expect(validateHyperparameters(parsed, active)).toEqual(active);
        expect(activeOnly(parsed, active)).toEqual(active);
        for (const parameter of parsed.parameters) {
          expect(Object.hasOwn(active, parameter.name)).toBe(isActive(parameter, active));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('conditions', () => {
  const child = { float: [0, 1] } as const;

  it.each([
    [{ p: { ...child, when: 'opt' } }, 'SPACE_BAD_WHEN', 'not "opt"'],
    [{ p: { ...child, when: {} } }, 'SPACE_BAD_WHEN', 'not {}'],
    [{ p: { ...child, when: ['opt'] } }, 'SPACE_BAD_WHEN', 'not ["opt"]'],
    [{ p: { ...child, when: null } }, 'SPACE_BAD_WHEN', 'not null'],
    [{ p: { ...child, when: { op: 'sgd' } } }, 'SPACE_UNKNOWN_PARENT', 'Did you mean "opt"?'],
    [{ p: { ...child, when: { p: 1 } } }, 'SPACE_OWN_PARENT', 'itself'],
    [{ p: { ...child, when: { later: 1 } }, later: { int: [1, 2] } }, 'SPACE_LATER_PARENT', '"later" comes later'],
    [{ rate: child, p: { ...child, when: { rate: 1 } } }, 'SPACE_FLOAT_PARENT', '"rate" is a float'],
    [{ p: { ...child, when: { opt: [] } } }, 'SPACE_EMPTY_WHEN', 'the list is empty'],
    [{ p: { ...child, when: { opt: 'sgdd' } } }, 'SPACE_IMPOSSIBLE_WHEN', 'Did you mean "sgd"?'],
    [{ p: { ...child, when: { layers: [1, 4] } } }, 'SPACE_IMPOSSIBLE_WHEN', 'an integer from 1 to 3, not 4'],
    [{ p: { ...child, when: { opt: null } } }, 'SPACE_IMPOSSIBLE_WHEN', 'not null'],
    [{ p: { ...child, when: { opt: { sgd: true } } } }, 'SPACE_IMPOSSIBLE_WHEN', 'not {"sgd":true}'],
    [{ p: { ...child, when: { opt: 'adam', nesterov: true } } }, 'SPACE_NEVER_ACTIVE', 'of "opt"'],
  ])('refuses %j: %s', (more, code, text) => {
    expect(() => parseSpace({ ...definition, ...more })).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });

  it('may be on a fixed value', () => {
    const fixed = parseSpace({ opt: 'sgd', p: { ...child, when: { opt: 'sgd' } } });
    expect(isActive(fixed.parameters[1]!, { opt: 'sgd' })).toBe(true);
  });

  it('take a value that is written twice once', () => {
    const twice = parseSpace({ n: { int: [0, 2] }, p: { ...child, when: { n: [0, -0, 1, 1] } } });
    expect(twice.parameters[1]!.conditions).toEqual([{ parent: 'n', values: [0, 1] }]);
  });
});
