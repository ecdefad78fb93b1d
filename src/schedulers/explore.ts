/** Explore, the second half of an exploit in population-based training: what a copy makes of its parent's hyperparameters. */
import { foldIn, type Key, sequence } from '../random/index.js';
import {
  clip,
  decode,
  type Hyperparameters,
  type NumberParameter,
  neighbour,
  type Parameter,
  type Space,
  type Value,
} from '../space/index.js';
import type { PbtOptions } from './pbt-options.js';
import type { Change } from './scheduler.js';

type Explored = Pick<Change, 'to' | 'how' | 'factor' | 'atBound'>;

/**
 * The parent's hyperparameters, explored. Each mutable parameter is independently drawn anew from its prior with probability
 * `resample`, and otherwise multiplied by one of `factors` and held in its range. Structural and fixed ones are
 * the parent's.
 *
 * @param key the exploit's own: each parameter has a stream named after it
 * @param own what the trial had before, for the record of changes
 */
export function explore(
  space: Space,
  key: Key,
  options: Pick<PbtOptions, 'resample' | 'factors'>,
  own: Hyperparameters,
  parent: Hyperparameters,
): { hyperparameters: Hyperparameters; changes: Change[] } {
  const hyperparameters: Record<string, Value> = {};
  const changes: Change[] = [];
  for (const parameter of space.parameters) {
    const { name } = parameter;
    const [from, inherited] = [own[name]!, parent[name]!];
    const explored = exploreOne(parameter, key, options, inherited);
    hyperparameters[name] = explored.to;
    if (explored.how !== 'inherited' || explored.to !== from) changes.push({ name, from, inherited, ...explored });
  }
  return { hyperparameters, changes };
}

function exploreOne(
  parameter: Parameter,
  key: Key,
  { resample, factors }: Pick<PbtOptions, 'resample' | 'factors'>,
  inherited: Value,
): Explored {
  if (parameter.structural) return { to: inherited, how: 'inherited' };
  // all drawn in this order, used or not: a value drawn anew does not depend on what else could have happened
  const next = sequence(foldIn(key, parameter.name));
  const perturbs = next() >= resample;
  const factor = factors[Math.floor(next() * factors.length)]!;
  const drawn = decode(parameter, next());
  const perturbed = perturbs ? perturb(parameter, inherited, factor) : undefined;
  return perturbed ?? { to: drawn, how: 'resampled' };
}

/**
 * `value` moved by `factor`. A move that would end where it began is made to the neighbour on the grid instead, so that
 * an integer 1 does not stay 1 for ever; a choice always moves to an adjacent item. A factor of 1 moves nothing.
 *
 * @returns `undefined` where no factor can move it: a float of 0 (or so close to it that its product is itself)
 */
export function perturb(parameter: Parameter, value: Value, factor: number): Explored | undefined {
  if (factor === 1) return { to: value, how: 'perturbed', factor };
  return parameter.kind === 'float' || parameter.kind === 'int'
    ? scale(parameter, value as number, factor)
    : shift(parameter, value, factor > 1 ? 1 : -1, factor);
}

function scale(parameter: NumberParameter, value: number, factor: number): Explored | undefined {
  const product = value * factor;
  const to = clip(parameter, product);
  if (product < parameter.low || product > parameter.high) return { to, how: 'perturbed', factor, atBound: true };
  if (to !== value) return { to, how: 'perturbed', factor };
  if (parameter.grid === null) return undefined;
  // a negative value times a factor above 1 goes down; 0 goes where a positive one would
  const up = product === value ? factor > 1 : product > value;
  return shift(parameter, value, up ? 1 : -1, factor);
}

function shift(parameter: Parameter, value: Value, direction: -1 | 1, factor: number): Explored {
  const to = neighbour(parameter, value, direction);
  return to === undefined ? { to: value, how: 'perturbed', factor, atBound: true } : { to, how: 'perturbed', factor };
}
