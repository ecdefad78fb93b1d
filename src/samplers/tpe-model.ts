/**
 * A proposal from two Parzen estimators: what TPE and BOHB's sampler share.
 *
 * The candidate with the largest l(x) / g(x) among some that are drawn from l, which is the one with the largest expected
 * improvement: Bergstra et al. 2011, section 4.1, https://papers.nips.cc/paper/4443.
 */
import { foldIn, type Key, sequence } from '../random/index.js';
import {
  activeOnly,
  decode,
  encode,
  firstBroken,
  type Hyperparameters,
  isActive,
  type Space,
  sampleSpace,
  type Value,
} from '../space/index.js';
import { ParzenEstimator, type Row } from './parzen.js';
import { type Block, blocksOf, type Together } from './tpe-blocks.js';
import type { Rows } from './tpe-rows.js';

interface ModelInput {
  readonly rows: Rows;
  readonly key: Key;
  /** Hyperparameters of the trials to be like, and their weights beside the prior's, which is 1. */
  readonly below: readonly Hyperparameters[];
  readonly weights: Float64Array;
  /** Those to be unlike. */
  readonly above: readonly Hyperparameters[];
  readonly together: Together;
  /** At least 1. */
  readonly candidates: number;
}

type Values = Record<string, Value>;

/** A block with its two densities. */
interface BlockModel {
  readonly block: Block;
  readonly good: ParzenEstimator;
  readonly bad: ParzenEstimator;
}

/**
 * Of candidates drawn from l, the one with the largest l / g: with several blocks the product of theirs. Candidates that
 * break one of the space's constraints are dropped; if none is left, the proposal is a draw from the prior.
 *
 * Optuna's independent and group modes choose each block's best candidate by itself. With kernels as narrow as ours that
 * picks much the same value of every parameter again and again: on Hartmann-6, 120 trials end at -1.85 that way.
 *
 * Errors: SPACE_CONSTRAINTS_TOO_TIGHT, from that draw.
 */
export function proposeFrom(input: ModelInput): Hyperparameters {
  const { rows, key, together, below, above, weights } = input;
  rows.memory.reset();
  const models = blocksOf(rows.space, rows.dimensions, together).map((block) => ({
    block,
    good: estimatorOf(rows, block, below, weights),
    bad: estimatorOf(rows, block, above),
  }));
  const next = sequence(foldIn(key, 'candidates'));
  const drawn = Array.from({ length: input.candidates }, () => drawCandidate(models, rows.dimensions.length, next));
  const best = bestOf(rows.space, drawn);
  return best === undefined ? sampleSpace(rows.space, foldIn(key, 'prior')) : activeOnly(rows.space, best.values);
}

interface Candidate {
  readonly values: Values;
  readonly row: Row;
  /** Those of its blocks that are active. */
  readonly drawn: readonly BlockModel[];
  /** log l of each. */
  readonly logGood: readonly number[];
  /** What log g of each has at least. */
  readonly leastBad: readonly number[];
  /** The logarithm of l / g is not above it. */
  readonly most: number;
}

/**
 * The first one with the largest l / g. Those are looked at first that may have it: with the bounds that estimators have, most need no look.
 */
function bestOf(space: Space, candidates: readonly Candidate[]): Candidate | undefined {
  const order = [...candidates.keys()].sort((a, b) => candidates[b]!.most - candidates[a]!.most || a - b);
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const at of order) {
    const candidate = candidates[at]!;
    if (best >= 0 && candidate.most < bestScore) break;
    if (firstBroken(space, candidate.values) !== undefined) continue;
    const { drawn, logGood, leastBad, row } = candidate;
    const score = difference(
      logGood,
      drawn.map(({ bad }, block) => bad.logDensity(row, leastBad[block])),
    );
    if (best >= 0 && !(score > bestScore || (score === bestScore && at < best))) continue;
    best = at;
    bestScore = score;
  }
  return candidates[best];
}

/** Block by block, parents first. */
function drawCandidate(models: readonly BlockModel[], dimensionCount: number, next: () => number): Candidate {
  const values: Values = {};
  // a block's positions are its own part of the row
  const row: Row = new Float64Array(dimensionCount).fill(Number.NaN);
  const drawn = models.filter(({ block, good }) => {
    // all of a block's parameters are active, or none; or the first one has no conditions
    const isDrawn = isActive(block.parameters[0]!, values);
    if (isDrawn) drawBlock(good, block, values, row, next);
    return isDrawn;
  });
  const logGood = drawn.map(({ good }) => good.logDensity(row));
  const leastBad = drawn.map(({ bad }) => bad.leastLogDensity(row));
  return { values, row, drawn, logGood, leastBad, most: difference(logGood, leastBad) };
}

/** Added up in one order: where every subtrahend is smaller, rounding cannot make the sum smaller. */
function difference(logGood: readonly number[], logBad: readonly number[]): number {
  return logGood.reduce((sum, good, block) => sum + (good - logBad[block]!), 0);
}

/** Trials that had none of the block's parameters say nothing about them. */
function estimatorOf(
  rows: Rows,
  { dimensions }: Block,
  trials: readonly Hyperparameters[],
  weights?: Float64Array,
): ParzenEstimator {
  const kept: Row[] = [];
  const keptWeights: number[] = [];
  for (let at = 0; at < trials.length; at++) {
    const row = rows.of(trials[at]!);
    if (dimensions.every(({ index }) => Number.isNaN(row[index]!))) continue;
    kept.push(row);
    keptWeights.push(weights?.[at] ?? 1);
  }
  return new ParzenEstimator(dimensions, kept, keptWeights, rows.memory);
}

/** One kernel's draw of every parameter that is active; their positions are put in `row`. */
function drawBlock(from: ParzenEstimator, block: Block, values: Values, row: Row, next: () => number): void {
  const kernel = from.drawKernel(next);
  let at = 0;
  for (const parameter of block.parameters) {
    const dimension = block.dimensions[at]?.parameter === parameter ? block.dimensions[at++] : undefined;
    if (!isActive(parameter, values)) continue;
    const position = dimension === undefined ? 0 : from.drawPosition(kernel, at - 1, next);
    const value = decode(parameter, position);
    values[parameter.name] = value;
    if (dimension !== undefined) row[dimension.index] = encode(parameter, value);
  }
}
