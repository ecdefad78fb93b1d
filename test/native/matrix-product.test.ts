import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeConfig } from '../../src/graph/config-proto.js';
import { GraphBuilder } from '../../src/graph/graph-builder.js';
import { alignedShared } from '../../src/graph/index.js';
import { install, loadSegmentAddon, type SegmentAddon } from '../../src/native/index.js';
import { foldIn, seedKey, uniform } from '../../src/random/index.js';

let addon: SegmentAddon;
let has = false;
beforeAll(async () => {
  addon = loadSegmentAddon(await install());
  has = addon.hasProducts(encodeConfig());
});

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function filled(shape: readonly number[], seed: number): Float32Array {
  const key = seedKey(seed);
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => uniform(foldIn(key, i)) - 0.5);
}

function multiply(op: string, a: readonly number[], b: readonly number[], product: readonly number[]) {
  const graph = new GraphBuilder();
  const inputs = [graph.placeholder('a', 'float32', a), graph.placeholder('b', 'float32', b)];
  const fetched = graph.node(op, inputs, {}, 'product');
  const key = `${op} ${a} ${b}`;
  const program = addon.load({
    key,
    graph: graph.encode(),
    feeds: ['a', 'b'],
    fetches: [fetched],
    config: encodeConfig(),
  });
  const given = [filled(a, 1), filled(b, 2)] as const;
  const fed = given.map((values) => {
    const memory = alignedShared(addon, Math.max(64, values.byteLength));
    const view = new Float32Array(memory.buffer, memory.byteOffset, values.length);
    view.set(values);
    return view;
  });
  const result = new Float32Array(sizeOf(product));
  addon.run(program, fed, [result]);
  addon.release(program);
  return { a: given[0], b: given[1], result };
}

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** The largest difference from the same in float64, as a multiple of what rounding may do. */
function worst({ rows, columns, depth }: Case, transposeA: boolean, transposeB: boolean): number {
  const shapeA = transposeA ? [depth, rows] : [rows, depth];
  const shapeB = transposeB ? [columns, depth] : [depth, columns];
  const op = `TfjsTunerMatMul${transposeA || transposeB ? `${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}` : ''}`;
  const { a, b, result } = multiply(op, shapeA, shapeB, [rows, columns]);
  let most = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let exact = 0;
      for (let k = 0; k < depth; k++) {
        exact +=
          a[transposeA ? k * rows + row : row * depth + k]! *
          b[transposeB ? column * depth + k : k * columns + column]!;
      }
      most = Math.max(most, Math.abs(result[row * columns + column]! - exact));
    }
  }
  // products are below 1/4, and their sum is rounded once for each
  return most / (depth * 0.25 * 2 ** -24 * Math.sqrt(depth) + 2 ** -26);
}

// around the sizes of tiles (6 x 16), of blocks (96 rows, 512 columns, 400 deep), and of what is not packed (12 rows)
const cases: Case[] = [
  { rows: 1, columns: 1, depth: 1 },
  { rows: 6, columns: 16, depth: 8 },
  { rows: 7, columns: 17, depth: 9 },
  { rows: 12, columns: 40, depth: 3 },
  { rows: 13, columns: 15, depth: 401 },
  { rows: 64, columns: 10, depth: 128 },
  { rows: 97, columns: 33, depth: 5 },
  { rows: 5, columns: 529, depth: 801 },
  { rows: 200, columns: 1, depth: 64 },
  { rows: 1, columns: 200, depth: 64 },
];

describe('the addon’s own products of matrices', () => {
  beforeEach(({ skip }) => skip(!has, 'this processor has no kernel for them, or there is a graphics card'));

  it.each(cases)('are right to rounding: %o', (sizes) => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) expect(worst(sizes, transposeA, transposeB)).toBeLessThan(1);
  });

  it('of a row are the same to the last bit beside any other rows', () => {
    const [depth, columns] = [401, 33];
    const many = multiply('TfjsTunerMatMul', [97, depth], [depth, columns], [97, columns]);
    const few = multiply('TfjsTunerMatMul', [5, depth], [depth, columns], [5, columns]);
    expect(few.result).toEqual(many.result.subarray(0, 5 * columns));
  });

  it('broadcast leading dimensions as BatchMatMulV2 does', () => {
    const { a, b, result } = multiply('TfjsTunerMatMul', [2, 1, 3, 4], [5, 4, 2], [2, 5, 3, 2]);
    for (let first = 0; first < 2; first++)
      for (let second = 0; second < 5; second++)
        for (let row = 0; row < 3; row++)
          for (let column = 0; column < 2; column++) {
            let exact = 0;
            for (let k = 0; k < 4; k++) exact += a[first * 12 + row * 4 + k]! * b[second * 8 + k * 2 + column]!;
            expect(result[((first * 5 + second) * 3 + row) * 2 + column]).toBeCloseTo(exact, 6);
          }
  });

  it('of no rows, no columns or no depth are empty or zero', () => {
    expect(multiply('TfjsTunerMatMul', [0, 4], [4, 3], [0, 3]).result).toHaveLength(0);
    expect(multiply('TfjsTunerMatMul', [2, 4], [4, 0], [2, 0]).result).toHaveLength(0);
    expect([...multiply('TfjsTunerMatMul', [2, 0], [0, 3], [2, 3]).result]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([
    [
      [2, 3],
      [4, 5],
    ],
    [[3], [3, 2]],
    [
      [2, 2, 3],
      [3, 3, 2],
    ],
  ])('of %j and %j are refused', (a, b) => {
    expect(() => multiply('TfjsTunerMatMul', a, b, [1])).toThrow('do not fit each other');
  });
});
