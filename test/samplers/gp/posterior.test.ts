import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, normal, seedKey } from '../../../src/random/index.js';
import { Posterior } from '../../../src/samplers/gp/posterior.js';
import { anyPoint, anyPoints, isCategorical, known } from './arbitraries.js';

const none = [new Float64Array(0)];
const { points, targets, kernel } = known;

function predict(posterior: Posterior, x: Float64Array) {
  return posterior.predict(x, { means: new Float64Array(posterior.fantasyCount), variance: 0 });
}

describe('the posterior', () => {
  it.each([
    [[0.5, 0.5, 1], -0.28005889095500863, 0.35967634078977573],
    [[0.1, 0.2, 0], 0.9909735923217252, 0.00990558214671533],
  ])('at %s has the mean and the variance that NumPy gives', (x, mean, variance) => {
    const found = predict(new Posterior(points, targets, none, isCategorical, kernel), Float64Array.from(x));
    expect(found.means[0]).toBeCloseTo(mean, 12);
    expect(found.variance).toBeCloseTo(variance, 12);
  });

  it('is the prior where nothing is known', () => {
    const found = predict(
      new Posterior([], new Float64Array(0), none, isCategorical, kernel),
      Float64Array.of(0, 0, 0),
    );
    expect(found.means[0]).toBe(0);
    expect(found.variance).toBe(kernel.scale);
  });

  it('has the mean at its points that predicting them gives', () => {
    const posterior = new Posterior(points, targets, none, isCategorical, kernel);
    for (const [at, point] of points.entries()) {
      expect(posterior.meanAt(at, 0)).toBeCloseTo(predict(posterior, point).means[0]!, 12);
    }
  });

  it('has the gradient that differences give', () => {
    fc.assert(
      fc.property(anyPoints(), anyPoint, fc.double({ min: -2, max: 2, noNaN: true }), (observed, x, byVariance) => {
        const values = Float64Array.from(observed, (_, at) => Math.sin(at));
        const posterior = new Posterior(observed, values, none, isCategorical, kernel);
        const gradient = new Float64Array(3);
        const of = (point: Float64Array) => {
          const { means, variance } = predict(posterior, point);
          return 0.7 * means[0]! + byVariance * variance;
        };
        of(x);
        posterior.addGradient(Float64Array.of(0.7), byVariance, gradient);
        for (const k of [0, 1]) {
          const h = 1e-5;
          const difference = (of(x.with(k, x[k]! + h)) - of(x.with(k, x[k]! - h))) / (2 * h);
          expect(Math.abs(gradient[k]! - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(difference)));
        }
        expect(gradient[2]).toBe(0);
      }),
    );
  });

  it('knows more with every point', () => {
    fc.assert(
      fc.property(anyPoints(2), anyPoint, (observed, x) => {
        const values = new Float64Array(observed.length);
        const all = predict(new Posterior(observed, values, none, isCategorical, kernel), x);
        const fewer = predict(new Posterior(observed.slice(1), values.slice(1), none, isCategorical, kernel), x);
        expect(all.variance).toBeLessThanOrEqual(fewer.variance + 1e-9);
      }),
    );
  });

  it('stands points that are the same, without noise', () => {
    const same = Array.from({ length: 20 }, () => Float64Array.of(0.5, 0.5, 0));
    const found = predict(
      new Posterior(same, new Float64Array(20).fill(1), none, isCategorical, { ...kernel, noise: 0 }),
      same[0]!,
    );
    expect(found.means[0]).toBeCloseTo(1, 5);
  });

  it('draws fantasies as what is known predicts them: mean and variance over 4,000 of them', () => {
    const runs = Float64Array.of(0.5, 0.5, 1);
    const known4 = predict(new Posterior(points, targets, none, isCategorical, kernel), runs);
    const normals = Array.from({ length: 4000 }, (_, at) => Float64Array.of(normal(foldIn(seedKey(1), at))));
    const posterior = new Posterior([...points, runs], targets, normals, isCategorical, { ...kernel });
    const means = predict(posterior, runs).means;
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length;
    expect(Math.abs(mean - known4.means[0]!)).toBeLessThan(0.05);
    // what a noisy value tells of the function there: v² / (v + σ²)
    const expected = known4.variance ** 2 / (known4.variance + kernel.noise);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1);
  });
});
