import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedKey, sequence } from '../../src/random/index.js';
import {
  drawTruncated,
  massInUnit,
  normalLogMass,
  normalMass,
  truncatedLogDensity,
} from '../../src/samplers/truncated-normal.js';
import { kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';

// by scipy 1.17: adaptive quadrature to 1e-13
const logMasses = [
  [-1, 1, -0.3817151463021261],
  [0, 0.1, -3.2231891821071836],
  [-0.5, 0.3, -1.1732047546742903],
  [2, 4, -3.7845774380253263],
  [4.9, 5.5, -14.591618318446619],
  [5, 5.1, -15.962590193561617],
  [6, 8, -20.73676958052817],
  [-9, -6.5, -23.93814949797207],
  [10, 10.1, -53.681468191390955],
  [20, 21, -203.91715537228816],
  [-30, -29, -424.7874199097303],
  [-40, -3, -6.607726221510349],
] as const;

// by scipy 1.17: truncnorm.logpdf
const logDensities = [
  [0.5, 0.5, 0.1, 1.3836471330926807],
  [0, 0, 0.03, 3.2807665446752545],
  [1, 0.2, 0.3, -2.9743729163432775],
  [0.25, 1, 1, -0.12532620634260128],
  [0.9, 0.1, 0.03, -352.9675070390344],
] as const;

const mean = () => fc.double({ min: 0, max: 1, noNaN: true });
const deviation = () => fc.double({ min: 0.01, max: 1, noNaN: true });

describe('the mass of a normal distribution', () => {
  it.each(logMasses)('between %s and %s has the logarithm %s', (low, high, expected) => {
    expect(Math.abs(normalLogMass(low, high) - expected)).toBeLessThan(1e-3);
    expect(Math.abs(normalMass(low, high) - Math.exp(expected))).toBeLessThan(1e-11);
  });

  it('is the sum of the masses of its parts, and the same on the other side', () => {
    const edge = () => fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(edge(), edge(), edge(), (...edges) => {
        const [a = 0, b = 0, c = 0] = edges.sort((x, y) => x - y);
        expect(normalMass(a, b) + normalMass(b, c)).toBeCloseTo(normalMass(a, c), 10);
        expect(normalMass(-c, -a)).toBeCloseTo(normalMass(a, c), 14);
      }),
    );
  });

  it('has a logarithm that grows with the interval, without a step where the formula changes', () => {
    const start = () => fc.double({ min: -40, max: 40, noNaN: true });
    const width = () => fc.double({ min: 1e-6, max: 2, noNaN: true });
    fc.assert(
      fc.property(start(), width(), (low, wide) => {
        const whole = normalLogMass(low, low + wide);
        const halves = [normalLogMass(low, low + wide / 2), normalLogMass(low + wide / 2, low + wide)];
        const most = Math.max(...halves);
        const joined = most + Math.log(halves.reduce((sum, half) => sum + Math.exp(half - most), 0));
        expect(Math.abs(whole - joined)).toBeLessThan(Math.abs(low) < 13 ? 2e-3 : 6e-2);
      }),
    );
  });
});

describe('the truncated normal distribution', () => {
  it.each(logDensities)('has at %s for mean %s and deviation %s the log density %s', (x, mu, sigma, expected) => {
    expect(truncatedLogDensity(x, mu, sigma)).toBeCloseTo(expected, 9);
  });

  it('has a density that integrates to 1', () => {
    const points = 2000;
    fc.assert(
      fc.property(mean(), deviation(), (mu, sigma) => {
        let sum = 0;
        for (let i = 0; i < points; i++) sum += Math.exp(truncatedLogDensity((i + 0.5) / points, mu, sigma));
        expect(sum / points).toBeCloseTo(1, 3);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [0.5, 0.1],
    [0, 0.03],
    [0.9, 1],
    [1, 0.4],
  ])('is what is drawn, for mean %s and deviation %s', (mu, sigma) => {
    const next = sequence(seedKey(7));
    const sample = Array.from({ length: 10_000 }, () => drawTruncated(mu, sigma, next));
    const below = (x: number) => normalMass(-mu / sigma, (x - mu) / sigma) / massInUnit(mu, sigma);
    expect(kolmogorovSmirnov(sample, below)).toBeLessThan(kolmogorovSmirnovLimit(10_000));
    expect(sample.every((x) => x >= 0 && x <= 1)).toBe(true);
  });
});
