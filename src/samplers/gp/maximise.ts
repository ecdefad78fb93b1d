/**
 * The best point of an acquisition function in a mixed space: many candidates, then from the best of them in turn L-BFGS on what is
 * continuous and the best move in what is discrete, one dimension after another, until nothing gets better (as Optuna's `_gp/optim_mixed.py`).
 */
import { firstBroken } from '../../space/index.js';
import type { Acquisition } from './acquisition.js';
import { type Dimension, type Embedding, geneAt, toPoint, valuesAt } from './embedding.js';
import { minimise } from './lbfgs.js';

/** How hard to search. */
export interface Effort {
  /** Candidates drawn from the prior. */
  readonly candidates: number;
  /** Candidates around the best trials. */
  readonly nearby: number;
  /** Searches, from the best candidates and the best trials. */
  readonly searches: number;
  /** Evaluations of each run of L-BFGS, at most. */
  readonly evaluations: number;
}

export interface Found {
  readonly genome: Float64Array;
  readonly value: number;
}

/** Values of a discrete parameter up to which a search tries all of them; beyond it, steps by powers of two. */
const exhaustiveAtMost = 16;
const roundsAtMost = 4;

export class Search {
  readonly #embedding: Embedding;
  readonly #acquisition: Acquisition;
  /** Of each dimension: distances on which the acquisition function varies. */
  readonly #lengthscales: Float64Array;
  readonly #next: () => number;
  readonly #point: Float64Array;
  readonly #active: Uint8Array;

  /** @param next uniform numbers in [0, 1) */
  constructor(embedding: Embedding, acquisition: Acquisition, lengthscales: Float64Array, next: () => number) {
    this.#embedding = embedding;
    this.#acquisition = acquisition;
    this.#lengthscales = lengthscales;
    this.#next = next;
    this.#point = new Float64Array(embedding.dimensions.length);
    this.#active = new Uint8Array(embedding.dimensions.length);
  }

