import { describe, expect, it } from 'vitest';
import { randomBits, seedKey } from '../../src/random/index.js';
import { sobolSampler } from '../../src/samplers/sobol.js';
import { owenScramble, sobolBits } from '../../src/samplers/sobol-points.js';
import { firstBroken, parseSpace, type Space } from '../../src/space/index.js';
import { kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';
import { input, itIsASampler } from './sampler-contract.js';

const draws = (space: Space, count: number, seed = 7) => {
  const sampler = sobolSampler();
  return Array.from({ length: count }, (_, trial) => sampler.propose(input(space, trial, { seed })).hyperparameters);
};
const floats = (count: number) =>
  parseSpace(Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, { float: [0, 1] }])));

/** Points 1, 2, 3, … of scipy.stats.qmc.Sobol(d=256, scramble=False, bits=32), SciPy 1.17.1, times 2^32. */
const dimensions = [1, 2, 3, 6, 21, 101, 160, 256];
const fromSciPy: readonly (readonly [index: number, coordinates: readonly number[]])[] = [
  [1, [2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648, 2147483648]],
  [2, [3221225472, 1073741824, 1073741824, 3221225472, 1073741824, 1073741824, 3221225472, 3221225472]],
  [3, [1073741824, 3221225472, 3221225472, 1073741824, 3221225472, 3221225472, 1073741824, 1073741824]],
  [7, [536870912, 2684354560, 1610612736, 1610612736, 3758096384, 1610612736, 3758096384, 536870912]],
  [37, [3959422976, 2751463424, 2483027968, 1275068416, 4093640704, 1543503872, 4227858432, 1946157056]],
  [1000, [943718400, 415236096, 2227175424, 3896508416, 2243952640, 3300917248, 624951296, 1069547520]],
  [12345, [2752774144, 3493593088, 688652288, 252968960, 855900160, 2317090816, 440139776, 2525757440]],
];

describe('Sobol’s sequence', () => {
  it.each(fromSciPy)('has the point %i that SciPy has', (index, coordinates) => {
    // SciPy goes through the points in the order of the Gray code
    const gray = index ^ (index >>> 1);
    expect(dimensions.map((dimension) => sobolBits(dimension - 1, gray))).toEqual(coordinates);
  });

  it('has one of 2^k points in each of 2^k parts, in every dimension', () => {
    for (const k of [1, 5, 10]) {
      for (let dimension = 0; dimension < 256; dimension++) {
        const parts = new Set<number>();
        for (let index = 0; index < 2 ** k; index++) parts.add(sobolBits(dimension, index) >>> (32 - k));
        expect(parts.size).toBe(2 ** k);
      }
    }
  });
});

describe('Owen scrambling', () => {
  const words = randomBits(seedKey(7), 2000);

  it('keeps how many leading bits two numbers have in common', () => {
    for (let at = 0; at < words.length; at += 2) {
      const [x, seed] = [words[at]!, words[at + 1]!];
      for (const bit of [0, 1, 8, 17, 31]) {
        const other = (x ^ (1 << (31 - bit))) >>> 0;
        expect(Math.clz32(owenScramble(x, seed) ^ owenScramble(other, seed))).toBe(bit);
      }
    }
  });

  it('flips every bit for half of the seeds, whatever the number', () => {
    for (const x of [0, 1, 0x80000000, 0x12345678]) {
      for (let bit = 0; bit < 32; bit++) {
        let flipped = 0;
        for (const seed of words) flipped += ((owenScramble(x, seed) ^ x) >>> (31 - bit)) & 1;
        // 2000 fair coins: seven standard deviations
        expect(Math.abs(flipped - 1000)).toBeLessThan(157);
      }
    }
  });
});

describe('Sobol sampling', () => {
  itIsASampler(() => sobolSampler(), { objectives: 'several' });

  it('has one of 16 points in every box of 16 of the first two dimensions, at every block and under every key', () => {
    for (const seed of [1, 2, 3]) {
      const values = draws(floats(2), 48, seed).map(({ x0, x1 }) => [Number(x0), Number(x1)] as const);
      for (let block = 0; block < 3; block++) {
        const points = values.slice(16 * block, 16 * (block + 1));
        for (const across of [1, 2, 4, 8, 16]) {
          const boxes = points.map(([x, y]) => `${Math.floor(x * across)},${Math.floor((y * 16) / across)}`);
          expect(new Set(boxes).size).toBe(16);
        }
      }
    }
  });

  it('integrates a smooth function of six dimensions ten times better than random points would', () => {
    // the product has mean 1; its standard deviation over random points is 0.30
    const f = (values: Record<string, unknown>) =>
      Object.values(values).reduce<number>((product, x) => product * (1 + 0.4 * (Number(x) - 0.5)), 1);
    const errors = [1, 2, 3, 4, 5].map((seed) => {
      const values = draws(floats(6), 256, seed).map(f);
      return (values.reduce((sum, one) => sum + one, 0) / values.length - 1) ** 2;
    });
    const rootMeanSquare = Math.sqrt(errors.reduce((sum, one) => sum + one, 0) / errors.length);
    expect(rootMeanSquare).toBeLessThan(0.3 / Math.sqrt(256) / 10);
  });

  it('gives another scrambling to every study and parameter', () => {
    const [one, other] = [draws(floats(2), 8, 1), draws(floats(2), 8, 2)];
    expect(one.map(({ x0 }) => x0)).not.toEqual(other.map(({ x0 }) => x0));
    expect(one.map(({ x0 }) => x0)).not.toEqual(one.map(({ x1 }) => x1));
  });

  it('is random beyond 256 dimensions', () => {
    const values = draws(floats(257), 500).map(({ x256 }) => Number(x256));
    expect(kolmogorovSmirnov(values, (x) => x)).toBeLessThan(kolmogorovSmirnovLimit(500));
    const parts = (count: number) => new Set(values.slice(0, count).map((x) => Math.floor(x * count))).size;
    expect(parts(64)).toBeLessThan(64);
  });

  it('drops values of parameters that are not active, and skips points that break constraints', () => {
    const definition = { n: { int: [1, 2] }, x: { float: [0, 1] }, y: { float: [0, 1], when: { n: 2 } } } as const;
    const constrained = parseSpace(definition, { constraints: ['y <= x'] });
    const free = draws(parseSpace(definition), 200).filter((one) => firstBroken(constrained, one) === undefined);
    expect(draws(constrained, 100)).toEqual(free.slice(0, 100));
    expect(free.every((one) => 'y' in one === (one.n === 2))).toBe(true);
  });

  it('says that constraints are too tight', () => {
    const space = parseSpace({ a: { int: [1, 9] }, b: { int: [1, 9] } }, { constraints: ['a > b + 8'] });
    expect(() => sobolSampler().propose(input(space, 0))).toThrow(
      expect.objectContaining({ code: 'SPACE_CONSTRAINTS_TOO_TIGHT' }),
    );
  });

  it('takes no options', () => {
    const options = { points: 8 } as unknown as Record<string, never>;
    expect(() => sobolSampler(options)).toThrow(expect.objectContaining({ code: 'SAMPLERS_OPTION_UNKNOWN' }));
  });

  // recorded: a change here changes every study
  it('always proposes the same', () => {
    expect(draws(parseSpace({ x: { float: [0, 1] }, n: { int: [1, 9] } }), 2)).toEqual([
      {
        n: 3,
        x: 0.7712723504603255,
      },
      {
        n: 7,
        x: 0.0690910565148311,
      },
    ]);
  });
});
