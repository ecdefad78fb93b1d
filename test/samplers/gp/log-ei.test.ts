import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEi, logH, logHSlope } from '../../../src/samplers/gp/log-ei.js';

const empty = () => ({ value: 0, byMean: 0, byVariance: 0 });

describe('the log expected improvement', () => {
  // mpmath 1.3 with 60 digits: log h(z), Φ(z) / h(z)
  it.each([
    [5, 1.6094379231264313, 0.19999994053122006],
    [1, 0.08002621884930694, 0.7766387252017393],
    [0, -0.9189385332046728, 1.2533141373155003],
    [-0.9, -2.298282989459652, 1.8326998049212273],
    [-1.1, -2.6791783824760533, 1.977077087305481],
    [-3, -7.869686059603029, 3.5323375176251606],
    [-10, -55.55312203612235, 10.194383033412553],
    [-25, -319.86146358149597, 25.07962023426653],
    [-99, -4910.609484215455, 99.02019584095312],
    [-101, -5110.649473554864, 101.01979616064943],
    [-1000, -500014.73445209116, 1000.001999994],
  ])('log h and its slope at %s', (z, value, slope) => {
    expect(Math.abs(logH(z) / value - 1)).toBeLessThan(1e-11);
    expect(Math.abs(logHSlope(z) / slope - 1)).toBeLessThan(1e-9);
  });

  it('is the logarithm of the expectation, here by Simpson’s rule', () => {
    const [mean, deviation, best] = [0.7, 0.4, 0.5];
    const steps = 20_000;
    const [low, width] = [mean - 12 * deviation, best - (mean - 12 * deviation)];
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const y = low + (width * i) / steps;
      const density = Math.exp(-0.5 * ((y - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
      sum += (best - y) * density * (i === 0 || i === steps ? 1 : 2 + 2 * (i % 2));
    }
    expect(logEi(mean, deviation ** 2, best, empty()).value).toBeCloseTo(Math.log((sum * width) / steps / 3), 10);
  });

  it('has the derivatives that differences give, also where the improvement itself is 0 in floating point', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(-3, 60), number(0.1, 2), number(-1, 1), (mean, variance, best) => {
        const { byMean, byVariance, value } = logEi(mean, variance, best, empty());
        expect(Number.isFinite(value)).toBe(true);
        const h = 1e-5;
        const at = (m: number, v: number) => logEi(m, v, best, empty()).value;
        const differenceByMean = (at(mean + h, variance) - at(mean - h, variance)) / (2 * h);
        const differenceByVariance = (at(mean, variance + h) - at(mean, variance - h)) / (2 * h);
        expect(Math.abs(byMean - differenceByMean)).toBeLessThan(1e-5 * Math.max(1, Math.abs(byMean)));
        expect(Math.abs(byVariance - differenceByVariance)).toBeLessThan(1e-4 * Math.max(1, Math.abs(byVariance)));
      }),
    );
  });
});
