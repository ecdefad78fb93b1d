/** Predictions as rows for people and programs. */
import type { Preprocessing } from '../data/index.js';
import { errors } from './errors.js';
import type { Predictions } from './predictor.js';

/** Numbers, or lists of them where a prediction has a shape. */
type Nested = number | readonly Nested[];

/** One prediction. */
export interface PredictedRow {
  /** That it was made from, where each row is a file of its own. */
  readonly file?: string;
  /** A class, a number in the target's unit, or what the model gives as it is. */
  readonly prediction: string | Nested;
  /** Of each class. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

type Target = Preprocessing['target'];

/**
 * One row for each row that was predicted.
 *
 * @param files of the rows, if each is one
 */
export function predictedRows(
  { values, rowShape, rowCount }: Predictions,
  target: Target,
  files?: readonly string[],
): PredictedRow[] {
  const size = rowShape.reduce((a, b) => a * b, 1);
  return Array.from({ length: rowCount }, (_, row) => {
    const own = values.subarray(row * size, (row + 1) * size);
    const probabilities = target.kind === 'class' ? probabilitiesOf(own, target.classes) : undefined;
    const file = files === undefined ? {} : { file: files[row]! };
    if (probabilities === undefined) return { ...file, prediction: nested(own, rowShape) };
    const best = Object.keys(probabilities).reduce((a, b) => (probabilities[b]! > probabilities[a]! ? b : a));
    return { ...file, prediction: best, probabilities };
  });
}

/** `undefined` where the model gives something else than a probability a class. One value of two classes is the second's. */
function probabilitiesOf(values: Float32Array, classes: readonly string[]): Record<string, number> | undefined {
  const whole = values.length === 1 && classes.length === 2 ? [Math.fround(1 - values[0]!), values[0]!] : values;
  if (whole.length !== classes.length) return undefined;
  const pairs = classes.map((name, index) => [name, shortest(whole[index]!)] as const);
  return Object.fromEntries(pairs);
}

/**
 * Of a model that predicts at each place of a text what comes next: what comes behind the last token of each row. Other predictions stay as
 * they are.
 *
 * @param lengths tokens of each row
 * @param context tokens that the model reads
 * @throws TUNER_TEXT_SHORT for a row of fewer tokens than the model reads, where it predicts something else
 */
export function nextTokens(predictions: Predictions, lengths: Int32Array, context: number): Predictions {
  const { values, rowShape, rowCount } = predictions;
  const [places, size] = rowShape;
  if (rowShape.length !== 2 || places !== context || size === undefined) {
    const short = lengths.findIndex((length) => length < context);
    if (short !== -1) throw errors.TUNER_TEXT_SHORT({ row: short + 1, length: lengths[short]!, context });
    return predictions;
  }
  const next = new Float32Array(rowCount * size);
  for (const [row, length] of lengths.entries()) {
    const start = (row * context + length - 1) * size;
    next.set(values.subarray(start, start + size), row * size);
  }
  return { values: next, rowShape: [size], rowCount };
}

function nested(values: Float32Array, shape: readonly number[]): Nested {
  // a single number is a number, not a list of one
  if (values.length === 1) return shortest(values[0]!);
  const [count = 0, ...rest] = shape;
  if (rest.length === 0) return Array.from(values, shortest);
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => nested(values.subarray(i * size, (i + 1) * size), rest));
}

/** The number with the fewest digits that is the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}
