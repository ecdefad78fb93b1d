/** A member of a population as its scheduler is told of it. */
import { checkpointsToKeep, type LineageEntry, type MemberReport } from '../schedulers/index.js';
import type { Hyperparameters } from '../space/index.js';
import { isPopulation } from './settings.js';
import type { Checkpoint, StudyState, TrialState } from './state.js';

/**
 * A member with the state that it has. What lies further back is looked up when it is asked for: of a thousand members most
 * schedulers ask for none.
 */
export class Member implements MemberReport {
  readonly trial: number;
  readonly #of: TrialState;
  readonly #study: StudyState;
  #lineage: readonly LineageEntry[] | undefined;

  constructor(
    study: StudyState,
    of: TrialState,
    readonly score: number | null,
    readonly hyperparameters: Hyperparameters,
    readonly steps: number,
  ) {
    this.trial = of.trial;
    this.#of = of;
    this.#study = study;
  }

  get generation(): number {
    return this.#of.segments.at(-1)!.generation;
  }

  get lineage(): readonly LineageEntry[] {
    this.#lineage ??= lineageOf(this.#of, keptCheckpoints(this.#study));
    return this.#lineage;
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
  const kept = new Set(checkpointsToKeep(history.items, strategy.backtrack));
  keptOf.set(history, kept);
  return kept;
}

const nothing: ReadonlySet<Checkpoint> = new Set();
