import { foldIn, type Key, permutation, uniform } from '../random/index.js';
import { activeOnly, decode, firstBroken, type Hyperparameters, type Parameter, sampleSpace } from '../space/index.js';
import type { ProposeInput } from './sampler.js';

/**
 * The point of a trial before there is a model: a row of a Latin hypercube (McKay, Beckman and Conover 1979,
 * https://doi.org/10.1080/00401706.1979.10489755) of `count` rows under the study's key, the next hypercube's once one is
 * used up. A point that breaks a constraint is replaced by a draw from the prior.
 *
 * @param count at least 1
 *
 * Errors: SPACE_CONSTRAINTS_TOO_TIGHT.
 */
export function startupPoint({ space, key, studyKey, trial }: ProposeInput, count: number): Hyperparameters {
  const [block, row] = [Math.floor(trial / count), trial % count];
  const blockKey = foldIn(studyKey, 'startup', block);
  const values = space.parameters.map(
    (parameter) => [parameter.name, valueIn(parameter, blockKey, row, count)] as const,
  );
  const point = activeOnly(space, Object.fromEntries(values));
  return firstBroken(space, point) === undefined ? point : sampleSpace(space, foldIn(key, 'prior'));
}

function valueIn(parameter: Parameter, blockKey: Key, row: number, count: number) {
  const part = permutation(foldIn(blockKey, parameter.name), count).at(row);
  const within = uniform(foldIn(blockKey, parameter.name, row));
  return decode(parameter, (part + within) / count);
}
