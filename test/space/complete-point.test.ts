import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { completePoint, defaultsOf, parseSpace, sampleSpace, validateHyperparameters } from '../../src/space/index.js';
import { constrainedSpace } from './arbitraries.js';

const key = seedKey(7);
const space = parseSpace(
  {
    opt: { choice: ['sgd', 'adam'], default: 'adam' },
    momentum: { float: [0, 1], when: { opt: 'sgd' } },
    beta: { fixed: 0.9, when: { opt: 'adam' } },
    hidden1: { int: [1, 64], default: 16 },
    hidden2: { int: [1, 64] },
  },
  { constraints: ['hidden2 <= hidden1'] },
);

describe('defaultsOf', () => {
  it('has default and fixed values of what is active, and nothing else', () => {
    expect(defaultsOf(space)).toEqual({ opt: 'adam', beta: 0.9, hidden1: 16 });
    expect(
      defaultsOf(parseSpace({ on: { boolean: true }, p: { int: [1, 2], when: { on: true }, default: 1 } })),
    ).toEqual({});
  });

  it('must satisfy the constraints', () => {
    expect(() => parseSpace({ a: { int: [1, 9], default: 5 }, b: 3 }, { constraints: ['a < b'] })).toThrow(
      expect.objectContaining({
        code: 'SPACE_DEFAULTS_BREAK_CONSTRAINT',
        message: expect.stringContaining('a 5, b 3'),
      }),
    );
  });
});

describe('completePoint', () => {
  it('keeps what is given, then takes defaults, then draws', () => {
    const point = completePoint(space, { hidden2: 3 }, key);
    expect(point).toEqual({ opt: 'adam', beta: 0.9, hidden1: 16, hidden2: 3 });
    const drawn = completePoint(space, {}, key);
    expect(drawn).toEqual({ ...point, hidden2: drawn.hidden2 });
    expect(drawn.hidden2).toBeLessThanOrEqual(16);
  });

  it('draws instead of a default that what is given excludes', () => {
    expect(completePoint(space, { momentum: 0.5 }, key)).toMatchObject({ opt: 'sgd', momentum: 0.5 });
    expect(completePoint(space, { hidden2: 40 }, key).hidden1).toBeGreaterThanOrEqual(40);
  });

  it('completes any part of any point to one that is valid, the same each time', () => {
    fc.assert(
      fc.property(constrainedSpace(), fc.maxSafeNat(), fc.array(fc.boolean()), (written, seed, kept) => {
        const parsed = parseSpace(written.definition, { constraints: written.constraints });
        const whole = sampleSpace(parsed, foldIn(seedKey(seed), 'point'));
        // what it depends on is kept with it, since a draw may hardly ever find it
        const names = Object.keys(whole).filter((_, index) => kept[index] ?? false);
        const parents = parsed.parameters.flatMap(({ conditions }) => conditions.map(({ parent }) => parent));
        const part = Object.fromEntries(
          Object.entries(whole).filter(([name]) => names.includes(name) || parents.includes(name)),
        );
        const completed = completePoint(parsed, part, seedKey(seed));
        expect(validateHyperparameters(parsed, completed)).toEqual(completed);
        expect(completed).toMatchObject(part);
        expect(completePoint(parsed, part, seedKey(seed))).toEqual(completed);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [[], 'SPACE_BAD_HYPERPARAMETERS', 'not []'],
    [{ hiden1: 1 }, 'SPACE_UNKNOWN_PARAMETER', 'Did you mean "hidden1"?'],
    [{ hidden1: 65 }, 'SPACE_BAD_VALUE', 'not 65'],
    [{ opt: 'adam', momentum: 0.5 }, 'SPACE_INACTIVE_VALUE', 'unless opt is "sgd"'],
    [{ hidden1: 3, hidden2: 4 }, 'SPACE_CONSTRAINT_BROKEN', 'hidden1 3, hidden2 4'],
    [{ momentum: 0.5, beta: 0.9 }, 'SPACE_POINT_IMPOSSIBLE', '{"momentum":0.5,"beta":0.9}'],
  ])('refuses %j: %s', (point, code, text) => {
    expect(() => completePoint(space, point, key)).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });
});
