import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Coordinate, Coordinates } from '../../../src/samplers/cma-es/coordinates.js';
import { atLeast, withMargin } from '../../../src/samplers/cma-es/margin.js';
import { nextRun, startRun } from '../../../src/samplers/cma-es/run.js';
import { normalCdf } from '../../../src/samplers/normal.js';
import { parseSpace } from '../../../src/space/index.js';
import { generations } from './recorded.js';

const space = parseSpace({ a: { float: [0, 1] }, b: { float: [0, 1], step: 0.25 }, c: { int: [0, 1] } });
const [a, b, c] = space.parameters;

/** A continuous coordinate, one with the values 0, 0.25, …, 1, and one with 0 and 1: at those positions, as in the recording. */
const numbers: readonly Coordinate[] = [
  { parameter: a!, values: null, limits: new Float64Array(0) },
  { parameter: b!, values: [0, 0.25, 0.5, 0.75, 1], limits: Float64Array.of(0.125, 0.375, 0.625, 0.875) },
  { parameter: c!, values: [0, 1], limits: Float64Array.of(0.5) },
];
const coordinates: Coordinates = { space, numbers, categories: [] };
const mean = [0.5, 0.4, 0.6];

function told(sigma: number, shrink: number) {
  let run = startRun(coordinates, Float64Array.from(mean), sigma, 6);
  return generations.map((points) => {
    const ranked = points.map((point, loss) => ({
      x: point.map((value, at) => mean[at]! + shrink * (value - mean[at]!)),
      items: [],
      loss,
    }));
    run = nextRun(coordinates, run, ranked);
    return [...run.distribution.mean, ...run.amplitudes, run.distribution.sigma];
  });
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 8));

describe('the margin', () => {
  // recorded: cmaes 0.13.1, CMAwM(steps=[0, 0.25, 1], population_size=6): mean, amplitudes and step size after each generation
  it('corrects as the cmaes package does', () => {
    expect(told(1 / 6, 1)).toEqual([
      close([0.559271441095912, 0.37857656011517, 0.585042552898131, 1, 1.02037255804459, 1, 0.1355326640786553]),
      close([0.617629014832963, 0.286005958597429, 0.535815626325731, 1, 1.02037255804459, 1, 0.12889263980753196]),
      close([0.633320419981724, 0.277753236009934, 0.511093026019072, 1, 1.02037255804459, 1, 0.11620791661318985]),
    ]);
  });

  it('corrects as the cmaes package does where steps are much smaller than values are wide', () => {
    expect(told(0.02, 0.1)).toEqual([
      close([0.505927144109591, 0.486406505591374, 0.524302806614449, 1, 4.85766668031913, 1, 0.01604903244555371]),
      close([0.511762901483296, 0.388600595859743, 0.593581562632573, 1, 4.85766668031913, 1, 0.06002580470705689]),
      close([0.513332041998172, 0.387775323600993, 0.591109302601907, 1, 4.85766668031913, 1, 0.11769250849545164]),
    ]);
  });

  it('leaves each value with the probability it promises, however narrow the distribution', () => {
    const alpha = 0.03;
    fc.assert(
      fc.property(
        fc.double({ min: -0.5, max: 1.5, noNaN: true }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        (at, spread) => {
          const { limits } = numbers[1]!;
          const moved = withMargin(numbers[1]!, { mean: at, amplitude: 1 }, spread, alpha);
          const above = (limit: number) => normalCdf((moved.mean - limit) / (spread * moved.amplitude));
          const probabilities = [1, ...[...limits].map(above), 0]
            .map((p, i, all) => p - (all[i + 1] ?? 0))
            .slice(0, -1);
          expect(Math.max(...probabilities)).toBeLessThanOrEqual(1 - alpha + 1e-9);
        },
      ),
    );
  });
});

describe('categorical probabilities', () => {
  it('sum up to 1, are at least what they must be, and keep their order', () => {
    const raw = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(raw, fc.double({ min: 0, max: 0.9, noNaN: true }), (values, share) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        if (total === 0) return;
        const least = share / values.length;
        const held = atLeast(
          Float64Array.from(values, (value) => value / total),
          least,
        );
        expect(held.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        for (const [i, p] of held.entries()) {
          expect(p).toBeGreaterThanOrEqual(least - 1e-12);
          for (const [j, other] of held.entries())
            if (values[i]! <= values[j]!) expect(p).toBeLessThanOrEqual(other + 1e-12);
        }
      }),
    );
  });
});
