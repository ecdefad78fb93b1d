/** Samplers that go through a sequence of points which is known before the first trial: grid, Latin hypercube, Sobol. */
import type { Key } from '../random/index.js';
import { firstBroken, type Hyperparameters, type Space } from '../space/index.js';
import type { Observation, ProposeInput, Sampler } from './sampler.js';

/** Points of a space, endlessly many. */
export interface PointSequence {
  /** The point at `position`, counted from 0: one allowed value for every active parameter. It may break constraints. */
  at(position: number): Hyperparameters;
  /** So many points in a row may break the space's constraints; then `instead` is asked. */
  readonly patience: number;
  /** What is proposed where no point is allowed; may throw. */
  instead(input: ProposeInput): Hyperparameters;
}

/**
 * A sampler that proposes the points of a sequence one after another, each once. Points that break the space's constraints
 * are skipped: the n-th proposal is the n-th point that breaks none.
 *
 * The position of a proposal is kept in its note, and the next one goes on behind the highest. So trials that somebody else
 * proposed (enqueued ones, say) use up no points, and neither does a trial that runs in parallel get the same one.
 * Where no trial of the history has such a note, trials that are not in the history count as proposed from here, so
 * that the n-th trial of a study gets the n-th point whatever is known of the others.
 *
 * @param open the sequence of a space under the study's key; asked again only when one of them changes
 */
export function sequenceSampler(name: string, open: (space: Space, studyKey: Key) => PointSequence): Sampler {
  let opened: { space: Space; studyKey: Key; sequence: PointSequence } | undefined;
  const sequenceOf = (space: Space, studyKey: Key) => {
    if (opened?.space !== space || opened.studyKey[0] !== studyKey[0] || opened.studyKey[1] !== studyKey[1]) {
      opened = { space, studyKey, sequence: open(space, studyKey) };
    }
    return opened.sequence;
  };
  return {
    name,
    propose: (input) => {
      const { position, hyperparameters } = walk(name, sequenceOf(input.space, input.studyKey), input);
      return { hyperparameters, note: { [name]: position } };
    },
  };
}

function walk(name: string, sequence: PointSequence, input: ProposeInput) {
  const { space, history, trial } = input;
  const last = lastPosition(name, history);
  let [position, toSkip] = last === undefined ? [0, othersBefore(trial, history)] : [last + 1, 0];
  if (space.constraints.length === 0) [position, toSkip] = [position + toSkip, 0];
  for (let broken = 0; broken < sequence.patience; position++) {
    const hyperparameters = sequence.at(position);
    if (firstBroken(space, hyperparameters) !== undefined) broken++;
    else if (toSkip === 0) return { position, hyperparameters };
    else [broken, toSkip] = [0, toSkip - 1];
  }
  return { position, hyperparameters: sequence.instead(input) };
}

function lastPosition(name: string, history: readonly Observation[]): number | undefined {
  let last: number | undefined;
  for (const { note } of history) {
    const position = isNamed(note) ? note[name] : undefined;
    if (Number.isSafeInteger(position) && (position as number) >= 0) last = Math.max(last ?? 0, position as number);
  }
  return last;
}

function isNamed(note: Observation['note']): note is { readonly [name: string]: Observation['note'] } {
  return typeof note === 'object' && note !== null && !Array.isArray(note);
}

/** Trials before this one that the history does not have. */
function othersBefore(trial: number, history: readonly Observation[]): number {
  return trial - history.filter((one) => one.trial < trial).length;
}
