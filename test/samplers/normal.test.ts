import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfcx, normalCdf, normalHazard, normalLogCdf, normalQuantile } from '../../src/samplers/normal.js';

/** Within `digits` of the larger size. */
function expectClose(given: number, expected: number, tolerance = 1e-12): void {
  expect(Math.abs(given - expected)).toBeLessThanOrEqual(tolerance * Math.max(1e-300, Math.abs(expected)));
}

describe('the normal distribution', () => {
  // all known answers: mpmath 1.3 with 60 digits
  it.each([
    [-3, 16205.988853999586],
    [-1, 5.008980080762283],
    [0, 1],
    [0.5, 0.6156903441929259],
    [2.4, 0.21849873453703333],
    [2.6, 0.20361324735670921],
    [10, 0.05614099274382259],
    [1e4, 5.641895807268084e-5],
  ])('erfcx(%s)', (x, expected) => expectClose(erfcx(x), expected));

  it.each([
    [3, -0.0013508099647481938],
    [0, -Math.LN2],
    [-1, -1.8410216450092636],
    [-5, -15.064998393988725],
    [-40, -804.6084420137538],
  ])('log Φ(%s)', (z, expected) => expectClose(normalLogCdf(z), expected));

  it.each([
    [1e-10, -6.361340902404057],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.3, -0.5244005127080408],
    [0.9, 1.2815515655446006],
  ])('Φ⁻¹(%s)', (p, expected) => expectClose(normalQuantile(p), expected));

  it('has its ends', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 14);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  });

  it('quantiles are the inverse of probabilities', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expectClose(normalCdf(normalQuantile(p)), p, 1e-11);
      }),
    );
  });

  it('the hazard is the derivative of the log probability', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 5, noNaN: true }), (z) => {
        const h = 1e-5;
        const slope = (normalLogCdf(z + h) - normalLogCdf(z - h)) / (2 * h);
        expect(Math.abs(normalHazard(z) - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
      }),
    );
  });
});
