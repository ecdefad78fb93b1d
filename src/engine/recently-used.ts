interface Entry<V> {
  readonly value: V;
  /** `undefined` until it is known; such an entry is not dropped. */
  bytes: number | undefined;
}

export interface RecentlyUsedOptions<V> {
  /** What the values may take together. */
  readonly mostBytes: number;
  /** How many there may be; any number by default. */
  readonly most?: number;
  /** Called with each value that is dropped. */
  readonly onDrop?: (value: V) => void;
}

/** Values by key. When they take too much, the least recently used go; the one that was used last always stays. */
export class RecentlyUsed<V> {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<V>>();

  constructor(private readonly options: RecentlyUsedOptions<V>) {}

  get size(): number {
    return this.#entries.size;
  }

  /** The value of `key`, made now if it is not there; it is the one used last from now on. */
  get(key: string, make: () => V): V {
    const entry = this.#entries.get(key) ?? { value: make(), bytes: undefined };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Says how many bytes a value takes, if it is still there, and drops what is too much. */
  weigh(key: string, value: V, bytes: number): void {
    const entry = this.#entries.get(key);
    if (entry?.value !== value) return;
    entry.bytes = bytes;
    this.#drop();
  }

  /** Forgets a value, without a call of `onDrop`. */
  delete(key: string, value: V): void {
    if (this.#entries.get(key)?.value === value) this.#entries.delete(key);
  }

  #drop(): void {
    const { mostBytes, most = Number.POSITIVE_INFINITY, onDrop } = this.options;
    let total = [...this.#entries.values()].reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    let left = this.#entries.size;
    const newest = [...this.#entries.keys()].at(-1);
    for (const [key, { value, bytes }] of this.#entries) {
      if (total <= mostBytes && left <= most) return;
      if (bytes === undefined || key === newest) continue;
      this.#entries.delete(key);
      total -= bytes;
      left--;
      onDrop?.(value);
    }
  }
}
