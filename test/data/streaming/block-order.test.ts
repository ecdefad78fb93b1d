import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockOrder } from '../../../src/data/streaming/block-order.js';
import { planBlocks } from '../../../src/data/streaming/block-plan.js';
import { foldIn, seedKey } from '../../../src/random/index.js';
import { errorOf } from '../support.js';

const shape = fc.record({
  rowCount: fc.integer({ min: 1, max: 400 }),
  rowsPerBlock: fc.integer({ min: 1, max: 60 }),
  windowBlocks: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const orderOf = ({ seed, ...more }: Shape) => new BlockOrder({ ...more, key: foldIn(seedKey(seed), 'blocks') });

function rows(order: BlockOrder, seed: number, from: number, count: number): Int32Array {
  const out = new Int32Array(count);
  order.fill(out, foldIn(seedKey(seed), 'trial', 0), from);
  return out;
}

const ascending = (count: number) => Array.from({ length: count }, (_, row) => row);

describe('the order of rows that are streamed', () => {
  it('has each row exactly once an epoch', () => {
    fc.assert(
      fc.property(shape, fc.integer({ min: 0, max: 3 }), (given, epoch) => {
        const drawn = rows(orderOf(given), given.seed, epoch * given.rowCount, given.rowCount);
        expect([...drawn].sort((a, b) => a - b)).toEqual(ascending(given.rowCount));
      }),
    );
  });

  it('is the same however it is cut into calls', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 }), (given, cuts) => {
        const total = cuts.reduce((a, b) => a + b, 0);
        const whole = rows(orderOf(given), given.seed, 0, total);
        let from = 0;
        // each piece alone, as another thread or a resumed study has it
        const pieces = cuts.flatMap((count) => {
          const piece = rows(orderOf(given), given.seed, from, count);
          from += count;
          return [...piece];
        });
        expect(pieces).toEqual([...whole]);
      }),
    );
  });

  it('goes from window to window, of whole blocks, at most as many as there may be', () => {
    fc.assert(
      fc.property(shape, (given) => {
        const order = orderOf(given);
        const seen: number[] = [];
        for (let position = 0; position < given.rowCount; ) {
          const window = order.windowAt(position);
          expect(window.start).toBe(position);
          expect(window.blocks.length).toBeLessThanOrEqual(given.windowBlocks);
          const drawn = rows(order, given.seed, position, window.rowCount);
          const blocks = new Set([...drawn].map((row) => Math.floor(row / given.rowsPerBlock)));
          expect([...blocks].sort((a, b) => a - b)).toEqual([...window.blocks].sort((a, b) => a - b));
          seen.push(...window.blocks);
          position += window.rowCount;
        }
        expect(seen.sort((a, b) => a - b)).toEqual(ascending(order.blockCount));
      }),
    );
  });

  it('has the blocks of the study and the rows of the trial', () => {
    const given = { rowCount: 4000, rowsPerBlock: 10, windowBlocks: 20, seed: 3 };
    const [one, other] = [0, 1].map((trial) => {
      const out = new Int32Array(200);
      orderOf(given).fill(out, foldIn(seedKey(3), 'trial', trial), 0);
      return [...out];
    });
    const blocksOf = (drawn: number[]) => [...new Set(drawn.map((row) => Math.floor(row / 10)))].sort((a, b) => a - b);
    expect(other).not.toEqual(one);
    expect(blocksOf(other!)).toEqual(blocksOf(one!));
    const next = rows(orderOf(given), 3, 4000, 200);
    expect(blocksOf([...next])).not.toEqual(blocksOf(one!));
  });

  it('puts any two rows beside each other: pairs of neighbours in the file are not kept', () => {
    const given = { rowCount: 20_000, rowsPerBlock: 100, windowBlocks: 50, seed: 1 };
    const drawn = rows(orderOf(given), 1, 0, 20_000);
    let neighbours = 0;
    for (let i = 1; i < drawn.length; i++) if (Math.abs(drawn[i]! - drawn[i - 1]!) === 1) neighbours++;
    // 2 / 5000 of all pairs within a window are neighbours: 8 of 20,000 are expected, 40 have a probability below 1e-12
    expect(neighbours).toBeLessThan(40);
  });
});

describe('planBlocks', () => {
  const arbitrary = fc.record({
    memory: fc.integer({ min: 1000, max: 2 ** 40 }),
    rowBytes: fc.integer({ min: 1, max: 50_000 }),
  });

  it('keeps within the memory, with four windows in it, or says the least that is enough', () => {
    fc.assert(
      fc.property(arbitrary, ({ memory, rowBytes }) => {
        let given = memory;
        let plan: ReturnType<typeof planBlocks>;
        try {
          plan = planBlocks({ memory, rowBytes });
        } catch (error) {
          given = Number(/at least (\d+) bytes/.exec((error as Error).message)![1]);
          expect(given).toBeGreaterThan(memory);
          plan = planBlocks({ memory: given, rowBytes });
        }
        const { rowsPerBlock, slotCount, windowBlocks } = plan;
        expect(slotCount).toBe(4 * windowBlocks);
        expect(windowBlocks).toBeGreaterThanOrEqual(2);
        expect(slotCount * rowsPerBlock * rowBytes).toBeLessThanOrEqual(given);
        expect(rowsPerBlock).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('uses most of it', () => {
    const { rowsPerBlock, slotCount } = planBlocks({ memory: 500e6, rowBytes: 788 });
    expect(slotCount * rowsPerBlock * 788).toBeGreaterThan(0.72 * 500e6);
  });

  it('refuses too little, with a code', async () => {
    await errorOf('DATA_MEMORY_TOO_SMALL', () => planBlocks({ memory: 100, rowBytes: 50 }));
  });
});
