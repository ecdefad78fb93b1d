import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedKey, sequence } from '../../src/random/index.js';
import { ParzenEstimator, type Row } from '../../src/samplers/parzen.js';
import { minimumBandwidth, Neighbours } from '../../src/samplers/parzen-bandwidth.js';
import { ContinuousColumn } from '../../src/samplers/parzen-continuous.js';
import { type DimensionKind, dimensionsOf } from '../../src/samplers/parzen-dimension.js';
import { Memory } from '../../src/samplers/parzen-memory.js';
import { decode, encode, type Parameter, parseSpace, type SpaceDefinition, type Value } from '../../src/space/index.js';
import { chiSquareLimit, kolmogorovSmirnov, kolmogorovSmirnovLimit } from '../random/goodness-of-fit.js';

/** An estimator of trials with these values; an absent one has none. */
function estimate(definition: SpaceDefinition, trials: readonly Record<string, Value>[], weights?: readonly number[]) {
  const dimensions = dimensionsOf(parseSpace(definition));
  const rows = trials.map((values) =>
    Float64Array.from(dimensions, ({ parameter }) =>
      values[parameter.name] === undefined ? Number.NaN : encode(parameter, values[parameter.name]!),
    ),
  );
  return { dimensions, estimator: new ParzenEstimator(dimensions, rows, weights ?? rows.map(() => 1)) };
}

const density = (estimator: ParzenEstimator, row: readonly number[]) =>
  Math.exp(estimator.logDensity(Float64Array.from(row)));

/** The positions of all values of a discrete parameter. */
function positionsOf(parameter: Parameter): number[] {
  if (parameter.kind === 'choice') return parameter.items.map((item) => encode(parameter, item));
  if (parameter.kind === 'fixed' || parameter.grid === null) throw new Error('not discrete');
  const found = new Set<number>();
  for (let i = 0; i <= 20_000; i++) found.add(encode(parameter, decode(parameter, i / 20_000)));
  return [...found];
}

const discrete: readonly (readonly [string, SpaceDefinition[string], DimensionKind, readonly Value[]])[] = [
  ['an int', { int: [1, 12] }, 'cells', [1, 1, 2, 9]],
  ['an int that was observed once', { int: [1, 12] }, 'cells', [3]],
  ['an int on a log scale', { int: [1, 200], scale: 'log' }, 'cells', [1, 2, 150, 200]],
  ['a float with a step', { float: [0, 0.9], step: 0.05 }, 'cells', [0.3, 0.35, 0.9]],
  ['an ordinal', { ordinal: ['s', 'm', 'l'] }, 'cells', ['s', 'l', 'l']],
  ['a choice', { choice: ['a', 'b', 'c', 'd'] }, 'categories', ['a', 'a', 'c']],
  ['a boolean', { boolean: true }, 'categories', [true]],
];

