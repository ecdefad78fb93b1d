import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { parseSpace } from '../../src/space/index.js';
import { constrainedSpace } from './arbitraries.js';

type Loose = { space: Record<string, unknown>; constraints: unknown };

/** Each makes any sound space broken. `x` and `y` are names that it does not have. */
const breakers: Readonly<Record<string, (given: Loose) => void>> = {
  'no kind': ({ space }) => Object.assign(space, { x: { scale: 'log' } }),
  'two kinds': ({ space }) => Object.assign(space, { x: { int: [1, 2], choice: [1] } }),
  'unknown key': ({ space }) => Object.assign(space, { x: { int: [1, 2], steps: 1 } }),
  'swapped bounds': ({ space }) => Object.assign(space, { x: { float: [2, 1] } }),
  'infinite bound': ({ space }) => Object.assign(space, { x: { float: [0, Number.POSITIVE_INFINITY] } }),
  'bounds as text': ({ space }) => Object.assign(space, { x: { int: ['1', '2'] } }),
  'log of zero': ({ space }) => Object.assign(space, { x: { int: [0, 9], scale: 'log' } }),
  'no items': ({ space }) => Object.assign(space, { x: { ordinal: [] } }),
  'nested items': ({ space }) => Object.assign(space, { x: { choice: [{ a: 1 }] } }),
  null: ({ space }) => Object.assign(space, { x: null }),
  'fixed at a list': ({ space }) => Object.assign(space, { x: { fixed: [1] } }),
  'empty name': ({ space }) => Object.assign(space, { ' ': 1 }),
  'default out of range': ({ space }) => Object.assign(space, { x: { float: [0, 1], default: 1.5 } }),
  'unknown parent': ({ space }) => Object.assign(space, { x: { int: [1, 2], when: { y: 1 } } }),
  circle: ({ space }) =>
    Object.assign(space, { x: { int: [1, 2], when: { y: 1 } }, y: { int: [1, 2], when: { x: 1 } } }),
  'impossible value': ({ space }) => Object.assign(space, { y: { int: [1, 2] }, x: { int: [1, 2], when: { y: 3 } } }),
  'when is text': ({ space }) => Object.assign(space, { x: { int: [1, 2], when: 'y == 1' } }),
  contradiction: ({ space }) =>
    Object.assign(space, {
      x: { boolean: true },
      y: { int: [1, 2], when: { x: true } },
      z: { int: [1, 2], when: { x: false, y: 1 } },
    }),
  'constraint of an unknown name': (given) => {
    given.constraints = [...(given.constraints as string[]), 'x < 1'];
  },
  'constraint that is no text': (given) => {
    given.constraints = [{ text: 'p0 < 1' }];
  },
  'constraints that are no list': (given) => {
    given.constraints = { p0: 1 };
  },
  'constraint cut off': (given) => {
    given.constraints = ['(p0 =='];
  },
};

describe('broken spaces', () => {
  it('are refused with an error of their own, never another one, and soon', () => {
    let count = 0;
    let slowestMs = 0;
    fc.assert(
      fc.property(constrainedSpace(), fc.constantFrom(...Object.keys(breakers)), (sound, name) => {
        const broken: Loose = { space: { ...sound.definition }, constraints: sound.constraints };
        breakers[name]!(broken);
        count++;
        let thrown: unknown;
        const start = performance.now();
        try {
          parseSpace(broken.space, { constraints: broken.constraints as string[] });
        } catch (error) {
          thrown = error;
        }
        slowestMs = Math.max(slowestMs, performance.now() - start);
        expect(thrown, name).toBeInstanceOf(TunerError);
        expect(thrown).toMatchObject({ kind: 'input', code: expect.stringMatching(/^SPACE_/) });
        expect((thrown as TunerError).message.length).toBeLessThan(1000);
        expect((thrown as TunerError).todo).not.toBe('');
      }),
      { numRuns: 700 },
    );
    expect(count).toBeGreaterThanOrEqual(700);
    // far above what it takes, for busy machines: that nothing hangs
    expect(slowestMs).toBeLessThan(2000);
  });
});
