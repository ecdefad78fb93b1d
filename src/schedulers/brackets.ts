/**
 * Hyperband's brackets: Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar 2018, "Hyperband: a novel bandit-based approach to
 * hyperparameter optimization", JMLR 18(185), Algorithm 1, https://jmlr.org/papers/v18/16-558.html.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | R | `maxSteps`: steps of one trial at most |
 * | r | `minSteps`: steps before the first decision; the paper counts in units of r, so that it is 1 |
 * | eta | `reduction` |
 * | s_max | floor(log_eta(R / r)) |
 * | s | decisions in a bracket before R: s_max in the first bracket, 0 in the last |
 * | n | trials that a bracket starts: ceil((s_max + 1) / (s + 1) · eta^s) |
 * | n_i, r_i | trials and steps of its rung i: floor(n · eta^-i) and R · eta^(i - s) |
 *
 * Where this differs: r_i is rounded to a whole step. The paper's Table 1 has other numbers of trials than its Algorithm 1
 * (27 for R = 81, s = 3, where the ceiling is 34); this follows the algorithm, as Optuna and Syne Tune do.
 */
export interface Bracket {
  /** 0 for the one with most trials and the earliest decisions. */
  readonly index: number;
  /** Trials that it starts: n. */
  readonly trialCount: number;
  /** Steps at which its trials are compared, rising; the last is R, where they are complete. */
  readonly steps: readonly number[];
}

/** The brackets of one round, from the one that decides earliest (s = s_max) to the one that never decides (s = 0). */
export function hyperbandBrackets(minSteps: number, reduction: number, maxSteps: number): Bracket[] {
  const deepest = decisionCount(minSteps, reduction, maxSteps);
  return Array.from({ length: deepest + 1 }, (_, index) => {
    const s = deepest - index;
    const steps = Array.from({ length: s + 1 }, (_, i) => Math.round(maxSteps / reduction ** (s - i)));
    return { index, trialCount: bracketTrialCount(deepest, s, reduction), steps };
  });
}

/**
 * s_max: how often `maxSteps` can be divided by `reduction` before it is below `minSteps`; 0 if it is below at once. By
 * multiplication, since the quotient of the logarithms of 243 and 3 is 4.999….
 */
export function decisionCount(minSteps: number, reduction: number, maxSteps: number): number {
  let count = 0;
  for (let steps = minSteps * reduction; steps <= maxSteps; steps *= reduction) count++;
  return count;
}

function bracketTrialCount(deepest: number, s: number, reduction: number): number {
  return Math.ceil(((deepest + 1) * reduction ** s) / (s + 1));
}

/** How many of the trials each of the first `count` brackets gets, where all run at the same time: n of each. */
export function bracketShares(minSteps: number, reduction: number, maxSteps: number, count: number): number[] {
  const deepest = decisionCount(minSteps, reduction, maxSteps);
  const length = Math.min(count, deepest + 1);
  return Array.from({ length }, (_, index) => bracketTrialCount(deepest, deepest - index, reduction));
}
