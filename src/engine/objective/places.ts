/** So many at a time; the others wait, first come first served. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count at least 1 */
  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a place back: to who waits longest, if anybody does. */
  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
