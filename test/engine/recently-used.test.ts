import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentlyUsed } from '../../src/engine/recently-used.js';

/** Uses keys one after another, each of so many bytes; returns what is left and what was dropped. */
function use(uses: readonly (readonly [string, number])[], options: { mostBytes: number; most?: number }) {
  const dropped: string[] = [];
  const cache = new RecentlyUsed<{ key: string }>({ ...options, onDrop: ({ key }) => dropped.push(key) });
  const made: string[] = [];
  for (const [key, bytes] of uses) {
    const value = cache.get(key, () => {
      made.push(key);
      return { key };
    });
    cache.weigh(key, value, bytes);
  }
  return { cache, dropped, made };
}

describe('RecentlyUsed', () => {
  it('drops the least recently used where there are too many, or they take too much', () => {
    const uses = [...'abcad'].map((key) => [key, 10] as const);
    expect(use(uses, { mostBytes: 1000, most: 3 }).dropped).toEqual(['b']);
    expect(use(uses, { mostBytes: 30 }).dropped).toEqual(['b']);
    expect(use(uses, { mostBytes: 29 }).dropped).toEqual(['a', 'b', 'c']);
  });

  it('keeps the last one, however large', () => {
    const { cache, dropped } = use(
      [...'ab'].map((key) => [key, 50]),
      { mostBytes: 10 },
    );
    expect([cache.size, dropped]).toEqual([1, ['a']]);
  });

  it('does not drop what has no weight yet, and weighs it when it has', () => {
    const dropped: string[] = [];
    const cache = new RecentlyUsed<string>({ mostBytes: 10, onDrop: (value) => dropped.push(value) });
    for (const key of ['slow', 'b', 'c']) cache.get(key, () => key);
    cache.weigh('b', 'b', 6);
    cache.weigh('c', 'c', 6);
    expect(dropped).toEqual(['b']);
    cache.weigh('slow', 'slow', 6);
    expect(dropped).toEqual(['b', 'slow']);
  });

  it('forgets no newer value than the one that failed', () => {
    const cache = new RecentlyUsed<object>({ mostBytes: 10 });
    const first = cache.get('a', () => ({}));
    cache.delete('a', first);
    const second = cache.get('a', () => ({}));
    cache.delete('a', first);
    expect(cache.get('a', () => ({}))).toBe(second);
  });

  it('stays within its limits, drops each value once, and drops nothing while all of it fits', () => {
    const uses = fc.array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.integer({ min: 0, max: 20 })), { minLength: 1 });
    fc.assert(
      fc.property(uses, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 8 }), (given, mostBytes, most) => {
        const sizes = new Map(given);
        const sized = given.map(([key]) => [key, sizes.get(key)!] as const);
        const { cache, dropped, made } = use(sized, { mostBytes, most });
        expect(cache.size).toBeLessThanOrEqual(most);
        expect(dropped.length).toBe(made.length - cache.size);
        const total = [...sizes.values()].reduce((a, b) => a + b, 0);
        if (total <= mostBytes && sizes.size <= most) expect(dropped).toEqual([]);
      }),
    );
  });
});
