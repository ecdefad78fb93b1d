import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, type PathPart, randomBits, seedKey } from '../../src/random/index.js';

const part = () => fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.maxSafeNat());
const path = () => fc.array(part(), { maxLength: 5 });
const seed = () => fc.maxSafeNat();

describe('seedKey', () => {
  it('holds all 53 bits of the seed', () => {
    fc.assert(
      fc.property(seed(), (value) => {
        const [low, high] = seedKey(value);
        expect(high * 2 ** 32 + low).toBe(value);
      }),
    );
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '7' as never, undefined as never])(
    'refuses %s',
    (value) => {
      expect(() => seedKey(value)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_SEED', kind: 'input' }));
    },
  );
});

describe('foldIn', () => {
  it('folds a path as it folds its parts one after another', () => {
    fc.assert(
      fc.property(seed(), path(), path(), (value, first, second) => {
        const key = seedKey(value);
        expect(foldIn(key, ...first, ...second)).toEqual(foldIn(foldIn(key, ...first), ...second));
      }),
    );
  });

  it('leads different paths to different keys', () => {
    fc.assert(
      fc.property(seed(), path(), path(), (value, first, second) => {
        fc.pre(canonical(first) !== canonical(second));
        const key = seedKey(value);
        expect(foldIn(key, ...first)).not.toEqual(foldIn(key, ...second));
      }),
    );
  });

  it.each<[PathPart[], PathPart[]]>([
    [[1], ['1']],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a'], ['a', '']],
    [['a'], ['a\0']],
    [['12345678'], ['12345678', '']],
    [['1234567812345678'], ['12345678', '12345678']],
    [[0], ['']],
    [[2 ** 32], [0]],
    [[2 ** 32 + 1], [1]],
    [['x'.repeat(64)], ['x'.repeat(65)]],
    [['é'], ['e\u0301']],
  ])('tells %j from %j', (first, second) => {
    const key = seedKey(1);
    expect(foldIn(key, ...first)).not.toEqual(foldIn(key, ...second));
  });

  it('gives a long string the same key whether or not it fits the scratch buffer', () => {
    // 64 letters are encoded into scratch memory, 65 are not: stale bytes of one must not leak into the other
    const key = seedKey(3);
    const once = foldIn(key, 'x'.repeat(65));
    foldIn(key, 'y'.repeat(64));
    expect(foldIn(key, 'x'.repeat(65))).toEqual(once);
    expect(foldIn(key, 'ab')).toEqual(foldIn(seedKey(3), 'ab'));
  });

  it('leaves its key as it was, and an empty path gives the same key', () => {
    const key = seedKey(5);
    foldIn(key, 'a', 1);
    expect(key).toEqual(seedKey(5));
    expect(foldIn(key)).toEqual(key);
  });

  it('gives keys that are no draws of the same key', () => {
    const key = seedKey(0);
    const draws = randomBits(key, 2000);
    const drawn = new Set(Array.from({ length: 1000 }, (_, i) => `${draws[2 * i]},${draws[2 * i + 1]}`));
    for (let i = 0; i < 1000; i++) expect(drawn.has(foldIn(key, i).join())).toBe(false);
  });

  it('has no collision among a million keys', () => {
    const key = seedKey(0);
    const seen = new Set<number>();
    for (let i = 0; i < 1_000_000; i++) {
      const [x0, x1] = foldIn(key, i);
      seen.add(x0 * 2 ** 21 + (x1 >>> 11)); // 53 of 64 bits: a collision is expected once in 18,000 such sets
    }
    expect(seen.size).toBe(1_000_000);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN, undefined as never, null as never, true as never, {} as never])(
    'refuses %s',
    (value) => {
      expect(() => foldIn(seedKey(0), value)).toThrow(expect.objectContaining({ code: 'RANDOM_BAD_PATH' }));
    },
  );

  // recorded: a change here changes the result of every study
  it.each<[PathPart[], [number, number]]>([
    [[0], [1740580947, 2788179512]],
    [[2 ** 53 - 1], [152327664, 4038738584]],
    [[''], [2389486622, 1911376913]],
    [
      ['trial', 3, 'weights'],
      [3908788664, 2115302178],
    ],
    [['größe, a name longer than sixteen bytes'], [2212185234, 2472922742]],
  ])('always leads %j to the same key', (parts, key) => {
    expect(foldIn(seedKey(7), ...parts)).toEqual(key);
  });
});

/** Equal for paths that are the same to `foldIn`: lone surrogates are all U+FFFD in UTF-8. */
function canonical(parts: readonly PathPart[]): string {
  return JSON.stringify(
    parts.map((one) => (typeof one === 'string' ? new TextDecoder().decode(new TextEncoder().encode(one)) : one)),
  );
}
