import { foldIn, type Key, uniform } from '../random/index.js';

/** The brackets that run at the same time, and which of them a trial is in. */
export interface RunBrackets {
  /** By bracket: the steps of its rungs, rising; the last is the most that a trial can train. */
  readonly steps: readonly (readonly number[])[];
  bracketOf(trial: number): number;
}

/**
 * Draws a trial's bracket with a probability proportional to `shares`: a function of key and trial number, so that it depends on no
 * order.
 *
 * Optuna's HyperbandPruner draws from a checksum of study name and trial number, with the same shares; Ray Tune and Syne Tune draw
 * with probabilities proportional to exp(rungs of the bracket).
 */
export function drawnBrackets(key: Key, steps: readonly (readonly number[])[], shares: readonly number[]): RunBrackets {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const bracketOf = (trial: number) => {
    let left = uniform(foldIn(key, 'bracket', trial)) * total;
    const bracket = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return bracket === -1 ? shares.length - 1 : bracket;
  };
  return { steps, bracketOf: shares.length === 1 ? () => 0 : bracketOf };
}
