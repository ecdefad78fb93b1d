import type { SplitRows } from './shared-layout.js';

export interface WindowOptions {
  /** Tokens of a window that are read, at least 1; one more is there to be predicted. */
  readonly context: number;
  /** Tokens from the start of one training window to that of the next, at least 1. */
  readonly stride: number;
  /** A fraction of the tokens (0 < f < 1) or a count (1 or more), rounded up to whole windows. */
  readonly validation: number;
  /** The same, or 0 for no test split. */
  readonly test: number;
}

/** Where windows begin, in tokens. Row r of a data set is the window at `starts[r]`: training, validation, test. */
export interface TextWindows {
  readonly starts: Int32Array;
  readonly splits: SplitRows;
}

/**
 * Divides a text of `length` tokens into parts, in their order: training, validation, test. Windows of one part never reach into
 * another. A window at s reads tokens s to s + context - 1 and predicts s + 1 to s + context.
 *
 * Windows of validation and test follow one another without a gap, so that each token is predicted once, the last of the text
 * included; a part has one token before those, to predict the first from. Training windows begin every `stride` tokens, and the last
 * ends at the end of the part.
 *
 * @returns `undefined` if there is not room for one window in each part
 */
export function textWindows(length: number, options: WindowOptions): TextWindows | undefined {
  const { context, stride } = options;
  const windowsOf = (size: number) => Math.ceil((size < 1 ? size * length : size) / context);
  const testCount = windowsOf(options.test);
  const validationCount = windowsOf(options.validation);
  const testStart = testCount === 0 ? length : length - testCount * context - 1;
  const validationStart = testStart - validationCount * context - 1;
  const room = validationStart - context - 1;
  if (room < 0 || validationCount === 0) return undefined;
  const train = Array.from({ length: Math.floor(room / stride) + 1 }, (_, row) => row * stride);
  if (train.at(-1) !== room) train.push(room);
  const following = (start: number, count: number) => Array.from({ length: count }, (_, row) => start + row * context);
  const parts = [train, following(validationStart, validationCount), following(testStart, testCount)];
  return { starts: Int32Array.from(parts.flat()), splits: consecutive(parts.map((part) => part.length)) };
}

/** Splits of so many rows each, one after another. */
function consecutive(counts: readonly number[]): SplitRows {
  let next = 0;
  const [train, validation, test] = counts.map((count) => Int32Array.from({ length: count }, () => next++));
  const required = { train: train!, validation: validation! };
  return test!.length === 0 ? required : { ...required, test: test! };
}
