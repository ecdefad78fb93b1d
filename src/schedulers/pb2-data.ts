/** What the model of PB2 is fitted to: how fast each segment improved the score. As in the authors' code and Ray Tune's. */
import type { HistoryEntry } from './scheduler.js';

/** A segment whose improvement is known. */
export type Improved = HistoryEntry & { readonly before: number };

/** The newest `memory` segments whose improvement is known: a trial's first has none; that of a copy is over its parent's score. */
export function improvementsOf(history: readonly HistoryEntry[], memory: number): Improved[] {
  return history
    .filter((entry): entry is Improved => {
      const { before, score, fromStep, toStep } = entry;
      return Number.isFinite(before) && Number.isFinite(score) && toStep > fromStep;
    })
    .slice(-memory);
}

/**
 * What scores are multiplied by, so that neither differences nor squares of them overflow: a power of two, which leaves their digits as they are, or 1.
 *
 * @param scores finite
 */
export function scaleOf(scores: readonly number[]): number {
  return scores.some((score) => Math.abs(score) > 2 ** 400) ? 2 ** -624 : 1;
}

/** Improvement of the score a step. */
export function rateOf({ before, score, fromStep, toStep }: Improved): number {
  return (score - before) / (toStep - fromStep);
}

/** Where values lie: scaled to 0 to 1, `value` is at (value - low) / width. */
export interface Range {
  readonly low: number;
  /** Above 0; 1 where all values are equal. */
  readonly width: number;
}

/** @param values at least one, finite */
export function rangeOf(values: readonly number[]): Range {
  const low = values.reduce((least, one) => Math.min(least, one));
  return { low, width: values.reduce((most, one) => Math.max(most, one)) - low || 1 };
}

/** To mean 0 and variance 1; then held within ±2, so that one diverging segment does not hide all others. */
export function standardise(values: readonly number[]): number[] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance) || 1;
  return values.map((x) => Math.min(2, Math.max(-2, (x - mean) / deviation)));
}