describe('a Parzen estimator', () => {
  it('is the prior where there are no observations', () => {
    const { estimator } = estimate({ x: { float: [0, 1] }, n: { int: [1, 4] }, c: { choice: ['a', 'b'] } }, []);
    expect(density(estimator, [0.3, 0.125, 0.25])).toBeCloseTo(1 / 4 / 2, 12);
    expect(density(estimator, [0.9, Number.NaN, Number.NaN])).toBeCloseTo(1, 12);
  });

  it('has a density that integrates to 1 over floats', () => {
    const unit = () => fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: unit(), y: unit() }), { maxLength: 8 }), (trials) => {
        const { estimator } = estimate({ x: { float: [0, 1] }, y: { float: [0, 1] } }, trials);
        const points = 100;
        let sum = 0;
        for (let i = 0; i < points; i++) {
          for (let j = 0; j < points; j++) sum += density(estimator, [(i + 0.5) / points, (j + 0.5) / points]);
        }
        expect(sum / points ** 2).toBeCloseTo(1, 2);
      }),
      { numRuns: 20 },
    );
  });

  it.each(discrete)('has probabilities that sum to 1 over %s', (_, definition, kind, values) => {
    const { estimator, dimensions } = estimate(
      { p: definition },
      values.map((p) => ({ p })),
    );
    expect(dimensions[0]!.kind).toBe(kind);
    const sum = positionsOf(dimensions[0]!.parameter).reduce((total, at) => total + density(estimator, [at]), 0);
    expect(sum).toBeCloseTo(1, 3);
  });

  it.each(discrete)('draws %s as likely as it says', (_, definition, __, values) => {
    const { estimator, dimensions } = estimate(
      { p: definition },
      values.map((p) => ({ p })),
    );
    const { parameter } = dimensions[0]!;
    const next = sequence(seedKey(7));
    const count = 20_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const at = encode(parameter, decode(parameter, estimator.drawPosition(estimator.drawKernel(next), 0, next)));
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const expectations = positionsOf(parameter).map((at) => [count * density(estimator, [at]), counts.get(at) ?? 0]);
    const statistic = expectations.reduce(
      (sum, [expected = 0, seen = 0]) => sum + (seen - expected) ** 2 / expected,
      0,
    );
    expect(statistic).toBeLessThan(Math.max(28, chiSquareLimit(Math.max(1, expectations.length - 1))));
  });

  it('draws floats as likely as it says', () => {
    const { estimator } = estimate({ x: { float: [0, 1] } }, [{ x: 0.1 }, { x: 0.15 }, { x: 0.8 }], [2, 0.5, 0.5]);
    const next = sequence(seedKey(7));
    const sample = Array.from({ length: 10_000 }, () => estimator.drawPosition(estimator.drawKernel(next), 0, next));
    const points = 1000;
    const cumulative = [0];
    for (let i = 0; i < points; i++)
      cumulative.push(cumulative[i]! + density(estimator, [(i + 0.5) / points]) / points);
    const below = (x: number) => {
      const at = Math.floor(x * points);
      return cumulative[at]! + (x * points - at) * ((cumulative[at + 1] ?? 1) - cumulative[at]!);
    };
    expect(kolmogorovSmirnov(sample, below)).toBeLessThan(kolmogorovSmirnovLimit(10_000));
  });

  it('takes an observation that has no value for a parameter as the prior there', () => {
    const definition = { c: { choice: ['a', 'b'] }, x: { float: [0, 1] } } as const;
    const { estimator } = estimate(definition, [{ c: 'a', x: 0.2 }, { c: 'b' }]);
    const [a, b] = [0.25, 0.75];
    // three kernels: 'a' with x, 'b' without, the prior
    const [same, other] = [4 / 5, 1 / 5];
    const shape = density(estimate({ x: { float: [0, 1] } }, [{ x: 0.2 }]).estimator, [0.4]) * 2 - 1;
    expect(density(estimator, [a, 0.4])).toBeCloseTo((same * shape + other + 0.5) / 3, 9);
    expect(density(estimator, [b, Number.NaN])).toBeCloseTo((other + same + 0.5) / 3, 9);
  });

  it('weighs its kernels', () => {
    const { estimator } = estimate({ c: { choice: ['a', 'b'] } }, [{ c: 'a' }, { c: 'b' }], [3, 1]);
    expect(density(estimator, [0.25])).toBeCloseTo((3 * 0.8 + 0.2 + 0.5) / 5, 12);
  });

  it('leaves out no kernel that counts in a density, however many dimensions there are', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const next = sequence(seedKey(11));
    const trials = Array.from({ length: 60 }, (_, trial) => {
      // half of them in a heap, where many kernels count
      const spread = trial % 2 === 0 ? 0.1 : 1;
      return Object.fromEntries(names.map((name) => [name, 0.5 + (next() - 0.5) * spread]));
    });
    const { estimator } = estimate(Object.fromEntries(names.map((name) => [name, { float: [0, 1] as const }])), trials);
    const columns = names.map((name) => {
      const column = Float64Array.from([...trials.map((trial) => trial[name]!), Number.NaN]);
      return new ContinuousColumn(column, new Memory());
    });
    const everyone = Int32Array.from({ length: trials.length + 1 }, (_, kernel) => kernel);
    for (let check = 0; check < 50; check++) {
      const row = Float64Array.from(names, () => 0.5 + (next() - 0.5) * (check % 3 === 0 ? 1 : 0.2));
      const sums = new Float64Array(everyone.length);
      for (const [at, column] of columns.entries())
        column.addLogDensities(row[at]!, sums, everyone, everyone.length, Number.NEGATIVE_INFINITY);
      const mean = sums.reduce((total, term) => total + Math.exp(term), 0) / sums.length;
      expect(estimator.logDensity(row)).toBeCloseTo(Math.log(mean), 9);
    }
  });

  it('is never below what it has at least, to the last bit', () => {
    const definition = { x: { float: [0, 1] }, n: { int: [1, 9] }, c: { choice: ['a', 'b', 'c'] } } as const;
    const trial = fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      n: fc.integer({ min: 1, max: 9 }),
      c: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 90 }), trial, (trials, { x, n, c }) => {
        const { dimensions, estimator } = estimate(definition, trials);
        const values: Record<string, Value> = { x, n, c };
        const row = Float64Array.from(dimensions, ({ parameter }) => encode(parameter, values[parameter.name]!));
        expect(estimator.leastLogDensity(row)).toBeLessThanOrEqual(estimator.logDensity(row));
      }),
    );
  });

  it('is the same in memory that was used before', () => {
    const rows = Array.from({ length: 30 }, (_, at) => Float64Array.of(at / 29, ((at * 7) % 30) / 29));
    const dimensions = dimensionsOf(parseSpace({ x: { float: [0, 1] }, n: { int: [1, 30] } }));
    const memory = new Memory();
    const densities = [1, 2, 3].map(() => {
      memory.reset();
      const [good, bad] = [rows.slice(0, 5), rows.slice(5)].map(
        (some) =>
          new ParzenEstimator(
            dimensions,
            some,
            some.map(() => 1),
            memory,
          ),
      );
      return rows.slice(0, 10).map((row) => good!.logDensity(row) - bad!.logDensity(row));
    });
    expect(densities[1]).toEqual(densities[0]);
    expect(densities[2]).toEqual(densities[0]);
  });

  it('is finite wherever it is asked', () => {
    const trials = Array.from({ length: 200 }, () => ({ x: 0, n: 1 }));
    const { estimator } = estimate({ x: { float: [0, 1] }, n: { int: [1, 500] } }, trials);
    for (const row of [
      [1, 0.999],
      [0, 0.001],
      [0.5, 0.5],
    ]) {
      expect(Number.isFinite(estimator.logDensity(Float64Array.from(row) as Row))).toBe(true);
    }
  });
});

