/** Continues texts with a model that predicts at each place what comes next. */
import { type EncodedRows, isByteTokens } from '../data/index.js';
import { foldIn, seedKey, uniform } from '../random/index.js';
import { errors } from './errors.js';
import { nextTokens } from './prediction-rows.js';
import type { Predictor } from './predictor.js';

export interface Continuation {
  /** Tokens to add, at least 1. */
  readonly count: number;
  /** 0: always the most probable. 1: as probable as the model says. Below 1 less, above 1 more often what is improbable. */
  readonly temperature: number;
  /** Of the draws: an integer of at least 0. */
  readonly seed: number;
}

/**
 * Tokens that follow a text, one after another: each is drawn with the probability that the model gives it behind the last tokens before it.
 *
 * @param text one encoded row
 * @param row its number, counted from 0: the same text in another row is continued otherwise
 * @returns numbers of tokens
 * @throws TUNER_NOT_CONTINUABLE, TUNER_BAD_TEMPERATURE, TUNER_PREDICTION_FAILED
 */
export async function* continued(
  predictor: Predictor,
  text: EncodedRows,
  vocabularySize: number,
  { count, temperature, seed }: Continuation,
  row: number,
): AsyncGenerator<number> {
  if (!(temperature >= 0) || temperature === Number.POSITIVE_INFINITY)
    throw errors.TUNER_BAD_TEMPERATURE({ temperature });
  const { x, lengths } = text;
  if (lengths === undefined) throw errors.TUNER_NOT_CONTINUABLE({ why: 'the rows of this model are none' });
  const context = x.length;
  const tokens = [...x.subarray(0, lengths[0]!)];
  const key = foldIn(seedKey(seed), 'continue', row);
  for (let index = 0; index < count; index++) {
    const read = tokens.slice(-context);
    const window = new Int32Array(context);
    window.set(read);
    const predictions = await predictor.predict({ rowCount: 1, x: window });
    const { values, rowShape } = nextTokens(predictions, Int32Array.of(read.length), context);
    if (rowShape.length !== 1 || values.length !== vocabularySize) {
      throw errors.TUNER_NOT_CONTINUABLE({ why: 'this model predicts something else' });
    }
    const token = drawToken(values, temperature, uniform(foldIn(key, index)));
    tokens.push(token);
    yield token;
  }
}

/** Each row of tokens by itself. */
export function rowsOf({ rowCount, x, lengths }: EncodedRows): EncodedRows[] {
  const width = x.length / rowCount;
  return Array.from({ length: rowCount }, (_, row) => ({
    rowCount: 1,
    x: x.slice(row * width, (row + 1) * width),
    ...(lengths === undefined ? {} : { lengths: lengths.slice(row, row + 1) }),
  }));
}

/** Tokens as they stand in a text: characters, or bytes. */
export async function* textOf(
  tokens: AsyncIterable<number>,
  vocabulary: readonly string[],
): AsyncGenerator<string | Uint8Array> {
  const bytes = isByteTokens(vocabulary);
  for await (const token of tokens) yield bytes ? Uint8Array.of(token) : vocabulary[token]!;
}

/** Pieces of a text as one; bytes are UTF-8. */
export async function joined(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece));
  return Buffer.concat(parts).toString('utf8');
}

/**
 * @param probabilities of each token
 * @param u in [0, 1)
 */
export function drawToken(probabilities: Float32Array, temperature: number, u: number): number {
  const most = probabilities.reduce((best, value, token) => (value > probabilities[best]! ? token : best), 0);
  if (temperature === 0) return most;
  // relative to the most probable, so that no power vanishes for all of them
  const weights = Float64Array.from(probabilities, (value) => (value / probabilities[most]!) ** (1 / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  let left = u * sum;
  for (const [token, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return token;
  }
  return most;
}
