/**
 * Which blocks are in which slots of memory, in an array that all threads share. Timing decides it, and no result depends on it.
 */
import { withLock } from './shared-lock.js';

/** Positions in the shared array; after them come four lists over slots, one over blocks, and the queue. */
const fields = { lock: 0, turn: 1, clock: 2, freed: 3, queued: 4, served: 5, closed: 6, loads: 7, count: 16 } as const;

/** Blocks that the loader can be asked for in advance; more are not taken. */
const queueLength = 1024;

const none = -1;
/** What a slot holds. `empty`: a block was to be there, and could not be read. */
const [empty, loading, ready] = [0, 1, 2];

/** How long a thread waits for another's read, in milliseconds, before it reads the same bytes itself: the other may have ended. */
const longestWaitMs = 20_000;
/** A thread may end with pins that are counted still; so who waits for a slot looks again from time to time. */
const lookAgainMs = 500;

export interface CacheSize {
  readonly slotCount: number;
  readonly blockCount: number;
}

/** Reads a block into a slot. */
export type LoadBlock = (block: number, slot: number) => void;

/** Memory for {@link BlockCache}, with all slots free. */
export function allocateControl({ slotCount, blockCount }: CacheSize): SharedArrayBuffer {
  const length = fields.count + 4 * slotCount + blockCount + queueLength;
  const control = new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT);
  const lists = listsOf(control, { slotCount, blockCount });
  lists.blockIn.fill(none);
  lists.slotOf.fill(none);
  return control;
}

function listsOf(control: SharedArrayBuffer, { slotCount, blockCount }: CacheSize) {
  let start: number = fields.count;
  const list = (length: number) => {
    const view = new Int32Array(control, start * Int32Array.BYTES_PER_ELEMENT, length);
    start += length;
    return view;
  };
  return {
    blockIn: list(slotCount),
    state: list(slotCount),
    pins: list(slotCount),
    used: list(slotCount),
    slotOf: list(blockCount),
    queue: list(queueLength),
  };
}

/** One thread's door to the slots. Blocks that are pinned stay where they are; of the others the least recently used ones go. */
export class BlockCache {
  readonly #fields: Int32Array;
  readonly #lists: ReturnType<typeof listsOf>;

  constructor(
    control: SharedArrayBuffer,
    size: CacheSize,
    private readonly load: LoadBlock,
  ) {
    this.#fields = new Int32Array(control, 0, fields.count);
    this.#lists = listsOf(control, size);
  }

