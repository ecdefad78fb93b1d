/**
 * Latin hypercube sampling: McKay, Beckman and Conover 1979, "A comparison of three methods for selecting values of input
 * variables in the analysis of output from a computer code", section 2, https://doi.org/10.1080/00401706.1979.10489755.
 *
 * N points in k dimensions: each dimension is cut into N parts of equal probability, and each part has exactly one of the
 * points, at a random place in it; which parts go together is an independent random order for each dimension.
 */
import { foldIn, type Key, permutation, uniform } from '../random/index.js';
import { activeOnly, decode, type Space, sampleSpace } from '../space/index.js';
import { integerFrom, parseOptions, type Rules } from './options.js';
import type { Sampler } from './sampler.js';
import { type PointSequence, sequenceSampler } from './sequence.js';

export interface LatinHypercubeOptions {
  /** Points of a hypercube: best as many as the study has trials. An integer, at least 1. The paper's N. */
  readonly points: number;
}

const rules: Rules<LatinHypercubeOptions> = { points: integerFrom(1) };

type Permutation = ReturnType<typeof permutation>;

const patience = 1_000;

/**
 * Blocks of `points` points, each block an independent Latin hypercube on the parameters' scales. Each parameter has a stream named
 * after it, so adding, removing or reordering parameters changes no other's draws.
 *
 * Every parameter is a dimension, also where it is not active: its value is dropped then, and the values that remain need not be
 * one a part. Points that break constraints are skipped, so a hypercube has fewer than `points` trials; after 1,000 in a
 * row the trial is a draw from the prior.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function latinHypercubeSampler(options: LatinHypercubeOptions): Sampler {
  const { points } = parseOptions<LatinHypercubeOptions>('latinHypercube', rules, options);
  return sequenceSampler('latinHypercube', (space, studyKey) =>
    hypercubes(space, foldIn(studyKey, 'latin-hypercube'), points),
  );
}

function hypercubes(space: Space, key: Key, points: number): PointSequence {
  let orders: { block: number; byName: ReadonlyMap<string, Permutation> } | undefined;
  const ordersOf = (block: number) => {
    if (orders?.block !== block) {
      const entries = space.parameters.map(
        ({ name }) => [name, permutation(foldIn(key, block, name), points)] as const,
      );
      orders = { block, byName: new Map(entries) };
    }
    return orders.byName;
  };
  return {
    at: (position) => {
      const [block, row] = [Math.floor(position / points), position % points];
      const values = space.parameters.map((parameter) => {
        const part = ordersOf(block).get(parameter.name)!.at(row);
        const within = uniform(foldIn(key, block, parameter.name, row));
        return [parameter.name, decode(parameter, (part + within) / points)] as const;
      });
      return activeOnly(space, Object.fromEntries(values));
    },
    patience,
    instead: ({ key: trialKey }) => sampleSpace(space, trialKey),
  };
}
