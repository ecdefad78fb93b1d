import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/schedulers/heap.js';
import { TopShare } from '../../src/schedulers/top-share.js';

const numbers = () => fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 60 });

describe('a heap', () => {
  it('gives its items in order', () => {
    fc.assert(
      fc.property(numbers(), (items) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const item of items) heap.push(item);
        expect(heap.size).toBe(items.length);
        const out = Array.from({ length: items.length + 1 }, () => heap.pop());
        expect(out).toEqual([...items.sort((a, b) => a - b), undefined]);
      }),
    );
  });

  it('knows its first item while others come and go', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -9, max: 9 }))), (happenings) => {
        const heap = new Heap<number>((a, b) => a < b);
        let items: number[] = [];
        for (const one of happenings) {
          if (one === null) {
            expect(heap.pop()).toBe(items[0]);
            items = items.slice(1);
          } else {
            heap.push(one);
            items = [...items, one].sort((a, b) => a - b);
          }
          expect(heap.peek()).toBe(items[0]);
        }
      }),
    );
  });
});

describe('a top share', () => {
  it('splits what came so far at the size it is told, whatever the sizes before', () => {
    const happenings = fc.array(fc.record({ item: fc.double({ noNaN: true }), top: fc.nat(30) }), { maxLength: 40 });
    fc.assert(
      fc.property(happenings, (list) => {
        const share = new TopShare<number>((a, b) => a > b);
        const items: number[] = [];
        for (const { item, top } of list) {
          share.add(item + 0);
          items.push(item + 0);
          share.resizeTop(top);
          const sorted = [...items].sort((a, b) => b - a);
          const count = Math.min(top, items.length);
          expect(share.size).toBe(items.length);
          expect(share.worstOfTop).toBe(sorted[count - 1]);
          expect(share.bestOfRest).toBe(sorted[count]);
          for (const one of items) expect(share.isInTop(one)).toBe(count > 0 && one >= sorted[count - 1]!);
        }
      }),
    );
  });
});
