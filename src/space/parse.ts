import { parseConditions } from './conditions.js';
import { describeNamed, firstBroken, parseConstraints } from './constraints.js';
import { defaultsOf } from './defaults.js';
import type { SpaceDefinition, Value } from './definition.js';
import { describeAllowed } from './describe.js';
import { errors } from './errors.js';
import type { Parameter, Space } from './parameter.js';
import { type ParsedCommon, parseNumber } from './parse-number.js';
import { isRecord, isScalar } from './scalar.js';
import { contains } from './values.js';

/** What a kind of parameter can be written with, besides its own key. */
const optionsOf = {
  float: ['scale', 'step', 'structural', 'default', 'when'],
  int: ['scale', 'step', 'structural', 'default', 'when'],
  choice: ['structural', 'default', 'when'],
  ordinal: ['structural', 'default', 'when'],
  boolean: ['structural', 'default', 'when'],
  fixed: ['when'],
} as const;

type Kind = keyof typeof optionsOf;
const kinds = Object.keys(optionsOf) as Kind[];

export interface ParseSpaceOptions {
  /** Relations that every trial must satisfy, such as `hidden2 <= hidden1`; see `parseConstraint`. Default: none. */
  readonly constraints?: readonly string[] | undefined;
}

/**
 * Checks a space as it was written and fills in every default.
 *
 * A range whose bounds are equal is allowed, so that a range can be narrowed to a point: its only value is that bound, and
 * its step is ignored. A space without parameters is allowed: every trial is the same but for its random streams.
 *
 * Errors: SPACE_…, of kind `input`; each names the parameter or the constraint, what was given and what is allowed. The
 * first one found is thrown.
 */
export function parseSpace(definition: unknown, { constraints }: ParseSpaceOptions = {}): Space {
  if (!isRecord(definition)) throw errors.SPACE_NOT_AN_OBJECT({ given: definition });
  const names = Object.keys(definition);
  const parameters: Parameter[] = [];
  for (const name of names) parameters.push(parseParameter(name, definition[name], parameters, names));
  const space = {
    parameters,
    constraints: parseConstraints(constraints, parameters),
    definition: definition as SpaceDefinition,
  };
  checkDefaults(space);
  return space;
}

function parseParameter(
  name: string,
  given: unknown,
  earlier: readonly Parameter[],
  names: readonly string[],
): Parameter {
  // an own property of this name is lost when hyperparameters are copied by assignment
  if (name.trim() === '' || name === '__proto__') throw errors.SPACE_BAD_NAME({ name });
  if (isScalar(given)) return makeFixed({ name, structural: true, conditions: [] }, given);
  if (!isRecord(given)) throw errors.SPACE_NOT_A_PARAMETER({ name, given });
  const kind = parseKind(name, given);
  const structural = parseStructural(name, given, kind !== 'float');
  const conditions = parseConditions(name, given.when, earlier, names);
  const parsed = makeParameter(kind, given, { name, structural, conditions });
  return { ...parsed, default: parseDefault(parsed, given.default) };
}

function makeParameter(kind: Kind, given: Record<string, unknown>, common: ParsedCommon): Parameter {
  const { name } = common;
  switch (kind) {
    case 'float':
    case 'int':
      return parseNumber(kind, given, common);
    case 'choice':
    case 'ordinal': {
      const items = parseItems(name, kind, given[kind]);
      return { kind: 'choice', ...common, default: null, items, ordered: kind === 'ordinal' };
    }
    case 'boolean':
      if (given.boolean !== true) throw errors.SPACE_BAD_BOOLEAN({ name, given: given.boolean });
      return { kind: 'choice', ...common, default: null, items: [false, true], ordered: false };
    case 'fixed':
      return makeFixed(common, given.fixed);
    default:
      return kind satisfies never;
  }
}

function makeFixed({ name, conditions }: ParsedCommon, given: unknown): Parameter {
  return { kind: 'fixed', name, structural: true, conditions, default: null, value: parseFixed(name, given) };
}

function parseKind(name: string, given: Record<string, unknown>): Kind {
  const keys = Object.keys(given);
  const [kind, ...others] = kinds.filter((one) => keys.includes(one));
  if (kind === undefined || others.length > 0) throw errors.SPACE_KIND_UNCLEAR({ name, keys, kinds });
  const known: readonly string[] = [kind, ...optionsOf[kind]];
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw errors.SPACE_UNKNOWN_KEY({ name, key: unknown, kind, known });
  return kind;
}

function parseFixed(name: string, value: unknown): Value {
  if (!isScalar(value)) throw errors.SPACE_BAD_FIXED({ name, given: value });
  if (typeof value === 'number' && !Number.isFinite(value)) throw errors.SPACE_BAD_NUMBER({ name, given: value });
  return withoutNegativeZero(value);
}

function parseDefault(parameter: Parameter, given: unknown): Value | null {
  if (given === undefined) return null;
  if (contains(parameter, given)) return withoutNegativeZero(given);
  throw errors.SPACE_BAD_DEFAULT({ name: parameter.name, given, allowed: describeAllowed(parameter) });
}

/** Defaults that break a constraint between them would be found out only when a study starts from them. */
function checkDefaults(space: Space): void {
  const values = defaultsOf(space);
  const broken = firstBroken(space, values);
  if (broken === undefined) return;
  throw errors.SPACE_DEFAULTS_BREAK_CONSTRAINT({ text: broken.text, values: describeNamed(broken, values) });
}

function parseStructural(name: string, { structural }: Record<string, unknown>, byDefault: boolean): boolean {
  if (structural === undefined) return byDefault;
  if (typeof structural !== 'boolean') throw errors.SPACE_BAD_STRUCTURAL({ name, given: structural });
  return structural;
}

function parseItems(name: string, kind: 'choice' | 'ordinal', given: unknown): readonly Value[] {
  if (!Array.isArray(given) || given.length === 0) throw errors.SPACE_BAD_CHOICE({ name, given, kind });
  const items = new Set<Value>();
  for (const item of given as unknown[]) {
    const finite = typeof item !== 'number' || Number.isFinite(item);
    if (!isScalar(item) || !finite) throw errors.SPACE_BAD_ITEM({ name, given: item });
    if (items.has(item)) throw errors.SPACE_DUPLICATE_ITEM({ name, given: item });
    items.add(withoutNegativeZero(item));
  }
  return [...items];
}

/** JSON has no -0: a value would change when it is written down and read again. */
function withoutNegativeZero<T extends Value>(value: T): T {
  return value === 0 ? (0 as T) : value;
}
