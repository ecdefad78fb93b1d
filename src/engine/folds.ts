/** A trial of a study with folds is one model a fold: its states as one, and its results as one. */
import { aligned, allocateShared, type SharedDataset } from '../data/index.js';
import { foldIn, type Key, seedKey } from '../random/index.js';
import type { SegmentFailure } from './engine.js';
import type { SegmentValue } from './tasks.js';

/** Behind a metric's name: its standard deviation over the folds. */
const deviationSuffix = 'Deviation';

/** The key that everything of a fold is drawn from; of a study without folds, the study's own. */
export function foldKey(seed: number, fold: number, folds: number): Key {
  return folds === 1 ? seedKey(seed) : foldIn(seedKey(seed), 'fold', fold);
}

/**
 * For each fold the first one that a model is traced the same for: folds of images differ in nothing but their rows' numbers, those of tables often in
 * their target's mean, and in features.
 */
export function foldsTracedAlike(datasets: readonly SharedDataset[]): number[] {
  const described = datasets.map(({ rowCount, columns, features, categories, target }) => {
    const shapes = columns.map(({ name, type, rowShape }) => [name, type, rowShape]);
    return JSON.stringify([rowCount, shapes, features, categories, target]);
  });
  return described.map((description) => described.indexOf(description));
}

/** What a trial reports where each fold's model reports these: their means, and how far folds lie apart. */
export function foldMetricNames(names: readonly string[], folds: number): string[] {
  return folds === 1 ? [...names] : names.flatMap((name) => [name, `${name}${deviationSuffix}`]);
}

/** Bytes before the first state: the states' lengths, 8 bytes each, little-endian. */
function headerBytes(folds: number): number {
  return aligned(8 * folds);
}

/**
 * The states of all folds, one behind the other.
 *
 * @param take memory of so many bytes that nobody reads any more, if there is any
 */
export function packStates(states: readonly Uint8Array[], take: (bytes: number) => Uint8Array | null): Uint8Array {
  const total = states.reduce((sum, state) => sum + aligned(state.byteLength), headerBytes(states.length));
  const packed = take(total) ?? new Uint8Array(allocateShared(total));
  const lengths = new DataView(packed.buffer, packed.byteOffset);
  let at = headerBytes(states.length);
  states.forEach((state, fold) => {
    lengths.setFloat64(8 * fold, state.byteLength, true);
    packed.set(state, at);
    at += aligned(state.byteLength);
  });
  return packed;
}

/** The state of one fold, in place. */
export function unpackState(packed: Uint8Array, fold: number, folds: number): Uint8Array {
  const lengths = new DataView(packed.buffer, packed.byteOffset);
  let at = headerBytes(folds);
  for (let before = 0; before < fold; before++) at += aligned(lengths.getFloat64(8 * before, true));
  return packed.subarray(at, at + lengths.getFloat64(8 * fold, true));
}

type Outcome = SegmentValue | SegmentFailure;
type Done = SegmentValue & { readonly outcome: 'done' };

/**
 * What a trial's segment ends in. Where all folds are done: the mean loss; of each metric the mean, and its sample standard deviation; the
 * seconds of all. Otherwise the first fold that failed or diverged says why.
 *
 * @param pack makes one state of those of all folds
 */
export function combineFolds(outcomes: readonly Outcome[], pack: (states: Uint8Array[]) => Uint8Array): Outcome {
  const done: Done[] = [];
  let diverged: Outcome | undefined;
  for (const [fold, outcome] of outcomes.entries()) {
    if (outcome.outcome === 'done') done.push(outcome);
    else if (outcome.outcome === 'cancelled') return outcome;
    else diverged ??= { ...outcome, message: `fold ${fold}: ${outcome.message}` };
  }
  const failed = outcomes.findIndex(({ outcome }) => outcome === 'failed');
  if (failed !== -1) {
    const failure = outcomes[failed] as SegmentFailure;
    return { ...failure, message: `fold ${failed}: ${failure.message}` };
  }
  if (diverged !== undefined) return diverged;
  const seconds = done.reduce((sum, one) => sum + one.seconds, 0);
  const loss = meanOf(done.map((one) => one.loss));
  const state = pack(done.map((one) => one.state));
  return { outcome: 'done', loss, metrics: combineMetrics(done.map(({ metrics }) => metrics)), state, seconds };
}

function combineMetrics(folds: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(folds[0]!);
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = folds.map((metrics) => metrics[name]!);
      const mean = meanOf(values);
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const deviation = Math.sqrt(squares / (values.length - 1));
      return [
        [name, mean],
        [`${name}${deviationSuffix}`, deviation],
      ];
    }),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
