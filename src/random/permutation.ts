import { randomBits } from './draws.js';
import { errors } from './errors.js';
import { isCount } from './key.js';
import { Stream } from './stream.js';
import type { Key } from './threefry.js';

/** A bijection of the integers from 0, below `length`. */
export interface Permutation {
  readonly length: number;
  /** The image of `position`, an integer from 0, below `length`. Errors: RANDOM_BAD_POSITION. */
  at(position: number): number;
}

/** Up to this length every order is possible and equally likely; beyond it, memory does not grow. */
const exactLength = 4096;

/**
 * A keyed permutation of 0 … `length` - 1.
 *
 * Up to 4096 it is an exact Fisher-Yates shuffle kept in a table. Beyond, `at` computes each answer in constant memory: an
 * alternating Feistel network of eight rounds (Luby and Rackoff 1988, https://doi.org/10.1137/0217022) on the smallest
 * power of two that holds `length`, walked along its cycle until the value is in range (Black and Rogaway 2002, section 3,
 * https://doi.org/10.1007/3-540-45760-7_9): fewer than two evaluations on average. 60 ns an answer at a length of 10^6.
 *
 * @param length integer, 0 (a permutation with no positions) to 2^53 - 1. Errors: RANDOM_BAD_LENGTH.
 */
export function permutation(key: Key, length: number): Permutation {
  if (!isCount(length)) throw errors.RANDOM_BAD_LENGTH({ length });
  return length <= exactLength ? new TablePermutation(key, length) : new FeistelPermutation(key, length);
}

/** A copy of `items` in a random order, every order equally likely (Fisher-Yates). */
export function shuffled<T>(key: Key, items: readonly T[]): T[] {
  const copy = [...items];
  shuffle(key, copy);
  return copy;
}

function shuffle(key: Key, items: { readonly length: number; [index: number]: unknown }): void {
  const stream = new Stream(key);
  for (let last = items.length - 1; last > 0; last--) {
    const other = stream.below(last + 1);
    const held = items[last];
    items[last] = items[other];
    items[other] = held;
  }
}

class TablePermutation implements Permutation {
  readonly #table: Uint16Array;

  constructor(
    key: Key,
    readonly length: number,
  ) {
    this.#table = new Uint16Array(length).map((_, position) => position);
    shuffle(key, this.#table);
  }

  at(position: number): number {
    const image = this.#table[position];
    if (image === undefined) throw errors.RANDOM_BAD_POSITION({ position, length: this.length });
    return image;
  }
}

/** Luby and Rackoff need four for an ideal round function; eight leave room for a cheap one and for halves of a few bits. */
const roundCount = 8;

class FeistelPermutation implements Permutation {
  readonly #rightSize: number;
  readonly #leftMask: number;
  readonly #rightMask: number;
  /** Two words a round. */
  readonly #roundKeys: Int32Array;

  constructor(
    key: Key,
    readonly length: number,
  ) {
    const bits = bitLength(length - 1);
    const rightBits = Math.ceil(bits / 2);
    this.#rightSize = 2 ** rightBits;
    this.#rightMask = this.#rightSize - 1;
    this.#leftMask = 2 ** (bits - rightBits) - 1;
    this.#roundKeys = new Int32Array(randomBits(key, 2 * roundCount).buffer);
  }

  at(position: number): number {
    if (!(position >= 0 && position < this.length) || Math.floor(position) !== position) {
      throw errors.RANDOM_BAD_POSITION({ position, length: this.length });
    }
    // the cycle through `position` returns to it, so the walk ends
    let image = this.#encrypt(position);
    while (image >= this.length) image = this.#encrypt(image);
    return image;
  }

  #encrypt(block: number): number {
    const keys = this.#roundKeys;
    const leftMask = this.#leftMask;
    const rightMask = this.#rightMask;
    // by arithmetic, since a block may have 53 bits; each half has at most 27
    let left = Math.floor(block / this.#rightSize) | 0;
    let right = (block - left * this.#rightSize) | 0;
    for (let at = 0; at < 2 * roundCount; at += 4) {
      left ^= mix(right, keys[at]!, keys[at + 1]!) & leftMask;
      right ^= mix(left, keys[at + 2]!, keys[at + 3]!) & rightMask;
    }
    return left * this.#rightSize + right;
  }
}

/** The integer hash `lowbias32` (Wellons 2018, https://nullprogram.com/blog/2018/07/31/) with a key before each multiplication. */
function mix(x: number, key0: number, key1: number): number {
  x ^= key0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) ^ key1;
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Bits needed to write `value`, a non-negative safe integer. By text, since a logarithm rounds near powers of two. */
function bitLength(value: number): number {
  return value.toString(2).length;
}
