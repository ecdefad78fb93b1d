import type { Scale } from './definition.js';
import { errors } from './errors.js';
import { makeGrid } from './grid.js';
import type { Condition, Grid, NumberParameter } from './parameter.js';

type Kind = 'float' | 'int';

/** What every kind of parameter has, but for its default, which can be checked only once the rest is known. */
export interface ParsedCommon {
  readonly name: string;
  readonly structural: boolean;
  readonly conditions: readonly Condition[];
}

/** The float or int parameter that `given`, whose keys have been checked, describes. */
export function parseNumber(kind: Kind, given: Record<string, unknown>, parsed: ParsedCommon): NumberParameter {
  const { name } = parsed;
  const [low, high] = parseBounds(name, kind, given[kind]);
  const scale = parseScale(name, given.scale, low);
  const step = parseStep(name, kind, given.step);
  const common = { ...parsed, default: null, low, high, scale };
  if (kind === 'int') return { kind, ...common, grid: parseGrid(name, kind, low, high, step ?? 1) };
  return { kind, ...common, grid: step === undefined ? null : parseGrid(name, kind, low, high, step) };
}

function parseBounds(name: string, kind: Kind, given: unknown): [low: number, high: number] {
  const isBound = kind === 'int' ? Number.isSafeInteger : Number.isFinite;
  if (!Array.isArray(given) || given.length !== 2 || !given.every((bound) => isBound(bound))) {
    throw errors.SPACE_BAD_BOUNDS({ name, given, kind });
  }
  // adding 0 turns -0 into 0, which JSON does too
  const [low, high] = [given[0] + 0, given[1] + 0] as [number, number];
  if (low > high) throw errors.SPACE_EMPTY_RANGE({ name, low, high });
  // the number of integers, high - low + 1, has to be an exact one too
  if (!isBound(kind === 'int' ? high - low + 1 : high - low)) throw errors.SPACE_RANGE_TOO_WIDE({ name, low, high });
  return [low, high];
}

function parseScale(name: string, given: unknown, low: number): Scale {
  if (given === undefined || given === 'linear') return 'linear';
  if (given !== 'log') throw errors.SPACE_BAD_SCALE({ name, given });
  if (low <= 0) throw errors.SPACE_LOG_OF_ZERO({ name, low });
  return given;
}

function parseStep(name: string, kind: Kind, given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const allowed = kind === 'int' ? Number.isSafeInteger(given) : Number.isFinite(given);
  if (!allowed || (given as number) <= 0) throw errors.SPACE_BAD_STEP({ name, given, kind });
  return given as number;
}

function parseGrid(name: string, kind: Kind, low: number, high: number, step: number): Grid {
  // the spacing of floats is at most 2^-52 of their size, and two of them must fit in a step
  const finest = Math.max(Math.abs(low), Math.abs(high)) * 2 ** -51;
  if (kind === 'float' && step < finest) throw errors.SPACE_STEP_TOO_SMALL({ name, low, high, step });
  const grid = makeGrid(low, high, step);
  if (grid.count === 1 && low < high) throw errors.SPACE_STEP_TOO_LARGE({ name, low, high, step });
  return grid;
}
