import { describe, expect, it } from 'vitest';
import { foldIn, type Key, normal, seedKey } from '../../../src/random/index.js';
import {
  type Distribution,
  defaultLambda,
  initialDistribution,
  pointFrom,
  ratesOf,
  updated,
} from '../../../src/samplers/cma-es/distribution.js';
import { generations } from './recorded.js';

const close = (values: readonly number[], digits = 12) => values.map((value) => expect.closeTo(value, digits));

describe('one generation of CMA-ES', () => {
  // recorded: cmaes 0.13.1, CMA(mean=[0.5, 0.4, 0.6], sigma=1/6, population_size=6), told three generations
  it('has the rates of the cmaes package', () => {
    const rates = ratesOf(3, 6);
    expect([...rates.weights]).toEqual(
      close([
        0.637042571241217, 0.284570257438033, 0.0783871713207503, -0.286383782596553, -0.764958094085128,
        -1.15598177815892,
      ]),
    );
    expect([rates.muEff, rates.c1, rates.cMu, rates.cc, rates.cSigma, rates.dSigma, rates.chiN]).toEqual(
      close([
        2.0286114646100617, 0.09747248265066792, 0.038593139193450914, 0.5598629786005055, 0.40171179019414777,
        1.4017117901941478, 1.5968775302586076,
      ]),
    );
  });

  it('updates as the cmaes package does', () => {
    const rates = ratesOf(3, 6);
    let distribution = initialDistribution(Float64Array.of(0.5, 0.4, 0.6), 1 / 6);
    for (const generation of generations) {
      distribution = updated(
        rates,
        distribution,
        generation.map((point) => Float64Array.from(point)),
      );
    }
    expect([...distribution.mean]).toEqual(close([0.633320419981724, 0.277753236009934, 0.511093026019072]));
    expect(distribution.sigma).toBeCloseTo(0.11610994921662429, 9);
    expect([...distribution.c]).toEqual(
      close(
        [
          0.798015238100249, -0.0390413740918435, -0.144552505268587, -0.0390413740918436, 0.751647800775042,
          0.173311332807807, -0.144552505268587, 0.173311332807807, 0.703092755088872,
        ],
        9,
      ),
    );
    expect([...distribution.pathSigma]).toEqual(close([0.593152447106053, -0.624416520540371, -0.543009077215223], 9));
    expect([...distribution.pathC]).toEqual(close([0.486265541410697, -0.496941802726059, -0.472132644421856], 9));
  });

  it('has as many points as the tutorial says', () => {
    expect([1, 2, 3, 5, 10, 100].map(defaultLambda)).toEqual([4, 6, 7, 8, 10, 17]);
  });
});

/** Evaluations until the value is below 1e-8, from 3 in each coordinate with a step of 1; infinite if more than `most`. */
function evaluationsToTarget(f: (x: Float64Array) => number, n: number, key: Key, most: number): number {
  const rates = ratesOf(n, defaultLambda(n));
  let distribution: Distribution = initialDistribution(new Float64Array(n).fill(3), 1);
  for (let evaluations = 0; evaluations < most; ) {
    const points = Array.from({ length: rates.lambda }, () => {
      const z = Float64Array.from({ length: n }, (_, i) => normal(foldIn(key, evaluations, i)));
      evaluations++;
      return pointFrom(distribution, z);
    });
    const ranked = points.map((x) => ({ x, value: f(x) })).sort((a, b) => a.value - b.value);
    if (ranked[0]!.value < 1e-8) return evaluations;
    distribution = updated(
      rates,
      distribution,
      ranked.map(({ x }) => x),
    );
  }
  return Number.POSITIVE_INFINITY;
}

describe('CMA-ES reaches 1e-8', () => {
  const sphere = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);
  const ellipsoid = (x: Float64Array) =>
    x.reduce((sum, value, i) => sum + 1e6 ** (i / (x.length - 1)) * value * value, 0);
  // what one and the same rotation of coordinates leaves: neighbours are mixed
  const turned = (f: typeof sphere) => (x: Float64Array) =>
    f(x.map((value, i) => 0.8 * value + 0.6 * (i % 2 === 0 ? x[i + 1]! : -x[i - 1]!)));
  const rosenbrock = (x: Float64Array) => {
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
    return sum;
  };

  it.each([
    ['on a sphere of 8', sphere, 8, 2500],
    ['on an ellipsoid of 8 with a condition of a million', ellipsoid, 8, 7000],
    ['on that ellipsoid turned', turned(ellipsoid), 8, 7000],
    ['in the valley of Rosenbrock’s function of 2', rosenbrock, 2, 2000],
  ])('%s in three runs, each in the evaluations stated', (_, f, n, most) => {
    for (const seed of [1, 2, 3]) {
      expect(evaluationsToTarget(f, n, seedKey(seed), most)).toBeLessThan(most);
    }
  });
});
