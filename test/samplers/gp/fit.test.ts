import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seedKey, sequence } from '../../../src/random/index.js';
import { cholesky } from '../../../src/samplers/gp/cholesky.js';
import { fitKernel, leastNoise, negativeLogPosterior } from '../../../src/samplers/gp/fit.js';
import { matern52, pairDifferences } from '../../../src/samplers/gp/matern.js';
import { anyPoints, isCategorical, known } from './arbitraries.js';

/** log θ, log s, log(σ² - least) of the known answers. */
const w = Float64Array.of(
  ...known.kernel.theta.map(Math.log),
  Math.log(known.kernel.scale),
  Math.log(known.kernel.noise - leastNoise),
);

describe('the kernel', () => {
  it('is 1 at distance 0, falls, and stays above 0', () => {
    expect(matern52(0)).toBe(1);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        (r, more) => {
          expect(matern52(r + more)).toBeLessThan(matern52(r));
          expect(matern52(r + more)).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('is positive definite in mixed spaces, whatever the points', () => {
    const theta = fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(anyPoints(2), theta, (points, thetas) => {
        const n = points.length;
        const differences = pairDifferences(points, isCategorical);
        const c = new Float64Array(n * n);
        for (let i = 0, pair = 0; i < n; i++) {
          c[i * n + i] = 1 + 1e-9;
          for (let j = 0; j < i; j++, pair++) {
            c[i * n + j] = matern52(thetas.reduce((sum, one, k) => sum + one * differences[pair * 3 + k]!, 0));
          }
        }
        expect(cholesky(c, n)).toBe(true);
      }),
    );
  });
});

describe('the fit', () => {
  it('has the posterior density that NumPy gives', () => {
    const loss = negativeLogPosterior(known.points, known.targets, isCategorical);
    expect(loss(w, new Float64Array(5))).toBeCloseTo(4.035499803312447, 11);
  });

  it('has the gradient that differences give', () => {
    const anyW = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 5, maxLength: 5 });
    const target = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(anyPoints(), fc.array(target, { minLength: 12, maxLength: 12 }), anyW, (points, targets, at) => {
        const loss = negativeLogPosterior(points, Float64Array.from(targets.slice(0, points.length)), isCategorical);
        const gradient = new Float64Array(5);
        loss(Float64Array.from(at), gradient);
        for (let k = 0; k < 5; k++) {
          const h = 1e-5;
          const moved = (by: number) => loss(Float64Array.from(at).with(k, at[k]! + by), new Float64Array(5));
          const difference = (moved(h) - moved(-h)) / (2 * h);
          expect(Math.abs(gradient[k]! - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
        }
      }),
    );
  });

  it('ends where the gradient is 0', () => {
    const next = sequence(seedKey(3));
    const points = Array.from({ length: 30 }, () => Float64Array.of(next(), next(), Math.floor(3 * next())));
    const targets = Float64Array.from(points, ([a, b, c]) => Math.sin(6 * a!) + 0.3 * b! + (c === 1 ? 0.5 : 0));
    const { theta, scale, noise } = fitKernel(points, targets, isCategorical, 300);
    const found = Float64Array.of(...theta.map(Math.log), Math.log(scale), Math.log(noise - leastNoise));
    const gradient = new Float64Array(5);
    negativeLogPosterior(points, targets, isCategorical)(found, gradient);
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(0.05);
  });

  it('tells what matters from what does not, and noise from function', () => {
    const next = sequence(seedKey(7));
    const points = Array.from({ length: 60 }, () => Float64Array.of(next(), next(), Math.floor(3 * next())));
    const noisy = points.map(([a], at) => 1.5 * Math.sin(5 * a!) + 0.3 * normal([at, 1]));
    const { theta, noise } = fitKernel(points, Float64Array.from(noisy), isCategorical, 100);
    expect(theta[0]).toBeGreaterThan(5 * theta[1]!);
    expect(theta[0]).toBeGreaterThan(5 * theta[2]!);
    expect(noise).toBeGreaterThan(0.3 ** 2 / 3);
    expect(noise).toBeLessThan(0.3 ** 2 * 3);
  });
});
