import { foldIn, type Key } from '../random/index.js';
import { isActive } from './conditions.js';
import { firstBroken } from './constraints.js';
import type { Hyperparameters, Value } from './definition.js';
import { errors } from './errors.js';
import type { Parameter, Space } from './parameter.js';
import { sample } from './sample.js';

/** Draws after which a space counts as having no point that satisfies its constraints. */
export const attemptLimit = 1000;

/**
 * A draw from the space's prior: every active parameter independently, as `sample` draws it, under the constraints. Each
 * parameter has a stream named after it, so adding, removing or reordering others changes nothing of its draw (but where
 * a constraint rejects).
 *
 * Constraints are respected by rejection, which leaves the prior as it is where they hold. Of a space of which they leave a
 * share p, a draw takes 1/p attempts on average; at p = 1 % one in 23,000 draws fails.
 *
 * Errors: SPACE_CONSTRAINTS_TOO_TIGHT if 1,000 attempts break a constraint.
 */
export function sampleSpace(space: Space, key: Key): Hyperparameters {
  const broken = new Map<string, number>();
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const values = drawPoint(space, attemptKey(key, attempt));
    const constraint = firstBroken(space, values);
    if (constraint === undefined) return values;
    broken.set(constraint.text, (broken.get(constraint.text) ?? 0) + 1);
  }
  const [text, count] = [...broken].reduce((most, one) => (one[1] > most[1] ? one : most));
  throw errors.SPACE_CONSTRAINTS_TOO_TIGHT({ text, count, attempts: attemptLimit });
}

/** The key of an attempt; the first one's is the draw's own. */
export function attemptKey(key: Key, attempt: number): Key {
  return attempt === 0 ? key : foldIn(key, 'attempt', attempt);
}

/** One value for each parameter that is active, whatever the constraints say. `choose` may give it; `null` leaves it to the prior. */
export function drawPoint(
  { parameters }: Space,
  key: Key,
  choose: (parameter: Parameter) => Value | null = () => null,
): Hyperparameters {
  const values: Record<string, Value> = {};
  for (const parameter of parameters) {
    if (!isActive(parameter, values)) continue;
    values[parameter.name] = choose(parameter) ?? sample(parameter, foldIn(key, parameter.name));
  }
  return values;
}
