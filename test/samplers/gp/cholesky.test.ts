import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cholesky,
  inverseElement,
  inverseTransposed,
  logDeterminant,
  solveLower,
  solveUpper,
} from '../../../src/samplers/gp/cholesky.js';

/** G Gᵀ + I, which is positive definite. */
const matrix = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n * n, maxLength: n * n })
      .map((g) => ({ n, a: product(Float64Array.from(g), n, true) })),
  );

/** G Gᵀ, or with the identity added. */
function product(g: Float64Array, n: number, plusIdentity: boolean): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) out[i * n + j]! += g[i * n + k]! * g[j * n + k]!;
      if (plusIdentity && i === j) out[i * n + j]! += 1;
    }
  }
  return out;
}

function expectSame(given: Float64Array, expected: Float64Array, tolerance = 1e-9): void {
  expect(given.length).toBe(expected.length);
  for (const [at, value] of given.entries()) expect(Math.abs(value - expected[at]!)).toBeLessThan(tolerance);
}

function factor(a: Float64Array, n: number): Float64Array {
  const l = a.slice();
  expect(cholesky(l, n)).toBe(true);
  return l;
}

describe('the Cholesky factor', () => {
  it('times its transpose is the matrix, and it is lower triangular', () => {
    fc.assert(
      fc.property(matrix, ({ n, a }) => {
        const l = factor(a, n);
        expectSame(product(l, n, false), a);
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
      }),
    );
  });

  it('solves A x = b', () => {
    fc.assert(
      fc.property(matrix, fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 9 }), ({ n, a }, b) => {
        const l = factor(a, n);
        const x = Float64Array.from(b.slice(0, n));
        solveLower(l, n, x);
        solveUpper(l, n, x);
        for (let i = 0; i < n; i++) {
          const sum = x.reduce((total, value, j) => total + a[i * n + j]! * value, 0);
          expect(Math.abs(sum - b[i]!)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('gives the inverse, element by element', () => {
    fc.assert(
      fc.property(matrix, ({ n, a }) => {
        const u = inverseTransposed(factor(a, n), n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += a[i * n + k]! * inverseElement(u, n, k, j);
            expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-9);
          }
        }
      }),
    );
  });

  it('gives the determinant', () => {
    const l = factor(Float64Array.of(4, 2, 2, 3), 2);
    expect(logDeterminant(l, 2)).toBeCloseTo(Math.log(8), 14);
  });

  it.each([
    ['negative', [-1]],
    ['of rank one', [1, 1, 1, 1]],
    ['indefinite', [1, 2, 2, 1]],
    ['not a number', [Number.NaN]],
  ])('does not exist where the matrix is %s', (_, a) => {
    expect(cholesky(Float64Array.from(a), Math.sqrt(a.length))).toBe(false);
  });
});
