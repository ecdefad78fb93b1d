import type { TunerEvent } from '../study/index.js';
import type { Output, Reporter } from './reporter.js';

/** Milliseconds between two `progress` lines; an overnight run has hundreds of thousands of them otherwise. */
const progressIntervalMs = 1000;

export interface JsonOptions {
  /** The last line only. Default: false. */
  readonly onlySummary?: boolean;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

/** One JSON object a line, as the events are; of `progress`, about one a second. */
export class JsonReporter implements Reporter {
  #progressAt = Number.NEGATIVE_INFINITY;
  readonly #onlySummary: boolean;
  readonly #now: () => number;

  constructor(
    private readonly output: Output,
    { onlySummary = false, now = () => performance.now() }: JsonOptions = {},
  ) {
    this.#onlySummary = onlySummary;
    this.#now = now;
  }

  event(event: TunerEvent): void {
    if (this.#onlySummary && event.type !== 'summary') return;
    if (event.type === 'progress') {
      if (this.#now() - this.#progressAt < progressIntervalMs) return;
      this.#progressAt = this.#now();
    }
    this.output.write(`${JSON.stringify(event)}\n`);
  }

  close(): void {}
}
