import type { createLogUpdate } from 'log-update';
import type { StudyRecord, StudyState, StudySummary, TrialProgress, TunerEvent } from '../study/index.js';
import { type Colors, colorsFor } from './colors.js';
import { describeRecord, describeStudy, describeSummary } from './describe-record.js';
import { follow } from './follow.js';
import { oneLine } from './format.js';
import { renderFrame } from './live-frame.js';
import { ObjectiveNews } from './objective.js';
import type { Output, Reporter } from './reporter.js';

/** A terminal. */
export interface Terminal extends Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** At most eight frames a second: more is not seen, and drawing takes time from training. */
const frameIntervalMs = 125;

/** A table that is redrawn in place, with news above it. */
export class LiveReporter implements Reporter {
  #state: StudyState | undefined;
  readonly #objective = new ObjectiveNews();
  #progress: readonly TrialProgress[] = [];
  #stepsPerSecond = 0;
  #startedAt: number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #draw = () => this.#drawNow();

  private constructor(
    private readonly terminal: Terminal,
    private readonly update: ReturnType<typeof createLogUpdate>,
    private readonly colors: Colors,
    private readonly now: () => number,
  ) {
    this.#startedAt = now();
    terminal.on('resize', this.#draw);
  }

  /** @param now a clock in milliseconds that never goes back */
  static async open(
    terminal: Terminal,
    colors: Colors = colorsFor(terminal),
    now: () => number = () => performance.now(),
  ): Promise<LiveReporter> {
    // not loaded by those who only list or show
    const { createLogUpdate } = await import('log-update');
    return new LiveReporter(terminal, createLogUpdate(terminal as NodeJS.WriteStream), colors, now);
  }

  event(event: TunerEvent): void {
    switch (event.type) {
      case 'record':
        this.#record(event.record, event.replayed);
        break;
      case 'progress':
        this.#progress = event.trials;
        this.#stepsPerSecond = event.stepsPerSecond;
        this.#drawSoon();
        break;
      case 'objective':
        for (const { text, isTrouble } of this.#objective.describe(event.record)) {
          if (!event.replayed || event.record.kind === 'objective')
            this.#say(isTrouble ? this.colors.yellow(text) : text);
        }
        break;
      case 'output':
        this.#say(this.colors.dim(`trial ${event.trial} says: ${oneLine(event.text.trimEnd())}`));
        break;
      case 'notice':
        this.#say(this.colors.dim(oneLine(event.message)));
        break;
      case 'summary':
        this.#end(event);
        break;
      default:
        event satisfies never;
    }
  }

  /** Leaves the last frame where it is, and shows the cursor again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.terminal.off('resize', this.#draw);
    this.update.done();
  }

  #end(summary: StudySummary): void {
    this.#stepsPerSecond = 0;
    this.#drawNow();
    this.close();
    const [first, ...others] = describeSummary(
      summary,
      this.#state?.settings.objective.metric ?? this.#objective.metric,
    );
    this.terminal.write(`${[this.colors.bold(first), ...others].join('\n')}\n`);
  }

  #record(record: StudyRecord, replayed: boolean): void {
    this.#state = follow(this.#state, record);
    if (record.kind === 'created') this.#say(describeStudy(this.#state));
    // while it waits for a decision, a trial's own step is the right one
    if (record.kind === 'decided') this.#progress = [];
    if (replayed) return;
    if (record.kind === 'started') this.#startedAt = this.now();
    for (const { text, isTrouble } of describeRecord(this.#state, record)) {
      if (isTrouble) this.#say(this.colors.yellow(text));
    }
    this.#drawSoon();
  }

  /** Above the table, to stay. */
  #say(text: string): void {
    if (this.#closed) return;
    this.update.persist(text);
    this.#drawSoon();
  }

  #drawSoon(): void {
    if (this.#closed || this.#timer !== undefined) return;
    const wait = this.#drawnAt + frameIntervalMs - this.now();
    if (wait <= 0) {
      this.#drawNow();
    } else {
      // a frame is no reason for the process to stay
      this.#timer = setTimeout(this.#draw, wait).unref();
    }
  }

  #drawNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed || this.#state === undefined) return;
    this.#drawnAt = this.now();
    const model = {
      state: this.#state,
      progress: this.#progress,
      stepsPerSecond: this.#stepsPerSecond,
      elapsedSeconds: (this.#drawnAt - this.#startedAt) / 1000,
    };
    const size = { columns: this.terminal.columns ?? 80, rows: this.terminal.rows ?? 24 };
    this.update(renderFrame(model, size, this.colors));
  }
}
