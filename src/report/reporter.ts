import type { TunerEvent } from '../study/index.js';

/** Tells someone what the tuner does. Fed events only, in order; it neither throws nor waits. */
export interface Reporter {
  event(event: TunerEvent): void;
  /** After the last event, also when the study was left by an error: gives the terminal back as it was. */
  close(): void;
}

/** What a reporter writes to: standard output, or something like it. */
export interface Output {
  write(text: string): unknown;
}
