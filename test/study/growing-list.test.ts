import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowingList } from '../../src/study/growing-list.js';

describe('a growing list', () => {
  it('has what was appended, whichever lists are looked at when, and whatever was appended to older ones', () => {
    // each step appends to one of the lists so far, or looks at one
    const steps = fc.array(fc.record({ of: fc.nat(), looks: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const lists = [{ list: GrowingList.empty<number>(), items: [] as readonly number[] }];
        for (const [step, { of, looks }] of all.entries()) {
          const { list, items } = lists[of % lists.length]!;
          if (looks) expect(list.items).toEqual(items);
          else lists.push({ list: list.with(step), items: [...items, step] });
        }
        for (const { list, items } of lists) {
          expect(list.length).toBe(items.length);
          expect(list.items).toEqual(items);
        }
      }),
    );
  });

  it('gives the same array each time', () => {
    const list = GrowingList.empty<number>().with(1);
    expect(list.items).toBe(list.items);
  });

  it('may be long', () => {
    let list = GrowingList.empty<number>();
    for (let item = 0; item < 200_000; item++) list = list.with(item);
    expect(list.items.at(-1)).toBe(199_999);
  });
});
