import { foldIn, permutation } from '../random/index.js';
import { firstBroken, type Space } from '../space/index.js';
import { errors } from './errors.js';
import type { GridPoints } from './grid-axes.js';
import { gridPoints } from './grid-points.js';
import { flag, parseOptions, type Rules } from './options.js';
import type { Sampler } from './sampler.js';
import { sequenceSampler } from './sequence.js';

export interface GridOptions {
  /**
   * Values of each float that has no step, evenly spaced on its scale, bounds included: one count (an integer, at least 1) for
   * all of them, or counts by name. A name may also thin an int, or a float with a step. Default: none, which such floats are
   * refused with.
   */
  readonly points?: GridPoints | undefined;
  /** Whether the points come in a keyed random order, so that a study cut short has seen all of the space. Default: `true`. */
  readonly shuffle?: boolean;
}

type Checked = Required<GridOptions>;

const rules: Rules<Checked> = {
  points: {
    must: 'an integer of at least 1, or an object of such integers by name',
    holds: (given) => isCount(given) || (isCounts(given) && Object.values(given).every(isCount)),
    byDefault: undefined,
    optional: true,
  },
  shuffle: flag(true),
};

/** So many points in a row may break constraints before the grid is taken to have none that is allowed. */
const patience = 1_000_000;

/**
 * Grid search: every combination of the values of all parameters, each once. Where parameters are conditional, only combinations of
 * active ones count; those that break constraints are left out. After the last point it starts over from the first, in the
 * same order, so that a study can stop when `gridSize` trials are done, or go on and see what noise does.
 *
 * A failed trial's point is not tried again before then. In order (without `shuffle`) the last parameter changes fastest,
 * within the joint values of the parameters that conditions name.
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SAMPLERS_GRID_NEEDS_POINTS, SAMPLERS_GRID_UNKNOWN_NAME,
 * SAMPLERS_GRID_TOO_LARGE (2^53 points and more), SAMPLERS_GRID_EMPTY.
 */
export function gridSampler(options?: GridOptions): Sampler {
  const { points, shuffle } = parseOptions<Checked>('grid', rules, options);
  return sequenceSampler('grid', (space, studyKey) => {
    const { count, at } = gridPoints(space, points);
    const order = shuffle ? permutation(foldIn(studyKey, 'grid'), count) : undefined;
    return {
      at: (position) => at(order === undefined ? position % count : order.at(position % count)),
      patience: Math.min(count, patience),
      instead: () => {
        throw errors.SAMPLERS_GRID_EMPTY({ tried: Math.min(count, patience) });
      },
    };
  });
}

/**
 * How many points `gridSampler` with the same options goes through before it starts over.
 *
 * Where the space has constraints, each point is looked at, and more than 10^6 are refused.
 *
 * Errors: as of the sampler.
 */
export function gridSize(space: Space, options?: GridOptions): number {
  const { points } = parseOptions<Checked>('grid', rules, options);
  const { count, at } = gridPoints(space, points);
  if (space.constraints.length === 0) return count;
  if (count > patience)
    throw errors.SAMPLERS_GRID_TOO_LARGE({ most: `than ${patience} points to hold constraints against` });
  let allowed = 0;
  for (let index = 0; index < count; index++) if (firstBroken(space, at(index)) === undefined) allowed++;
  return allowed;
}

function isCount(given: unknown): boolean {
  return Number.isSafeInteger(given) && (given as number) >= 1;
}

function isCounts(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