  /**
   * What was found, best first; all of it satisfies the space's constraints, and may be none where they are tight.
   *
   * @param incumbents genomes of the best trials, best first
   */
  run(incumbents: readonly Float64Array[], { candidates, nearby, searches, evaluations }: Effort): Found[] {
    const drawn: Found[] = [];
    const consider = (genome: Float64Array) => {
      if (isAllowed(this.#embedding, genome)) drawn.push({ genome, value: this.#value(genome) });
    };
    for (let i = 0; i < candidates; i++) consider(randomGenome(this.#embedding, this.#next));
    for (let i = 0; i < nearby && incumbents.length > 0; i++) consider(this.#near(incumbents[i % incumbents.length]!));
    drawn.sort((a, b) => b.value - a.value);
    const starts = incumbents.filter((genome) => isAllowed(this.#embedding, genome));
    const found = [
      ...drawn.slice(0, searches - Math.min(1, starts.length)),
      ...starts.slice(0, 1).map((genome) => ({ genome, value: this.#value(genome) })),
    ].map((start) => this.#climb(start, evaluations));
    return [...found, ...drawn].sort((a, b) => b.value - a.value);
  }

  #value(genome: Float64Array): number {
    toPoint(this.#embedding, genome, this.#point, this.#active);
    return this.#acquisition.at(this.#point);
  }

  /** A genome that differs from `genome` in some dimensions: each with a probability of 1 over a number from 1 to all. */
  #near(genome: Float64Array): Float64Array {
    const { dimensions } = this.#embedding;
    const share = 1 / (1 + this.#next() * (dimensions.length - 1));
    const width = 10 ** (-3 + 2.5 * this.#next());
    const forced = Math.floor(this.#next() * dimensions.length);
    return genome.map((gene, at) => {
      const [chance, a, b] = [this.#next(), this.#next(), this.#next()];
      if (at !== forced && chance >= share) return gene;
      return nearGene(dimensions[at]!, gene, a, width * (a + b + this.#next() - 1.5) * 2);
    });
  }

  #climb(start: Found, evaluations: number): Found {
    let best = start;
    for (let round = 0; round < roundsAtMost; round++) {
      const smooth = this.#climbSmoothly(best, evaluations);
      const stepped = this.#climbBySteps(smooth);
      if (stepped === smooth) return smooth;
      best = stepped;
    }
    return best;
  }

  /** L-BFGS on the active continuous dimensions, in units of their lengthscales. */
  #climbSmoothly(start: Found, maxEvaluations: number): Found {
    const { dimensions } = this.#embedding;
    toPoint(this.#embedding, start.genome, this.#point, this.#active);
    const smooth = [...dimensions.keys()].filter((at) => dimensions[at]!.values === null && this.#active[at] === 1);
    if (smooth.length === 0) return start;
    const units = Float64Array.from(smooth, (at) => Math.min(1, this.#lengthscales[at]!));
    const point = this.#point.slice();
    const byPoint = new Float64Array(point.length);
    const { x, value } = minimise(
      (scaled, gradient) => {
        for (const [i, at] of smooth.entries()) point[at] = scaled[i]! * units[i]!;
        const value = this.#acquisition.at(point, byPoint);
        for (const [i, at] of smooth.entries()) gradient[i] = -byPoint[at]! * units[i]!;
        return -value;
      },
      Float64Array.from(smooth, (at, i) => point[at]! / units[i]!),
      {
        lower: new Float64Array(smooth.length),
        upper: units.map((unit) => 1 / unit),
        maxEvaluations,
        gradientTolerance: 1e-3,
        valueTolerance: 1e-6,
      },
    );
    const genome = start.genome.slice();
    for (const [i, at] of smooth.entries()) genome[at] = Math.min(1, Math.max(0, x[i]! * units[i]!));
    return this.#allowedOnTheWay(start, { genome, value: -value });
  }

  /** `end` if it is better and allowed, or else a half, a quarter, … of the way to it. */
  #allowedOnTheWay(start: Found, end: Found): Found {
    if (!(end.value > start.value)) return start;
    if (isAllowed(this.#embedding, end.genome)) return end;
    for (let share = 0.5; share > 0.05; share /= 2) {
      const genome = start.genome.map((gene, at) => {
        const { values } = this.#embedding.dimensions[at]!;
        return values === null ? gene + share * (end.genome[at]! - gene) : gene;
      });
      const value = this.#value(genome);
      if (value > start.value && isAllowed(this.#embedding, genome)) return { genome, value };
    }
    return start;
  }

  /** The best move of each active discrete dimension in turn; `start` itself if none is better. */
  #climbBySteps(start: Found): Found {
    let best = start;
    for (const [at, { values, isCategorical }] of this.#embedding.dimensions.entries()) {
      if (values === null) continue;
      toPoint(this.#embedding, best.genome, this.#point, this.#active);
      if (this.#active[at] === 0) continue;
      const origin = best.genome;
      for (const gene of moves(origin[at]!, values.length, isCategorical)) {
        const genome = origin.with(at, gene);
        const value = this.#value(genome);
        // a little more, so that rounding does not send it back and forth
        if (value > best.value + 1e-9 && isAllowed(this.#embedding, genome)) best = { genome, value };
      }
    }
    return best;
  }
}

function moves(gene: number, count: number, isCategorical: boolean): number[] {
  if (isCategorical || count <= exhaustiveAtMost) {
    return Array.from({ length: count }, (_, other) => other).filter((other) => other !== gene);
  }
  const others: number[] = [];
  for (let step = 1; step < count; step *= 2) {
    if (gene - step >= 0) others.push(gene - step);
    if (gene + step < count) others.push(gene + step);
  }
  return others;
}

/** A draw from the prior, constraints aside. */
export function randomGenome({ dimensions }: Embedding, next: () => number): Float64Array {
  return Float64Array.from(dimensions, (dimension) => geneAt(dimension, next()));
}

/**
 * @param u in [0, 1): which item it is, of an unordered choice, where any other is as near
 * @param move of what has an order: how far in position, but on a grid to the next value at least
 */
function nearGene(dimension: Dimension, gene: number, u: number, move: number): number {
  const { values, positions, isCategorical } = dimension;
  if (values === null) return Math.min(1, Math.max(0, gene + move));
  if (isCategorical) return geneAt(dimension, u);
  const there = geneAt(dimension, positions[gene]! + move);
  const step = there !== gene ? there : gene + (move < 0 ? -1 : 1);
  return Math.min(values.length - 1, Math.max(0, step));
}

/** Whether the space's constraints hold there. */
export function isAllowed(embedding: Embedding, genome: Float64Array): boolean {
  const { space } = embedding;
  return space.constraints.length === 0 || firstBroken(space, valuesAt(embedding, genome)) === undefined;
}
