/**
 * The state of CMA-ES as a fold over the generations of a study.
 *
 * Each proposal's note says which generation it was drawn for, and which trials the one before was made of (for the first generation:
 * which trial it starts from). So a generation stays what it was when it was closed, even if a slow trial of it ends later.
 */
import { foldIn, type Key, uniform } from '../../random/index.js';
import { totalViolations } from '../feasibility.js';
import type { Note, Observation } from '../sampler.js';
import { type Coordinates, located, type Solution } from './coordinates.js';
import { firstRegime, nextRegime, type Regime, type Restarts } from './restarts.js';
import { isOver, nextRun, type Ranked, type Run, startRun } from './run.js';

export interface GenerationNote extends Solution {
  readonly generation: number;
  /** Trials of the generation before; for the first one, the trial whose values are its mean, if any. */
  readonly from: readonly number[];
}

export interface State {
  /** The generation that is drawn now. */
  readonly generation: number;
  readonly from: readonly number[];
  readonly run: Run;
  readonly regime: Regime;
  /** Trials that the present run has used. */
  readonly trials: number;
}

export interface FoldSettings {
  readonly coordinates: Coordinates;
  readonly studyKey: Key;
  readonly sigma: number;
  readonly lambda: number;
  readonly restarts: Restarts;
}

/** A generation that was computed: what it was made of, and what came of it. */
export interface Step {
  readonly from: readonly number[];
  readonly outcomes: readonly Outcome[];
  readonly after: State;
}

interface Outcome {
  readonly trial: number;
  readonly loss: number;
  readonly violation: number;
}

interface Drawn {
  readonly observation: Observation;
  readonly note: GenerationNote;
}

const noteName = 'cmaEs';

export function toNote({ generation, from, x, items }: GenerationNote): Note {
  return { [noteName]: { generation, from, x, items } };
}

function fromNote(note: Note, { numbers, categories }: Coordinates): GenerationNote | undefined {
  if (typeof note !== 'object' || note === null || Array.isArray(note)) return undefined;
  const own = (note as { readonly [name: string]: Note })[noteName] as unknown as GenerationNote | undefined;
  // a study whose space has changed begins anew
  if (own?.x?.length !== numbers.length || own.items?.length !== categories.length) return undefined;
  if (own.items.some((item, at) => item >= categories[at]!.items.length)) return undefined;
  return own;
}

/**
 * The state after all generations of `history` that are complete.
 *
 * @param memory steps of an earlier call with the same settings, which are taken over as far as the history agrees; it is
 * brought up to date. It changes no result.
 */
export function fold(settings: FoldSettings, history: readonly Observation[], memory: Step[]): State {
  const generations = byGeneration(settings.coordinates, history);
  let state = initialState(settings, history, generations);
  if (memory[0] !== undefined && !sameNumbers(memory[0].from, state.from)) memory.length = 0;
  for (let at = 0; ; at++) {
    const closed = closedBy(state, generations);
    if (closed === undefined) {
      memory.length = at;
      return state;
    }
    const outcomes = outcomesOf(closed);
    const known = memory[at];
    if (known === undefined || !sameOutcomes(known.outcomes, outcomes)) {
      memory.length = at;
      memory.push({ from: state.from, outcomes, after: afterGeneration(settings, state, closed, outcomes) });
    }
    state = memory[at]!.after;
  }
}

function byGeneration(coordinates: Coordinates, history: readonly Observation[]): readonly (readonly Drawn[])[] {
  const generations: Drawn[][] = [];
  for (const observation of history) {
    const note = fromNote(observation.note, coordinates);
    if (note === undefined) continue;
    generations[note.generation] ??= [];
    generations[note.generation]!.push({ observation, note });
  }
  return generations;
}