  /** Blocks read so far, by all threads. */
  get loads(): number {
    return Atomics.load(this.#fields, fields.loads);
  }

  /** The slot of a pinned block. */
  slotOf(block: number): number {
    return Atomics.load(this.#lists.slotOf, block);
  }

  /**
   * Pins blocks (each once, at most as many as there are slots), waiting until there is room for all of them, and sees to it that they
   * have been read. What reading throws passes, with nothing pinned.
   */
  acquire(blocks: readonly number[]): void {
    // one at a time: who needs many slots would starve if others could take each one that becomes free
    const own = withLock(this.#fields, fields.turn, () => this.#reserve(blocks));
    try {
      for (const block of own) this.#read(block);
      for (const block of blocks) this.#awaitRead(block);
    } catch (error) {
      for (const block of own) this.#abandon(block);
      this.release(blocks);
      throw error;
    }
  }

  /** Unpins blocks. */
  release(blocks: readonly number[]): void {
    withLock(this.#fields, fields.lock, () => {
      for (const block of blocks) this.#lists.pins[this.#lists.slotOf[block]!]!--;
    });
    Atomics.add(this.#fields, fields.freed, 1);
    Atomics.notify(this.#fields, fields.freed);
  }

  /** Asks the loader for blocks that will be needed soon. */
  request(blocks: Iterable<number>): void {
    withLock(this.#fields, fields.lock, () => {
      for (const block of blocks) {
        const queued = this.#fields[fields.queued]!;
        if (queued - this.#fields[fields.served]! >= queueLength) break;
        if (this.#lists.slotOf[block] !== none) continue;
        this.#lists.queue[queued % queueLength] = block;
        this.#fields[fields.queued] = queued + 1;
      }
    });
    Atomics.notify(this.#fields, fields.queued);
  }

  /** What the loader's thread does: reads blocks that were asked for, until the cache is closed. */
  serve(): void {
    for (let block = this.#nextRequest(); block !== undefined; block = this.#nextRequest()) {
      const wanted = block;
      const reserved = withLock(this.#fields, fields.lock, () => {
        return this.#lists.slotOf[wanted] === none && this.#take([wanted], new Set());
      });
      if (!reserved) continue;
      try {
        this.#read(wanted);
      } catch {
        // who needs the block meets the same error, and can say whose it is
        this.#abandon(wanted);
      }
      this.release([wanted]);
    }
  }

  /** Lets {@link serve} begin. */
  open(): void {
    Atomics.store(this.#fields, fields.closed, 0);
  }

  /** Ends {@link serve}. */
  close(): void {
    Atomics.store(this.#fields, fields.closed, 1);
    // what waits for a request is to wake up: this one is for block 0, and is never served
    withLock(this.#fields, fields.lock, () => {
      const queued = Atomics.add(this.#fields, fields.queued, 1);
      this.#lists.queue[queued % queueLength] = 0;
    });
    Atomics.notify(this.#fields, fields.queued);
  }

  #nextRequest(): number | undefined {
    for (;;) {
      if (Atomics.load(this.#fields, fields.closed) === 1) return undefined;
      const queued = Atomics.load(this.#fields, fields.queued);
      const served = this.#fields[fields.served]!;
      if (served < queued) {
        const block = this.#lists.queue[served % queueLength]!;
        Atomics.store(this.#fields, fields.served, served + 1);
        return block;
      }
      Atomics.wait(this.#fields, fields.queued, queued);
    }
  }

  /** Pins blocks in slots of their own; returns those that this thread has to read. */
  #reserve(blocks: readonly number[]): number[] {
    const kept = new Set(blocks);
    for (;;) {
      const freed = Atomics.load(this.#fields, fields.freed);
      const own = withLock(this.#fields, fields.lock, () => {
        const missing = blocks.filter((block) => this.#lists.slotOf[block] === none);
        if (!this.#take(missing, kept)) return undefined;
        const isMissing = new Set(missing);
        for (const block of blocks) if (!isMissing.has(block)) this.#pin(this.#lists.slotOf[block]!);
        return missing;
      });
      if (own) return own;
      Atomics.wait(this.#fields, fields.freed, freed, lookAgainMs);
    }
  }

  /** Gives blocks slots, all or none; blocks of `kept` are not driven out. */
  #take(blocks: readonly number[], kept: ReadonlySet<number>): boolean {
    const slots = this.#leastRecentlyUsed(blocks.length, kept);
    if (slots === undefined) return false;
    for (const [index, block] of blocks.entries()) {
      const slot = slots[index]!;
      const old = this.#lists.blockIn[slot]!;
      if (old !== none) this.#lists.slotOf[old] = none;
      this.#lists.blockIn[slot] = block;
      this.#lists.slotOf[block] = slot;
      Atomics.store(this.#lists.state, slot, loading);
      this.#pin(slot);
    }
    return true;
  }

  #leastRecentlyUsed(count: number, kept: ReadonlySet<number>): number[] | undefined {
    if (count === 0) return [];
    const { pins, used, blockIn } = this.#lists;
    const open: number[] = [];
    for (let slot = 0; slot < pins.length; slot++) if (pins[slot] === 0 && !kept.has(blockIn[slot]!)) open.push(slot);
    if (open.length < count) return undefined;
    const now = this.#fields[fields.clock]!;
    // the clock wraps
    const age = (slot: number) => (blockIn[slot] === none ? Number.POSITIVE_INFINITY : (now - used[slot]!) | 0);
    return open.sort((a, b) => (age(a) === age(b) ? 0 : age(b) - age(a))).slice(0, count);
  }

  #pin(slot: number): void {
    this.#lists.pins[slot]!++;
    this.#lists.used[slot] = Atomics.add(this.#fields, fields.clock, 1) + 1;
  }

  #read(block: number): void {
    const slot = this.slotOf(block);
    this.load(block, slot);
    Atomics.add(this.#fields, fields.loads, 1);
    Atomics.store(this.#lists.state, slot, ready);
    Atomics.notify(this.#lists.state, slot);
  }

  /** A block that this thread was to read, and has not: others that wait for it have to. */
  #abandon(block: number): void {
    const slot = this.slotOf(block);
    if (Atomics.compareExchange(this.#lists.state, slot, loading, empty) === loading) {
      Atomics.notify(this.#lists.state, slot);
    }
  }

  #awaitRead(block: number): void {
    const slot = this.slotOf(block);
    for (;;) {
      const state = Atomics.load(this.#lists.state, slot);
      if (state === ready) return;
      const isOurs = state === empty && Atomics.compareExchange(this.#lists.state, slot, empty, loading) === empty;
      const isLate = !isOurs && Atomics.wait(this.#lists.state, slot, loading, longestWaitMs) === 'timed-out';
      if (!isOurs && !isLate) continue;
      try {
        // the same bytes: it does no harm if the other thread is only slow
        this.#read(block);
      } catch (error) {
        this.#abandon(block);
        throw error;
      }
    }
  }
}
