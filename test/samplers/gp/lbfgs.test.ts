import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Differentiable, type LbfgsOptions, minimise } from '../../../src/samplers/gp/lbfgs.js';

function options(n: number, rest: Partial<LbfgsOptions> = {}): LbfgsOptions {
  return {
    lower: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
    maxEvaluations: 1000,
    gradientTolerance: 1e-8,
    valueTolerance: 0,
    ...rest,
  };
}

const rosenbrock: Differentiable = (x, gradient) => {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
  gradient[1] = 200 * (b - a * a);
  return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
};

/** Σ (i + 1)² (x - centre)². */
function bowl(centre: readonly number[]): Differentiable {
  return (x, gradient) => {
    let value = 0;
    for (const [i, c] of centre.entries()) {
      gradient[i] = 2 * (i + 1) ** 2 * (x[i]! - c);
      value += (i + 1) ** 2 * (x[i]! - c) ** 2;
    }
    return value;
  };
}

describe('L-BFGS', () => {
  it('follows the valley of Rosenbrock’s function to its end, in under 100 evaluations', () => {
    const { x, evaluations } = minimise(rosenbrock, Float64Array.of(-1.2, 1), options(2));
    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(1, 6);
    expect(evaluations).toBeLessThan(100);
  });

  it('stops at the bounds, where the minimum of a bowl in a box is the nearest point', () => {
    const inBox = fc.double({ min: 0, max: 1, noNaN: true });
    const anywhere = fc.double({ min: -2, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(inBox, anywhere), { minLength: 1, maxLength: 6 }), (pairs) => {
        const n = pairs.length;
        const centre = pairs.map(([, c]) => c);
        const box = { lower: new Float64Array(n), upper: new Float64Array(n).fill(1) };
        const start = Float64Array.from(pairs, ([from]) => from);
        const { x } = minimise(bowl(centre), start, options(n, box));
        for (const [i, c] of centre.entries()) expect(x[i]).toBeCloseTo(Math.min(1, Math.max(0, c)), 5);
      }),
    );
  });

  it('never returns a worse value than that of its start', () => {
    const start = Float64Array.of(0.3, -0.7);
    const before = rosenbrock(start, new Float64Array(2));
    for (let maxEvaluations = 1; maxEvaluations < 40; maxEvaluations++) {
      const { value, evaluations } = minimise(rosenbrock, start, options(2, { maxEvaluations }));
      expect(value).toBeLessThanOrEqual(before);
      expect(evaluations).toBeLessThanOrEqual(maxEvaluations);
    }
  });

  it('steps back from where there is no value', () => {
    // the logarithm exists right of 0 only
    const barrier: Differentiable = (x, gradient) => {
      gradient[0] = 1 - 0.01 / x[0]!;
      return x[0]! > 0 ? x[0]! - 0.01 * Math.log(x[0]!) : Number.NaN;
    };
    expect(minimise(barrier, Float64Array.of(1.5), options(1)).x[0]).toBeCloseTo(0.01, 5);
  });

  it('returns a start that has no value as it is', () => {
    const none: Differentiable = () => Number.POSITIVE_INFINITY;
    expect(minimise(none, Float64Array.of(2), options(1))).toMatchObject({
      evaluations: 1,
      value: Number.POSITIVE_INFINITY,
    });
  });
});
