import { errors } from './errors.js';
import { NameFold } from './key.js';
import { Stream, uniformOf } from './stream.js';
import { type Key, threefryInto } from './threefry.js';

/**
 * `count` uniformly distributed uint32 words: Threefry in counter mode, word i being word i % 2 of block floor(i / 2). So a
 * longer draw begins with a shorter one of the same key.
 *
 * @param count integer, 0 to 2^32 - 1. Errors: RANDOM_BAD_COUNT.
 */
export function randomBits(key: Key, count: number): Uint32Array {
  if (!Number.isInteger(count) || count < 0 || count > 0xffffffff) throw errors.RANDOM_BAD_COUNT({ count });
  const out = new Uint32Array(count);
  // words written past the end of a typed array are dropped, so an odd count needs no special case
  for (let at = 0; at < count; at += 2) threefryInto(out, at, key[0], key[1], at / 2, 0);
  return out;
}

/** A float in [0, 1): a multiple of 2^-53, each of the 2^53 equally likely. */
export function uniform(key: Key): number {
  return new Stream(key).uniform();
}

/**
 * An integer from `low` (included) to `high` (excluded), each equally likely: without modulo bias, by rejection.
 *
 * @param low safe integer, below `high`
 * @param high safe integer; `high - low` is at most 2^53 - 1. Errors: RANDOM_BAD_RANGE.
 */
export function integer(key: Key, low: number, high: number): number {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || !Number.isSafeInteger(high - low) || low >= high) {
    throw errors.RANDOM_BAD_RANGE({ low, high });
  }
  return low + new Stream(key).below(high - low);
}

/** One of `items`, each equally likely. Errors: RANDOM_NOTHING_TO_PICK when there are none. */
export function pick<T>(key: Key, items: readonly T[]): T {
  if (items.length === 0) throw errors.RANDOM_NOTHING_TO_PICK({});
  return items[new Stream(key).below(items.length)] as T;
}

/**
 * A normally distributed float with mean 0 and standard deviation 1; never NaN or infinite.
 *
 * The polar method (Marsaglia and Bray 1964, https://doi.org/10.1137/1006063): a uniform point in the unit disc, its radius
 * transformed. Unlike Box-Muller it needs no trigonometry; Node 20.19 to 26 give the same bits.
 */
export function normal(key: Key): number {
  const stream = new Stream(key);
  for (;;) {
    const x = 2 * stream.uniform() - 1;
    const y = 2 * stream.uniform() - 1;
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
  }
}

/**
 * An endless stream of floats in [0, 1), the n-th a function of `key` and n only: for libraries that want a `Math.random`.
 * The first one is `uniform(key)`.
 */
export function sequence(key: Key): () => number {
  const stream = new Stream(key);
  return () => stream.uniform();
}

/** The `at`-th number, from 0, of `sequence(key)`: without the stream, where a few of it are needed a million times. */
export function uniformAt(key: Key, at: number): number {
  threefryInto(block, 0, key[0], key[1], at, 0);
  return uniformOf(block);
}

const block = new Uint32Array(2);

/**
 * The streams below a key that are told apart by names, one at a time: `enter(key, name)`, then `at(n)` is
 * `uniformAt(foldIn(key, name), n)`. For many streams of a few numbers each, which would be more keys than numbers.
 */
export class NamedStreams {
  readonly #fold = new NameFold();

  /** @param key that nobody changes: it is known by identity */
  enter(key: Key, name: string): this {
    this.#fold.enter(key, name);
    return this;
  }

  /** In [0, 1). @param n from 0 */
  at(n: number): number {
    const { at } = this.#fold;
    threefryInto(block, 0, at[0]!, at[1]!, n, 0);
    return uniformOf(block);
  }
}
