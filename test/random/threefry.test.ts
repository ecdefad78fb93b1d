import { describe, expect, it } from 'vitest';
import { type Key, threefry2x32 } from '../../src/random/index.js';

/** Random123 1.14, tests/kat_vectors, lines `threefry2x32 20`. */
const knownAnswers: { key: Key; counter: Key; output: Key }[] = [
  { key: [0, 0], counter: [0, 0], output: [0x6b200159, 0x99ba4efe] },
  { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], output: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], output: [0xc4923a9c, 0x483df7a0] },
];

describe('threefry2x32', () => {
  it.each(knownAnswers)('gives the published answer for key $key, counter $counter', ({ key, counter, output }) => {
    expect(threefry2x32(key, counter)).toEqual(output);
  });

  it('flips about half of the output bits when one input bit is flipped', () => {
    const [key, counter]: [Key, Key] = [
      [1, 2],
      [3, 4],
    ];
    const [base0, base1] = threefry2x32(key, counter);
    let flipped = 0;
    for (let bit = 0; bit < 128; bit++) {
      const words = [...key, ...counter];
      words[bit >> 5]! ^= 1 << (bit & 31);
      const [x0, x1] = threefry2x32([words[0]! >>> 0, words[1]! >>> 0], [words[2]! >>> 0, words[3]! >>> 0]);
      flipped += popCount(x0 ^ base0) + popCount(x1 ^ base1);
    }
    // 128 × 64 fair coins: standard deviation 45
    expect(Math.abs(flipped - 4096)).toBeLessThan(5 * 45);
  });
});

function popCount(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}
