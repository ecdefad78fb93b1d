import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Places } from '../../../src/engine/objective/places.js';
import { Stopwatch } from '../../../src/engine/objective/stopwatch.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('a stopwatch', () => {
  it('counts while it runs only', () => {
    let calls = 0;
    const watch = new Stopwatch(100, () => calls++);
    watch.start();
    vi.advanceTimersByTime(60);
    watch.stop();
    vi.advanceTimersByTime(1000);
    watch.start();
    vi.advanceTimersByTime(39);
    expect(calls).toBe(0);
    vi.advanceTimersByTime(2);
    expect(calls).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(calls).toBe(1);
  });

  it('waits longer than a timer can, and forever', () => {
    let calls = 0;
    const month = 30 * 24 * 3600 * 1000;
    new Stopwatch(month, () => calls++).start();
    new Stopwatch(Number.POSITIVE_INFINITY, () => calls++).start();
    vi.advanceTimersByTime(month - 1000);
    expect(calls).toBe(0);
    vi.advanceTimersByTime(2000);
    expect(calls).toBe(1);
  });
});

describe('places', () => {
  it('go to who waits longest', async () => {
    const places = new Places(1);
    const order: number[] = [];
    await places.take();
    const waiting = [1, 2, 3].map((who) => places.take().then(() => order.push(who)));
    for (const one of waiting) {
      places.give();
      await one;
    }
    expect(order).toEqual([1, 2, 3]);
    places.give();
    await places.take();
  });
});
