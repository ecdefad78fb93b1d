import { Heap } from './heap.js';

/**
 * A growing collection, split into its best items and the rest, so that the item on either side of the cut is known at once.
 * Adding is O(log n), as long as the share's size changes little from one addition to the next.
 */
export class TopShare<T> {
  readonly #top: Heap<T>;
  readonly #rest: Heap<T>;

  /** @param better a total order: whether `a` ranks above `b` */
  constructor(readonly better: (a: T, b: T) => boolean) {
    this.#top = new Heap((a, b) => better(b, a));
    this.#rest = new Heap(better);
  }

  get size(): number {
    return this.#top.size + this.#rest.size;
  }

  /** The lowest ranked item of the top; `undefined` when the top is empty. */
  get worstOfTop(): T | undefined {
    return this.#top.peek();
  }

  /** The highest ranked item below the top; `undefined` when there is none. */
  get bestOfRest(): T | undefined {
    return this.#rest.peek();
  }

  /** Whether an item of the collection is in the top. */
  isInTop(item: T): boolean {
    const worst = this.worstOfTop;
    return worst !== undefined && !this.better(worst, item);
  }

  add(item: T): void {
    if (this.isInTop(item)) this.#top.push(item);
    else this.#rest.push(item);
  }

  /** Makes the top hold `count` items, or all where there are fewer. */
  resizeTop(count: number): void {
    while (this.#top.size > count) this.#rest.push(this.#top.pop()!);
    while (this.#top.size < count && this.#rest.size > 0) this.#top.push(this.#rest.pop()!);
  }
}
