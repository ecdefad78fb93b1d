/** Crossover: what a child has of two parents, parameter by parameter. */
import { foldIn, type Key, uniform } from '../random/index.js';
import { contains, decode, encode, type Hyperparameters, type Parameter, type Value } from '../space/index.js';
import { isOrdered } from './mutation.js';
import { valueIn } from './offspring.js';

/** Two parents. */
export type Parents = readonly [Hyperparameters, Hyperparameters];

/**
 * Uniform crossover (Syswerda 1989): the second parent's value with probability `swapping`, otherwise the first one's. Where
 * the parameter is active in one parent only, that one's; `undefined` where it is in none.
 */
export function crossUniformly(parameter: Parameter, parents: Parents, key: Key, swapping: number): Value | undefined {
  const [first, second] = allowedOf(parameter, parents);
  return uniform(foldIn(key, 'parent')) < swapping ? (second ?? first) : (first ?? second);
}

/**
 * Simulated binary crossover (Deb and Agrawal 1995, https://www.complex-systems.com/abstracts/v09_i02_a02/; bounded as in
 * revision 1.1.6 of the authors' NSGA-II code) of one value, on the parameter's scale.
 *
 * With probability 1/2 it is one of the two children that the parents' values have, each as likely, and otherwise a parent's
 * own. Unordered choices, and parameters that are active in one parent only, are crossed uniformly.
 *
 * @param eta distribution index: the larger, the nearer to a parent; at least 0
 */
export function crossBySimulatedBinary(
  parameter: Parameter,
  parents: Parents,
  key: Key,
  swapping: number,
  eta: number,
): Value | undefined {
  const [first, second] = allowedOf(parameter, parents);
  const isCrossed = first !== undefined && second !== undefined && isOrdered(parameter) && first !== second;
  if (!isCrossed || uniform(foldIn(key, 'crossed')) < 0.5) return crossUniformly(parameter, parents, key, swapping);
  const [a, b] = [encode(parameter, first), encode(parameter, second)];
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const isLower = uniform(foldIn(key, 'child')) < 0.5;
  const u = uniform(foldIn(key, 'spread'));
  // how far the nearer bound lies beyond the parents, in halves of their distance
  const room = 1 + (2 * (isLower ? low : 1 - high)) / (high - low);
  const spread = ((high - low) / 2) * spreadFactor(u, room, eta);
  const centre = (low + high) / 2;
  return decode(parameter, isLower ? centre - spread : centre + spread);
}

/** The distance of a child from its parents' centre, in halves of theirs; so distributed that it is at most `room`. */
function spreadFactor(u: number, room: number, eta: number): number {
  const alpha = 2 - room ** -(eta + 1);
  const base = u <= 1 / alpha ? u * alpha : 1 / (2 - u * alpha);
  return base ** (1 / (eta + 1));
}

function allowedOf(parameter: Parameter, [a, b]: Parents): readonly [Value | undefined, Value | undefined] {
  const allowed = (values: Hyperparameters) => {
    const value = valueIn(values, parameter);
    return value !== undefined && contains(parameter, value) ? value : undefined;
  };
  return [allowed(a), allowed(b)];
}
