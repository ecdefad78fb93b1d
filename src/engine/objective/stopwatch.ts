/** Counts the time that somebody works, and calls out when it is used up. */
export class Stopwatch {
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs above 0; `Infinity`: no limit */
  constructor(
    limitMs: number,
    private readonly onLimit: () => void,
  ) {
    this.#left = limitMs;
  }

  start(): void {
    if (this.#left === Number.POSITIVE_INFINITY) return;
    this.#since = performance.now();
    // a timer holds at most 2^31 - 1 milliseconds, and fires at once when it is asked for more
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(0, this.#left), 2 ** 31 - 1));
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left -= performance.now() - this.#since;
  }

  #look(): void {
    this.stop();
    if (this.#left <= 0) this.onLimit();
    else this.start();
  }
}
