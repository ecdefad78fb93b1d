import { foldIn, type Key, randomBits, uniform } from '../random/index.js';
import { activeOnly, decode, type Space, sampleSpace } from '../space/index.js';
import { parseOptions } from './options.js';
import type { Sampler } from './sampler.js';
import { type PointSequence, sequenceSampler } from './sequence.js';
import { owenScramble, sobolBits, sobolDimensions } from './sobol-points.js';

const twoTo32 = 2 ** 32;

const patience = 1_000;

/**
 * Points of Sobol's sequence, scrambled under the study's key (papers in `sobol-points.ts`): they fill the space more evenly than
 * random ones, most of all when the number of trials is a power of two. Every prefix does well, so unlike for
 * a Latin hypercube the number of trials need not be known.
 *
 * Each parameter that has more than one value is a dimension, in the space's order, also where it is not active: its value is
 * dropped then. Points that break constraints are skipped; after 1,000 in a row the trial is a draw from the prior. The parameters
 * beyond the first 256 are random, each point's independently. After 2^32 points the sequence repeats.
 *
 * @param options there are none; anything else than `{}` is refused
 *
 * Errors: SAMPLERS_OPTION…; when asked for a proposal, SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function sobolSampler(options?: Readonly<Record<string, never>>): Sampler {
  parseOptions('sobol', {}, options);
  return sequenceSampler('sobol', (space, studyKey) => scrambled(space, foldIn(studyKey, 'sobol')));
}

function scrambled(space: Space, key: Key): PointSequence {
  const dimensions = space.parameters.filter((parameter) => parameter.kind !== 'fixed');
  const fixed = space.parameters.filter((parameter) => parameter.kind === 'fixed');
  const seeds = dimensions.map(({ name }) => randomBits(foldIn(key, name), 1)[0]!);
  const unit = (dimension: number, position: number) => {
    const below = uniform(foldIn(key, dimensions[dimension]!.name, position));
    if (dimension >= sobolDimensions) return below;
    // the bits that 32 leave open, so that ranges of more than 2^32 values are reached everywhere
    return (owenScramble(sobolBits(dimension, position % twoTo32), seeds[dimension]!) + below) / twoTo32;
  };
  return {
    at: (position) =>
      activeOnly(space, {
        ...Object.fromEntries(fixed.map((parameter) => [parameter.name, parameter.value])),
        ...Object.fromEntries(
          dimensions.map((parameter, dimension) => [parameter.name, decode(parameter, unit(dimension, position))]),
        ),
      }),
    patience,
    instead: ({ key: trialKey }) => sampleSpace(space, trialKey),
  };
}
