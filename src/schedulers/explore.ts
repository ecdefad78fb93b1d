/** Explore, the second half of an exploit in population-based training: what a copy makes of its parent's hyperparameters. */
import { foldIn, type Key, NamedStreams } from '../random/index.js';
import {
  clip,
  contains,
  decode,
  describeAllowed,
  firstBroken,
  type Hyperparameters,
  isActive,
  type NumberParameter,
  neighbour,
  type Parameter,
  type Space,
  type Value,
} from '../space/index.js';
import { errors } from './errors.js';
import type { Change } from './scheduler.js';

/** What a function of one's own gets to explore one parameter of a copy. */
export interface ExploreInput {
  /** The parameter, with its range or items as they apply now. */
  readonly parameter: Parameter;
  /** The parent's value. */
  readonly value: Value;
  /** What the trial had before it became a copy; `null`: the parameter was not active there. */
  readonly own: Value | null;
  /** For all randomness; the parameter's own, new at each decision. */
  readonly key: Key;
}

/** Returns what a copy goes on with. A pure function: the same input, the same value, or a study cannot be repeated. */
export type ExploreFunction = (input: ExploreInput) => Value;

/** `perturb`, with some probability drawn anew instead; `resample`, always drawn anew; or a function of one's own. */
export type Explore = 'perturb' | 'resample' | ExploreFunction;

/** Options of exploring, with every default filled in. */
export interface ExploreOptions {
  /** Default: `perturb`. */
  readonly explore?: Explore;
  readonly resample: number;
  readonly factors: readonly number[];
}

type Explored = Pick<Change, 'to' | 'how' | 'factor' | 'atBound'>;

/** What a copy goes on with, and how that differs from what it had and from what its parent has. */
export interface Copy {
  readonly hyperparameters: Hyperparameters;
  readonly changes: readonly Change[];
}

/** Attempts to explore within the constraints, before a copy keeps its parent's values as they are. */
const attemptLimit = 100;

const nothing: ReadonlySet<string> = new Set();

/**
 * The parent's hyperparameters, explored. Each mutable parameter is independently drawn anew from its prior with probability
 * `resample`, and otherwise multiplied by one of `factors` and held in its range (`explore: 'perturb'`). Structural,
 * fixed and frozen ones are the parent's.
 *
 * - A parameter that becomes active because a choice was explored is drawn from its prior; one that no longer is, is dropped.
 * - A value that the parameter does not allow (any more: its range may have changed) is drawn anew.
 * - Where the outcome breaks one of the space's constraints, all is explored again, up to 100 times; then the copy has its
 *   parent's values.
 *
 * @param key the exploit's own: each parameter has a stream named after it
 * @param own what the trial had before, for the record of changes
 * @param frozen names of parameters that keep the parent's value
 * @param chosen values that are already decided, by name; such a parameter is not explored
 *
 * Errors: SCHEDULERS_EXPLORE_INVALID if a function of one's own returns what the parameter does not allow.
 */
export function explore(
  space: Space,
  key: Key,
  options: ExploreOptions,
  own: Hyperparameters,
  parent: Hyperparameters,
  frozen: ReadonlySet<string> = nothing,
  chosen?: ReadonlyMap<string, Value>,
): Copy {
  const first = exploreOnce(space, key, options, own, parent, frozen, chosen);
  if (space.constraints.length === 0 || keeps(space, first)) return first;
  for (let attempt = 1; attempt < attemptLimit; attempt++) {
    // what was chosen is what broke the constraint, as likely as not, and would be the same again
    const again = exploreOnce(space, foldIn(key, 'attempt', attempt), options, own, parent, frozen);
    if (keeps(space, again)) return again;
  }
  const everything = new Set(space.parameters.map(({ name }) => name));
  return exploreOnce(space, key, options, own, parent, everything);
}

function keeps(space: Space, { hyperparameters }: Copy): boolean {
  return firstBroken(space, hyperparameters) === undefined;
}

function exploreOnce(
  space: Space,
  key: Key,
  options: ExploreOptions,
  own: Hyperparameters,
  parent: Hyperparameters,
  frozen: ReadonlySet<string>,
  chosen?: ReadonlyMap<string, Value>,
): Copy {
  const hyperparameters: Record<string, Value> = {};
  const changes: Change[] = [];
  for (const parameter of space.parameters) {
    const { name } = parameter;
    if (parameter.conditions.length > 0 && !isActive(parameter, hyperparameters)) continue;
    const from = valueIn(parameter, own);
    const inherited = valueIn(parameter, parent);
    const keeping = inherited !== null && (parameter.structural || (frozen.size > 0 && frozen.has(name)));
    const choice = chosen?.get(name);
    let change: Change;
    if (keeping) change = { name, from, inherited, to: inherited, how: 'inherited' };
    else if (choice !== undefined) change = { name, from, inherited, to: choice, how: 'chosen' };
    else change = exploreOne(parameter, key, options, inherited, from);
    hyperparameters[name] = change.to;
    if (change.how !== 'inherited' || change.to !== from) changes.push(change);
  }
  return { hyperparameters, changes };
}

function valueIn({ name, conditions }: Parameter, values: Hyperparameters): Value | null {
  // a parameter may be called "constructor", which every object seems to have
  return conditions.length === 0 || Object.hasOwn(values, name) ? values[name]! : null;
}

/** Those of each parameter, by its name. */
const streams = new NamedStreams();

/** @param key the copy's */
function exploreOne(
  parameter: Parameter,
  key: Key,
  { explore: how = 'perturb', resample, factors }: ExploreOptions,
  inherited: Value | null,
  from: Value | null,
): Change {
  const { name } = parameter;
  if (typeof how === 'function' && inherited !== null) {
    const to = exploreBy(how, { parameter, value: inherited, own: from, key: foldIn(key, name) });
    return { name, from, inherited, to, how: 'chosen' };
  }
  const stream = streams.enter(key, name);
  // always the first, second and third draw of the stream: none depends on what becomes of the others
  const perturbs = stream.at(0) >= resample && how === 'perturb';
  if (perturbs && inherited !== null && contains(parameter, inherited)) {
    const factor = factors[Math.floor(stream.at(1) * factors.length)]!;
    const perturbed = perturb(parameter, inherited, factor);
    if (perturbed !== undefined) return changeOf(name, from, inherited, perturbed);
  }
  return { name, from, inherited, to: decode(parameter, stream.at(2)), how: 'resampled' };
}

/** Written out, since a spread of objects of several shapes takes longer than all the rest of exploring. */
function changeOf(name: string, from: Value | null, inherited: Value, { to, how, factor, atBound }: Explored): Change {
  if (factor === undefined) return { name, from, inherited, to, how };
  return atBound ? { name, from, inherited, to, how, factor, atBound } : { name, from, inherited, to, how, factor };
}

function exploreBy(by: ExploreFunction, input: ExploreInput): Value {
  const { parameter, value } = input;
  const to: unknown = by(input);
  // a value that is kept may be one from before the parameter's range was changed
  if (to !== value && !contains(parameter, to)) {
    const { name } = parameter;
    throw errors.SCHEDULERS_EXPLORE_INVALID({ name, given: to, allowed: describeAllowed(parameter) });
  }
  return to as Value;
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
