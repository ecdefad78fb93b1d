import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crowdingDistances,
  dominates,
  hypervolume,
  type Losses,
  nonDominatedSort,
  paretoFront,
} from '../../src/samplers/pareto.js';

const infinity = Number.POSITIVE_INFINITY;
const loss = () => fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(infinity, -infinity, 0.5));
/** Few values, so that many are equal. */
const anyPoints = () =>
  fc.integer({ min: 1, max: 4 }).chain((count) => fc.array(fc.array(loss(), { minLength: count, maxLength: count })));

/** By definition: takes away the points that nothing left dominates, again and again. */
function peel(points: readonly Losses[]): number[][] {
  const fronts: number[][] = [];
  let left = [...points.keys()];
  while (left.length > 0) {
    const front = left.filter((one) => !left.some((other) => dominates(points[other]!, points[one]!)));
    fronts.push(front);
    left = left.filter((one) => !front.includes(one));
  }
  return fronts;
}

describe('dominates', () => {
  it.each([
    [[1, 2], [1, 3], true],
    [[1, 3], [1, 2], false],
    [[1, 2], [1, 2], false],
    [[0, 3], [1, 2], false],
    [[-infinity, 0], [0, 0], true],
    [[infinity, 0], [infinity, 1], true],
    [[infinity, 0], [0, infinity], false],
  ])('%j, %j: %j', (a, b, expected) => expect(dominates(a, b)).toBe(expected));
});

describe('nonDominatedSort', () => {
  it('is what taking fronts away one after another gives, with duplicates and infinities', () => {
    fc.assert(
      fc.property(anyPoints(), (points) => {
        expect(nonDominatedSort(points)).toEqual(peel(points));
      }),
    );
  });

  it('has the Pareto front first', () => {
    expect(
      paretoFront([
        [1, 4],
        [2, 2],
        [3, 3],
        [4, 1],
        [2, 2],
      ]),
    ).toEqual([0, 1, 3, 4]);
    expect(paretoFront([])).toEqual([]);
  });

  it('sorts 10,000 points of one front of two objectives at once', () => {
    const points = Array.from({ length: 10_000 }, (_, i) => [i, -i]);
    expect(nonDominatedSort(points)).toEqual([[...points.keys()]]);
  });
});

describe('crowdingDistances', () => {
  it('is the sum of the gaps between neighbours, as shares of the ranges', () => {
    const front = [
      [0, 10],
      [1, 6],
      [4, 4],
      [10, 0],
    ];
    expect(crowdingDistances(front)).toEqual([infinity, 4 / 10 + 6 / 10, 9 / 10 + 6 / 10, infinity]);
  });

  it('is the same in any order', () => {
    const front = [
      [4, 4],
      [10, 0],
      [0, 10],
      [1, 6],
    ];
    expect(crowdingDistances(front)).toEqual([1.5, infinity, infinity, 1]);
  });

  it('adds nothing where all are equal, and is no NaN with infinities', () => {
    expect(
      crowdingDistances([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
    ).toEqual([0, 0, 0]);
    expect(
      crowdingDistances([
        [infinity, 0],
        [infinity, 0],
      ]),
    ).toEqual([0, 0]);
    expect(crowdingDistances([])).toEqual([]);
    expect(crowdingDistances([[1, 2]])).toEqual([0]);
    fc.assert(fc.property(anyPoints(), (points) => crowdingDistances(points).every((one) => one >= 0)));
  });
});

describe('hypervolume', () => {
  it('is how many unit cells are dominated, for points with integer losses', () => {
    const points = fc
      .integer({ min: 1, max: 4 })
      .chain((count) =>
        fc.tuple(
          fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: count, maxLength: count }), { maxLength: 8 }),
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: count, maxLength: count }),
        ),
      );
    fc.assert(
      fc.property(points, ([all, reference]) => {
        expect(hypervolume(all, reference)).toBe(cellsUnder(all, reference));
      }),
    );
  });

  it('has the value of a known front', () => {
    expect(
      hypervolume(
        [
          [1, 3],
          [2, 2],
          [3, 1],
        ],
        [4, 4],
      ),
    ).toBe(6);
    expect(hypervolume([[1, 1, 1]], [3, 4, 5])).toBe(2 * 3 * 4);
    expect(hypervolume([], [1, 1])).toBe(0);
  });

  it('counts no point that is not better than the reference, and takes infinities', () => {
    expect(
      hypervolume(
        [
          [1, infinity],
          [infinity, 1],
          [4, 0],
        ],
        [4, 4],
      ),
    ).toBe(0);
    expect(
      hypervolume(
        [
          [-infinity, 1],
          [1, 1],
        ],
        [4, 4],
      ),
    ).toBe(infinity);
    expect(
      hypervolume(
        [
          [-infinity, 1, 1],
          [1, -infinity, 0],
          [0, 0, 0],
        ],
        [4, 4, 4],
      ),
    ).toBe(infinity);
  });

  it('is exact for 200 points on a plane through three objectives', () => {
    const points = Array.from({ length: 200 }, (_, i) => {
      const [a, b] = [((i * 0.618) % 1) / 2, ((i * 0.414) % 1) / 2];
      return [a, b, 1 - a - b];
    });
    // each adds at most what it dominates, and the whole is below the volume under the plane
    const volume = hypervolume(points, [1, 1, 1]);
    const shuffled = hypervolume(points.toReversed(), [1, 1, 1]);
    expect(shuffled).toBeCloseTo(volume, 12);
    const rotated = points.map(([a = 0, b = 0, c = 0]) => [c, a, b]);
    expect(hypervolume(rotated, [1, 1, 1])).toBeCloseTo(volume, 12);
    expect(volume).toBeLessThan(1 - 1 / 6);
  });
});

function cellsUnder(points: readonly Losses[], reference: Losses): number {
  const cells = reference.reduce<number[][]>(
    (before, size) => before.flatMap((cell) => Array.from({ length: size }, (_, i) => [...cell, i])),
    [[]],
  );
  return cells.filter((cell) => points.some((point) => point.every((one, i) => one <= cell[i]!))).length;
}
