import { type Key, threefryInto } from './threefry.js';

const twoTo53 = 2 ** 53;

/** The words of the block drawn last, shared by all streams: a typed array each would cost more than the draw. */
const words = new Uint32Array(2);

/** Draws one after another under one key, a block of two words each, with a running counter. Internal to the room. */
export class Stream {
  readonly #k0: number;
  readonly #k1: number;
  #low = 0;
  /** Stays below the tags that `foldIn` sets in this word for the first 2^60 draws. */
  #high = 0;

  constructor(key: Key) {
    this.#k0 = key[0] | 0;
    this.#k1 = key[1] | 0;
  }

  /** In [0, 1). */
  uniform(): number {
    this.#draw();
    return uniformOf(words);
  }

  /**
   * An integer from 0, below `bound` (1 to 2^53 - 1), unbiased: blocks are drawn until one lies in a range whose size is a
   * whole multiple of `bound`. Bounds below 2^32 use the first word only, since a remainder of 32-bit integers is
   * much cheaper than one of floats.
   */
  below(bound: number): number {
    return bound <= 0xffffffff ? this.#below32(bound) : this.#below53(bound);
  }

  #below32(bound: number): number {
    const excess = ((0x100000000 - bound) >>> 0) % bound; // 2^32 % bound, in 32 bits
    for (;;) {
      this.#draw();
      const bits = words[0]!;
      if (bits >= excess) return bits % bound;
    }
  }

  #below53(bound: number): number {
    const excess = twoTo53 % bound;
    for (;;) {
      const bits = this.#bits53();
      if (bits >= excess) return bits % bound;
    }
  }

  #bits53(): number {
    this.#draw();
    return bits53(words);
  }

  #draw(): void {
    threefryInto(words, 0, this.#k0, this.#k1, this.#low, this.#high);
    this.#low = (this.#low + 1) >>> 0;
    if (this.#low === 0) this.#high++;
  }
}

/** A block as a number in [0, 1): 27 bits of its first word and 26 of its second. */
export function uniformOf(block: Uint32Array): number {
  return bits53(block) / twoTo53;
}

function bits53(block: Uint32Array): number {
  return (block[0]! >>> 5) * 0x4000000 + (block[1]! >>> 6);
}
