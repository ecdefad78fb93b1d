/** Mutation of one parameter's value. */
import { foldIn, type Key, normal, pick, uniform } from '../random/index.js';
import { decode, encode, neighbour, type Parameter, sample, type Value } from '../space/index.js';

/** Whether near values are alike: numbers and ordered choices. */
export function isOrdered(parameter: Parameter): boolean {
  return parameter.kind === 'float' || parameter.kind === 'int' || (parameter.kind === 'choice' && parameter.ordered);
}

/**
 * Another value: of an unordered choice any other item, each as likely; of the others one nearby, at a normally
 * distributed distance on the parameter's scale, reflected at the bounds. Where that would be the same value, the one above
 * or below it.
 *
 * @param value one that the parameter contains
 * @param spread standard deviation of the distance, as a share of the range: above 0
 * @returns `value` itself where there is no other
 */
export function mutateNearby(parameter: Parameter, value: Value, key: Key, spread: number): Value {
  if (!isOrdered(parameter)) return another(parameter, value, key);
  const distance = spread * normal(foldIn(key, 'distance'));
  const moved = decode(parameter, reflect(encode(parameter, value) + distance));
  if (moved !== value) return moved;
  const direction = distance < 0 ? -1 : 1;
  return neighbour(parameter, value, direction) ?? neighbour(parameter, value, direction === 1 ? -1 : 1) ?? value;
}

/**
 * Polynomial mutation (Deb and Agrawal 1999; here as in revision 1.1.6 of the authors' `nsga2-gnuplot`, which keeps to the bounds) on
 * the parameter's scale; of an unordered choice any other item.
 *
 * @param eta distribution index: the larger, the nearer; at least 0
 */
export function mutatePolynomially(parameter: Parameter, value: Value, key: Key, eta: number): Value {
  if (!isOrdered(parameter)) return another(parameter, value, key);
  const [x, u] = [encode(parameter, value), uniform(foldIn(key, 'distance'))];
  const power = 1 / (eta + 1);
  const delta =
    u <= 0.5
      ? (2 * u + (1 - 2 * u) * (1 - x) ** (eta + 1)) ** power - 1
      : 1 - (2 * (1 - u) + (2 * u - 1) * x ** (eta + 1)) ** power;
  return decode(parameter, x + delta);
}

function another(parameter: Parameter, value: Value, key: Key): Value {
  if (parameter.kind !== 'choice') return sample(parameter, key);
  const others = parameter.items.filter((item) => item !== value);
  return others.length === 0 ? value : pick(foldIn(key, 'item'), others);
}

/** `unit`, folded back into [0, 1] at both ends. */
function reflect(unit: number): number {
  const within = Math.abs(unit) % 2;
  return within > 1 ? 2 - within : within;
}