/** The middle of the space; or the best trial of others, such as one that was enqueued, if there is one before the first own. */
function initialState(
  { coordinates, sigma, lambda }: FoldSettings,
  history: readonly Observation[],
  generations: readonly (readonly Drawn[])[],
): State {
  const from = generations[0]?.[0]?.note.from ?? bestOf(history);
  const start = history.find(({ trial }) => trial === from[0]);
  const middle = new Float64Array(coordinates.numbers.length).fill(0.5);
  const positions = start === undefined ? [] : located(coordinates, start.hyperparameters).positions;
  const mean = middle.map((half, at) => positions[at] ?? half);
  const run = startRun(coordinates, mean, sigma, lambda);
  return { generation: 0, from: start === undefined ? [] : from, run, regime: firstRegime(lambda), trials: 0 };
}

function bestOf(history: readonly Observation[]): readonly number[] {
  const complete = history.filter(({ status, losses }) => status === 'complete' && Number.isFinite(losses[0]));
  if (complete.length === 0) return [];
  const violations = totalViolations(complete);
  const order = [...complete.keys()].sort(
    (a, b) => violations[a]! - violations[b]! || complete[a]!.losses[0]! - complete[b]!.losses[0]! || a - b,
  );
  return [complete[order[0]!]!.trial];
}

/** The trials that close the present generation, or `undefined` if it goes on. */
function closedBy(
  { generation, run }: State,
  generations: readonly (readonly Drawn[])[],
): readonly Drawn[] | undefined {
  const drawn = generations[generation] ?? [];
  const recorded = generations[generation + 1]?.[0]?.note.from;
  const told = drawn.filter(({ observation }) => observation.status !== 'running');
  const { lambda } = run.rates;
  if (recorded !== undefined) {
    const used = told.filter(({ observation }) => recorded.includes(observation.trial));
    if (used.length === lambda) return used;
  }
  return told.length >= lambda ? told.slice(0, lambda) : undefined;
}

/** A failed trial is worse than all others, and as bad as other failed ones. */
function outcomesOf(closed: readonly Drawn[]): readonly Outcome[] {
  const violations = totalViolations(closed.map(({ observation }) => observation));
  return closed.map(({ observation: { trial, status, losses } }, at) => {
    const loss = status === 'failed' ? undefined : losses[0];
    if (loss === undefined || Number.isNaN(loss)) {
      return { trial, loss: Number.POSITIVE_INFINITY, violation: Number.POSITIVE_INFINITY };
    }
    return { trial, loss, violation: violations[at]! };
  });
}

function afterGeneration(
  settings: FoldSettings,
  state: State,
  closed: readonly Drawn[],
  outcomes: readonly Outcome[],
): State {
  const next = {
    ...state,
    generation: state.generation + 1,
    from: outcomes.map(({ trial }) => trial),
    trials: state.trials + outcomes.length,
  };
  // where all failed (or are infinite) there is nothing to rank
  if (outcomes.every(({ loss }) => loss === Number.POSITIVE_INFINITY)) return next;
  // differences of infinities are NaN, so they are compared
  const order = [...outcomes.keys()].sort(
    (a, b) =>
      compare(outcomes[a]!.violation, outcomes[b]!.violation) || compare(outcomes[a]!.loss, outcomes[b]!.loss) || a - b,
  );
  const ranked = order.map((at): Ranked => ({ ...closed[at]!.note, loss: outcomes[at]!.loss }));
  const run = nextRun(settings.coordinates, state.run, ranked);
  return isOver(run) && settings.restarts !== 'none' ? restarted(settings, next, settings.restarts) : { ...next, run };
}

function restarted(settings: FoldSettings, state: State, restarts: 'ipop' | 'bipop'): State {
  const { coordinates, studyKey, sigma, lambda } = settings;
  const regime = nextRegime(restarts, state.regime, state.trials, lambda, studyKey);
  const mean = Float64Array.from(coordinates.numbers, (_, at) => uniform(foldIn(studyKey, 'start', regime.run, at)));
  const run = startRun(coordinates, mean, sigma * regime.sigmaFactor, regime.lambda);
  return { ...state, run, regime, trials: 0 };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

function sameOutcomes(a: readonly Outcome[], b: readonly Outcome[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ trial, loss, violation }, at) =>
        trial === b[at]!.trial && loss === b[at]!.loss && violation === b[at]!.violation,
    )
  );
}
