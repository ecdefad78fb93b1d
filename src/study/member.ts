/** A member of a population as its scheduler is told of it. */
import { checkpointsToKeep, type LineageEntry, type MemberReport } from '../schedulers/index.js';
import type { Hyperparameters } from '../space/index.js';
import { isPopulation } from './settings.js';
import type { Checkpoint, StudyState, TrialState } from './state.js';

type Standing = Pick<MemberReport, 'score' | 'hyperparameters' | 'steps'>;

/**
 * A member with the state that it has. Its lineage is looked up when it is asked for: of a thousand members most schedulers
 * ask for none.
 */
export class Member implements MemberReport {
  readonly trial: number;
  readonly score: number | null;
  readonly hyperparameters: Hyperparameters;
  readonly steps: number;
  readonly generation: number;
  readonly #of: TrialState;
  readonly #study: StudyState;

  constructor(study: StudyState, of: TrialState, { score, hyperparameters, steps }: Standing) {
    this.trial = of.trial;
    this.score = score;
    this.hyperparameters = hyperparameters;
    this.steps = steps;
    this.generation = of.segments.at(-1)!.generation;
    this.#of = of;
    this.#study = study;
  }

  get lineage(): readonly LineageEntry[] {
    return lineageOf(this.#of, keptCheckpoints(this.#study));
  }
}

/** The segments behind a trial's state, oldest first. */
function lineageOf({ checkpoint }: TrialState, kept: ReadonlySet<Checkpoint>): LineageEntry[] {
  const entries: LineageEntry[] = [];
  for (let at: Checkpoint | null = checkpoint; at !== null; at = at.previous) {
    const { trial, generation, toStep: steps, score, hyperparameters } = at;
    entries.push({ trial, generation, steps, score, hyperparameters, kept: kept.has(at) });
  }
  return entries.reverse();
}

const keptOf = new WeakMap<StudyState['history'], ReadonlySet<Checkpoint>>();

/** Older checkpoints that members may go back to: looked for once for all members. */
export function keptCheckpoints({ history, settings: { strategy } }: StudyState): ReadonlySet<Checkpoint> {
  if (!isPopulation(strategy) || strategy.backtrack === undefined) return nothing;
  const known = keptOf.get(history);
  if (known !== undefined) return known;
  const kept = new Set(checkpointsToKeep(history, strategy.backtrack));
  keptOf.set(history, kept);
  return kept;
}

const nothing: ReadonlySet<Checkpoint> = new Set();