function neighbourBandwidths(positions: Float64Array, least: number): Float64Array {
  const neighbours = new Neighbours(positions, least, new Memory());
  return positions.map((position) => neighbours.bandwidthAt(position));
}

describe('bandwidths', () => {
  it('are the distance to the farther neighbour, of those inside only at the ends', () => {
    const bandwidths = neighbourBandwidths(Float64Array.of(0.5, 0.1, 0.2, 0.9), 0.03);
    expect([...bandwidths].map((width) => Number(width.toFixed(12)))).toEqual([0.4, 0.1, 0.3, 0.4]);
  });

  it('are the same as with sorting', () => {
    const positions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(positions, fc.double({ min: 1 / 128, max: 1, noNaN: true }), (given, least) => {
        const distinct = [...new Set(given.map((x) => x + 0))].sort((a, b) => a - b);
        const expected = given.map((x) => {
          const at = distinct.indexOf(x + 0);
          const gaps = [at > 0 ? x - distinct[at - 1]! : 0, at + 1 < distinct.length ? distinct[at + 1]! - x : 0];
          return Math.min(1, Math.max(least, ...gaps));
        });
        expect([...neighbourBandwidths(Float64Array.from(given), least)]).toEqual(expected);
      }),
    );
  });

  it('leave out kernels that have no position', () => {
    const [low, , high] = neighbourBandwidths(Float64Array.of(0.25, Number.NaN, 0.75), 0.03);
    expect([low, high]).toEqual([0.5, 0.5]);
  });

  it('may be as narrow as 0.03 once there are kernels enough', () => {
    expect(minimumBandwidth(1)).toBe(1 / 4);
    expect(minimumBandwidth(2)).toBe(1 / 9);
    expect(minimumBandwidth(5)).toBe(0.03);
    expect(minimumBandwidth(1000)).toBe(0.03);
  });
});

describe('dimensions', () => {
  it('are the parameters that have more than one value', () => {
    const space = parseSpace({
      a: 1,
      b: { int: [3, 3] },
      c: { float: [0, 1] },
      d: { choice: ['x'] },
      e: { boolean: true },
    });
    expect(dimensionsOf(space).map(({ parameter, kind, index }) => [parameter.name, kind, index])).toEqual([
      ['c', 'continuous', 0],
      ['e', 'categories', 1],
    ]);
  });

  it('are continuous where a grid is so fine that it makes no difference', () => {
    const kindOf = (definition: SpaceDefinition[string]) => dimensionsOf(parseSpace({ p: definition }))[0]!.kind;
    expect(kindOf({ int: [0, 5000] })).toBe('continuous');
    expect(kindOf({ int: [1, 900] })).toBe('cells');
    // from 1 to 2 is a twentieth of this scale
    expect(kindOf({ int: [1, 1_000_000], scale: 'log' })).toBe('cells');
    expect(kindOf({ ordinal: [1, 2, 3] })).toBe('cells');
  });
});
