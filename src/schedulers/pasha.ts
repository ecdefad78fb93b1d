/**
 * PASHA, progressive ASHA: Bohdal, Balles, Wistuba, Ermis, Archambeau and Zappella 2023, "PASHA: efficient HPO and NAS with
 * progressive resource allocation", Algorithm 1, https://arxiv.org/abs/2207.06940: ASHA that promotes no further than to its second
 * rung, and to one rung more each time that the two highest disagree about the ranking of their trials.
 *
 * As in Syne Tune 0.13 (`syne_tune/optimizer/schedulers/hyperband_pasha.py`), epsilon stays what it was while no trials
 * criss-cross. It is looked for only when a ranking is unstable without it.
 */

import type { FidelityReport, FidelityRun, FidelityScheduler, Job, Verdict } from './fidelity.js';
import {
  checkMaxSteps,
  integerFrom,
  type OptionRules,
  parseOptions,
  type RungOptions,
  rungOptionRules,
} from './fidelity-options.js';
import { PromotionRun } from './promotion-run.js';
import { rungSteps } from './rungs.js';
import { isRankingStable, noiseOf } from './soft-ranking.js';
import { rankable } from './trial-book.js';

interface ParsedOptions extends RungOptions {
  /**
   * Steps between reports, an integer of at least 1: what the noise is estimated from. Default: `minSteps`. With reports at the rungs only
   * (a large number), two trials can criss-cross from the third rung on.
   */
  readonly interval: number | null;
}

export type PashaOptions = Partial<RungOptions> & { readonly interval?: number };

const { must, holds } = integerFrom(1, ', in steps');
const rules: OptionRules<ParsedOptions> = { ...rungOptionRules, interval: { must, holds, byDefault: null } };

/** Defaults: `minSteps` 1, `reduction` 3, `interval` as `minSteps`. */
export function pasha(options: PashaOptions = {}): FidelityScheduler {
  const { minSteps, reduction, interval } = parseOptions<ParsedOptions>('pasha', rules, options);
  return {
    name: 'pasha',
    pauses: true,
    begin: ({ maxSteps }) => {
      checkMaxSteps(maxSteps);
      return new PashaRun(rungSteps(minSteps, reduction, maxSteps), reduction, interval ?? minSteps);
    },
  };
}

class PashaRun implements FidelityRun {
  readonly #asha: PromotionRun;
  readonly #curves = new Map<number, Map<number, number>>();
  /** By rung: the scores of the trials that came to it. */
  readonly #scores: readonly Map<number, number>[];
  /** The rung above which nothing is promoted: K_t. */
  #top: number;
  #epsilon = 0;

  constructor(
    readonly steps: readonly number[],
    reduction: number,
    interval: number,
  ) {
    this.#top = Math.min(1, steps.length - 1);
    this.#scores = steps.map(() => new Map());
    this.#asha = new PromotionRun({
      reduction,
      interval,
      brackets: { steps: [steps], bracketOf: () => 0 },
      limit: () => steps[this.#top]!,
    });
  }

  next(newTrial: number | null): Job {
    return this.#asha.next(newTrial);
  }

  report(report: FidelityReport): readonly Verdict[] {
    const verdicts = this.#asha.report(report);
    const { trial, step, score } = report;
    if (!rankable(score)) return verdicts;
    this.#extend(trial, step, score);
    if (verdicts[0]!.kind === 'pause') this.#arrive(trial, step, score);
    return verdicts;
  }

  #extend(trial: number, step: number, score: number): void {
    const curve = this.#curves.get(trial) ?? new Map();
    this.#curves.set(trial, curve.set(step, score));
  }

  #arrive(trial: number, step: number, score: number): void {
    const isNew = !this.#scores[this.#top]!.has(trial);
    for (const [rung, scores] of this.#scores.entries()) {
      if (this.steps[rung]! <= step && !scores.has(trial)) scores.set(trial, score);
    }
    if (isNew && step >= this.steps[this.#top]! && !this.#isStable()) this.#top++;
  }

  #isStable(): boolean {
    const top = [...this.#scores[this.#top]!].map(([trial, score]) => ({ trial, score }));
    const below = this.#scores[this.#top - 1]!;
    if (isRankingStable(top, below, 0)) return true;
    this.#epsilon = noiseOf(this.#curves.values(), this.steps[this.#top - 1]!, this.steps[this.#top]!) ?? this.#epsilon;
    return isRankingStable(top, below, this.#epsilon);
  }
}
