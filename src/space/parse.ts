import type { SpaceDefinition, Value } from './definition.js';
import { errors } from './errors.js';
import type { Parameter, Space } from './parameter.js';
import { parseNumber } from './parse-number.js';

/** What a kind of parameter can be written with, besides its own key. */
const optionsOf = {
  float: ['scale', 'step', 'structural'],
  int: ['scale', 'step', 'structural'],
  choice: ['structural'],
  boolean: ['structural'],
} as const;

type Kind = keyof typeof optionsOf;
const kinds = Object.keys(optionsOf) as Kind[];

/**
 * Checks a space as it was written and fills in every default.
 *
 * A range whose bounds are equal is allowed, so that a range can be narrowed to a point: its only value is that bound, and
 * its step is ignored. A space without parameters is allowed: every trial is the same but for its random streams.
 *
 * Errors: SPACE_…, of kind `input`; each names the parameter, what was given and what is allowed. The first one found is
 * thrown.
 */
export function parseSpace(definition: unknown): Space {
  if (!isRecord(definition)) throw errors.SPACE_NOT_AN_OBJECT({ given: definition });
  const parameters = Object.entries(definition).map(([name, given]) => parseParameter(name, given));
  return { parameters, definition: definition as SpaceDefinition };
}

function parseParameter(name: string, given: unknown): Parameter {
  // an own property of this name is lost when hyperparameters are copied by assignment
  if (name.trim() === '' || name === '__proto__') throw errors.SPACE_BAD_NAME({ name });
  if (isScalar(given)) return { kind: 'fixed', name, structural: true, value: parseFixed(name, given) };
  if (!isRecord(given)) throw errors.SPACE_NOT_A_PARAMETER({ name, given });
  const kind = parseKind(name, given);
  switch (kind) {
    case 'float':
    case 'int':
      return parseNumber(name, kind, given, parseStructural(name, given, kind === 'int'));
    case 'choice':
      return { kind, name, structural: parseStructural(name, given, true), items: parseItems(name, given.choice) };
    case 'boolean':
      if (given.boolean !== true) throw errors.SPACE_BAD_BOOLEAN({ name, given: given.boolean });
      return { kind: 'choice', name, structural: parseStructural(name, given, true), items: [false, true] };
    default:
      return kind satisfies never;
  }
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

function parseFixed(name: string, value: Value): Value {
  if (typeof value === 'number' && !Number.isFinite(value)) throw errors.SPACE_BAD_NUMBER({ name, given: value });
  return withoutNegativeZero(value);
}

function parseStructural(name: string, { structural }: Record<string, unknown>, byDefault: boolean): boolean {
  if (structural === undefined) return byDefault;
  if (typeof structural !== 'boolean') throw errors.SPACE_BAD_STRUCTURAL({ name, given: structural });
  return structural;
}

function parseItems(name: string, given: unknown): readonly Value[] {
  if (!Array.isArray(given) || given.length === 0) throw errors.SPACE_BAD_CHOICE({ name, given });
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

function isScalar(value: unknown): value is Value {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

/** Whether `value` is an object with entries, neither `null` nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
