/** Predictions as rows for people and programs. */
import type { Preprocessing } from '../data/index.js';
import type { Predictions } from './predictor.js';

/** Numbers, or lists of them where a prediction has a shape. */
type Nested = number | readonly Nested[];

/** One prediction. */
export interface PredictedRow {
  /** A class, a number in the target's unit, or what the model gives as it is. */
  readonly prediction: string | Nested;
  /** Of each class. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

type Target = Preprocessing['target'];

/** One row for each row that was predicted. */
export function predictedRows({ values, rowShape, rowCount }: Predictions, target: Target): PredictedRow[] {
  const size = rowShape.reduce((a, b) => a * b, 1);
  return Array.from({ length: rowCount }, (_, row) => {
    const own = values.subarray(row * size, (row + 1) * size);
    const probabilities = target.kind === 'class' ? probabilitiesOf(own, target.classes) : undefined;
    if (probabilities === undefined) return { prediction: nested(own, rowShape) };
    const best = Object.keys(probabilities).reduce((a, b) => (probabilities[b]! > probabilities[a]! ? b : a));
    return { prediction: best, probabilities };
  });
}

/** `undefined` where the model gives something else than a probability a class. One value of two classes is the second's. */
function probabilitiesOf(values: Float32Array, classes: readonly string[]): Record<string, number> | undefined {
  const whole = values.length === 1 && classes.length === 2 ? [Math.fround(1 - values[0]!), values[0]!] : values;
  if (whole.length !== classes.length) return undefined;
  const pairs = classes.map((name, index) => [name, shortest(whole[index]!)] as const);
  return Object.fromEntries(pairs);
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
export function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}
