import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { allocateControl, BlockCache } from '../../../src/data/streaming/block-cache.js';
import { compileData } from '../compiled-data.js';

const compiled = compileData();
afterAll(() => compiled.remove());

/** A cache whose reads are kept, by slot. */
function recording(slotCount: number, blockCount: number) {
  const contents = new Map<number, number>();
  const size = { slotCount, blockCount };
  const loads: number[] = [];
  const control = allocateControl(size);
  const cache = new BlockCache(control, size, (block, slot) => {
    loads.push(block);
    contents.set(slot, block);
  });
  return { cache, contents, loads, control, size };
}

describe('the cache of blocks', () => {
  it('holds what was asked for, whatever came before, and no more than it has slots', () => {
    const request = fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
        const { cache, contents, loads } = recording(6, 20);
        for (const blocks of requests) {
          cache.acquire(blocks);
          for (const block of blocks) expect(contents.get(cache.slotOf(block))).toBe(block);
          expect(new Set(blocks.map((block) => cache.slotOf(block))).size).toBe(blocks.length);
          cache.release(blocks);
        }
        expect(contents.size).toBeLessThanOrEqual(6);
        expect(cache.loads).toBe(loads.length);
      }),
    );
  });

  it('reads a block once while it is there, and drives out the one that was used longest ago', () => {
    const { cache, loads } = recording(3, 10);
    for (const block of [0, 1, 2, 0, 3, 0, 1]) {
      cache.acquire([block]);
      cache.release([block]);
    }
    expect(loads).toEqual([0, 1, 2, 3, 1]);
  });

  it('does not drive out what is pinned', () => {
    const { cache, contents } = recording(3, 10);
    cache.acquire([7]);
    const slot = cache.slotOf(7);
    for (const block of [0, 1, 2, 3]) {
      cache.acquire([block]);
      cache.release([block]);
    }
    expect([cache.slotOf(7), contents.get(slot)]).toEqual([slot, 7]);
  });

  it('pins nothing when a read fails, and reads again when it is asked again', () => {
    const size = { slotCount: 2, blockCount: 10 };
    let fails = true;
    const reads: number[] = [];
    const cache = new BlockCache(allocateControl(size), size, (block) => {
      if (fails && block === 4) throw new Error('the disk');
      reads.push(block);
    });
    expect(() => cache.acquire([4, 5])).toThrow('the disk');
    fails = false;
    // both slots are free again
    cache.acquire([1, 2]);
    cache.release([1, 2]);
    cache.acquire([4, 5]);
    expect(reads.slice(-2).sort()).toEqual([4, 5]);
  });

  it('gives threads what they ask for, without waiting for each other in a circle', async () => {
    const size = { slotCount: 4, blockCount: 24 };
    const control = allocateControl(size);
    const contents = new SharedArrayBuffer(4 * size.slotCount);
    const door = pathToFileURL(join(compiled.folder, 'src/data/streaming/block-cache.js')).href;
    const source = `
      import { parentPort, workerData } from 'node:worker_threads';
      import { BlockCache } from ${JSON.stringify(door)};
      const { control, size, contents, seed, serves } = workerData;
      const slots = new Int32Array(contents);
      const cache = new BlockCache(control, size, (block, slot) => {
        // anything but the block, for a while: whoever looks too early sees it
        Atomics.store(slots, slot, -1);
        for (let i = 0; i < 2000; i++) Math.sqrt(i);
        Atomics.store(slots, slot, block);
      });
      if (serves) {
        cache.serve();
        parentPort.postMessage(0);
      } else {
        let [state, wrong] = [seed, 0];
        const random = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
        for (let round = 0; round < 400; round++) {
          const first = random(size.blockCount);
          const blocks = Array.from({ length: 1 + random(3) }, (_, i) => (first + i) % size.blockCount);
          cache.acquire(blocks);
          for (const block of blocks) if (Atomics.load(slots, cache.slotOf(block)) !== block) wrong++;
          cache.request([(first + 5) % size.blockCount]);
          for (const block of blocks) if (Atomics.load(slots, cache.slotOf(block)) !== block) wrong++;
          cache.release(blocks);
        }
        parentPort.postMessage(wrong);
      }`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const start = (seed: number, serves: boolean) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(url, { workerData: { control, size, contents, seed, serves } });
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    const loader = start(0, true);
    expect(await Promise.all([1, 2, 3].map((seed) => start(seed, false)))).toEqual([0, 0, 0]);
    const cache = new BlockCache(control, size, () => undefined);
    expect(cache.loads).toBeGreaterThan(24);
    cache.close();
    expect(await loader).toBe(0);
  }, 60_000);
});
