/** What a Gaussian process makes of a study's history. */
import type { Observation } from '../sampler.js';
import { type Embedding, genomeOf } from './embedding.js';

export interface Told {
  readonly genome: Float64Array;
  /** May be infinite. */
  readonly loss: number;
  /** None if they are not known. */
  readonly violations: readonly number[];
}

export interface Trials {
  /** Complete ones, and pruned ones with their last report; in trial order. */
  readonly told: readonly Told[];
  /** Genomes of those that run. */
  readonly running: readonly Float64Array[];
  /** Genomes of those without a result. */
  readonly failed: readonly Float64Array[];
}

/** Trials beyond these numbers would make a proposal slow: the best and the newest are kept. */
const toldAtMost = 300;
const othersAtMost = 64;

/** Trials whose values the space does not allow, such as those of an earlier and wider one, are left out. */
export function readTrials(embedding: Embedding, history: readonly Observation[]): Trials {
  const told: Told[] = [];
  const running: Float64Array[] = [];
  const failed: Float64Array[] = [];
  for (const { hyperparameters, status, losses, violations } of history) {
    const genome = genomeOf(embedding, hyperparameters);
    if (genome === undefined) continue;
    const loss = losses[0];
    if (status === 'running') running.push(genome);
    else if (status === 'failed' || loss === undefined || Number.isNaN(loss)) failed.push(genome);
    else told.push({ genome, loss, violations });
  }
  return {
    told: thinned(told, toldAtMost),
    running: running.slice(-othersAtMost),
    failed: failed.slice(-othersAtMost),
  };
}

/** At most `most` of them, in their order: half the best, half the newest of the others. */
export function thinned(told: readonly Told[], most: number): readonly Told[] {
  if (told.length <= most) return told;
  const best = [...told.keys()].sort((a, b) => told[a]!.loss - told[b]!.loss || a - b).slice(0, Math.ceil(most / 2));
  const kept = new Set(best);
  for (let at = told.length - 1; kept.size < most; at--) kept.add(at);
  return told.filter((_, at) => kept.has(at));
}
