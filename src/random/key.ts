import { errors } from './errors.js';
import { type Key, threefryInto } from './threefry.js';

/** One step of a stream's address: a name, or a safe non-negative integer. */
export type PathPart = string | number;

/**
 * What a counter is for, in the top bits of its second word. Drawing from a key and folding into it use different counters,
 * so that a key may be used for both. (JAX's `fold_in` and `random_bits` share counters: a key used for both repeats bits.)
 * Draws have tag 0; 21 bits below the tag are left for the high bits of a 53-bit integer.
 */
const numberTag = 1 << 28;
const stringTag = 2 << 28;

const twoTo32 = 2 ** 32;
const words = new Uint32Array(2);
const encoder = new TextEncoder();

/**
 * The root key of a study: all 53 bits of `seed` count.
 *
 * @param seed integer, 0 to 2^53 - 1, both included. Errors: RANDOM_BAD_SEED.
 */
export function seedKey(seed: number): Key {
  if (!isCount(seed)) throw errors.RANDOM_BAD_SEED({ seed });
  return [seed >>> 0, Math.floor(seed / twoTo32)];
}

/**
 * The key at `path` below `key`. A pure function: the same path gives the same key, on any machine and in any order.
 *
 * `foldIn(k, 'a', 'b')` is `foldIn(foldIn(k, 'a'), 'b')`; an empty path gives `key` itself. The number 1 and the string '1'
 * lead to different keys, and so do ('ab', 'c') and ('a', 'bc'). Different paths give different keys up to chance: 2^64 keys,
 * so a million streams share one with probability 3e-8. Strings are told apart by their UTF-8 bytes, in which every
 * lone surrogate is U+FFFD.
 *
 * Errors: RANDOM_BAD_PATH for anything but strings and integers from 0 to 2^53 - 1.
 */
export function foldIn(key: Key, ...path: readonly PathPart[]): Key {
  words[0] = key[0];
  words[1] = key[1];
  for (const part of path) {
    if (typeof part === 'string') absorbString(part);
    else absorbNumber(part);
  }
  return [words[0]!, words[1]!];
}

/**
 * Keys below one key, told apart by names, without an array for each: `at` holds the words of `foldIn(key, name)` after
 * `enter(key, name)`. Names of one length begin with the same block, which is kept from one to the next. Internal to the room.
 */
export class NameFold {
  readonly at = new Uint32Array(2);
  readonly #afterLength = new Uint32Array(2);
  #key: Key | undefined;
  #length = 0;

  enter(key: Key, name: string): void {
    const { at } = this;
    const counters = countersOf.get(name) ?? remember(name);
    const length = counters[0]!;
    if (key !== this.#key || length !== this.#length) {
      threefryInto(this.#afterLength, 0, key[0], key[1], length, counters[1]!);
      this.#key = key;
      this.#length = length;
    }
    at[0] = this.#afterLength[0]!;
    at[1] = this.#afterLength[1]!;
    for (let next = 2; next < counters.length; next += 2) {
      threefryInto(at, 0, at[0]!, at[1]!, counters[next]!, counters[next + 1]!);
    }
  }
}

/** Whether `value` is an integer from 0 to 2^53 - 1. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function absorb(counter0: number, counter1: number): void {
  threefryInto(words, 0, words[0]!, words[1]!, counter0, counter1);
}

function absorbNumber(part: number): void {
  if (!isCount(part)) throw errors.RANDOM_BAD_PATH({ part });
  absorb(part >>> 0, numberTag | Math.floor(part / twoTo32));
}

/** Counters of strings that were folded in lately. Names of parameters and purposes come back a million times in a study. */
const countersOf = new Map<string, Uint32Array>();
const rememberedStrings = 1024;
const longestRemembered = 64;

function absorbString(part: string): void {
  const counters = countersOf.get(part) ?? remember(part);
  for (let at = 0; at < counters.length; at += 2) absorb(counters[at]!, counters[at + 1]!);
}

function remember(part: string): Uint32Array {
  const counters = stringCounters(part);
  if (part.length > longestRemembered) return counters;
  // strings without end, such as ids, must not fill the memory
  if (countersOf.size >= rememberedStrings) countersOf.clear();
  countersOf.set(part, counters);
  return counters;
}

/**
 * Pairs of words to absorb one after another. The length comes first, so that no string's chain is the beginning of another's
 * and no chain passes through a key that a path can have; then eight bytes at a time, little-endian, the last ones padded with
 * zeros.
 */
function stringCounters(part: string): Uint32Array {
  const bytes = encoder.encode(part);
  const { length } = bytes;
  const counters = new Uint32Array(2 + 2 * Math.ceil(length / 8));
  counters[0] = length;
  counters[1] = stringTag;
  for (let at = 0; at < length; at += 4) counters[2 + at / 4] = word(bytes, at, length);
  return counters;
}

function word(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = Math.min(3, length - 1 - at); i >= 0; i--) value = (value << 8) | bytes[at + i]!;
  return value;
}
