import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/samplers/cma-es/eigen.js';

const symmetric = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n * n, maxLength: n * n }).map((values) => {
    const a = Float64Array.from(values, (_, at) => values[at]! + values[(at % n) * n + Math.floor(at / n)]!);
    return { n, a };
  }),
);

describe('eigenvalues', () => {
  it('with their vectors give the matrix back, and the vectors are orthonormal', () => {
    fc.assert(
      fc.property(symmetric, ({ n, a }) => {
        const { values, vectors } = symmetricEigen(a, n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let [again, inner] = [0, 0];
            for (let k = 0; k < n; k++) {
              again += vectors[i * n + k]! * values[k]! * vectors[j * n + k]!;
              inner += vectors[k * n + i]! * vectors[k * n + j]!;
            }
            expect(Math.abs(again - a[i * n + j]!)).toBeLessThan(1e-11);
            expect(Math.abs(inner - (i === j ? 1 : 0))).toBeLessThan(1e-12);
          }
        }
      }),
    );
  });

  it('of a matrix known by hand', () => {
    const { values } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect([...values].sort()).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)]);
  });

  it('keep small ones exact beside large ones', () => {
    // eigenvalues 1e12 and 1e-3, turned by 0.1
    const [c, s] = [Math.cos(0.1), Math.sin(0.1)];
    const [large, small] = [1e12, 1e3];
    const a = Float64Array.of(
      c * c * large + s * s * small,
      c * s * (large - small),
      c * s * (large - small),
      s * s * large + c * c * small,
    );
    expect(Math.min(...symmetricEigen(a, 2).values) / small).toBeCloseTo(1, 5);
  });
});
