import type { Parameter } from './parameter.js';

const longest = 80;

/** `value` as a person would write it in a message, at most 80 characters of it. Never throws. */
export function describeValue(value: unknown): string {
  const text = textOf(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function textOf(value: unknown): string {
  try {
    if (typeof value !== 'object' && typeof value !== 'string') return String(value);
    // JSON turns NaN and undefined into null, which would hide what was given
    return (
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? plainNumber(part) : part)) ??
      String(value)
    );
  } catch {
    // it contains itself, or its own code throws
    return Array.isArray(value) ? 'a list' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
  }
}

function plainNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** What a parameter allows, to follow "must be": `an integer from 1 to 512`. */
export function describeAllowed(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'float':
    case 'int': {
      const { kind, low, high, grid } = parameter;
      const steps = grid && !(kind === 'int' && grid.step === 1) ? ` in steps of ${grid.step}` : '';
      return `${kind === 'int' ? 'an integer' : 'a number'} from ${low} to ${high}${steps}`;
    }
    case 'choice':
      return `one of ${parameter.items.map(describeValue).join(', ')}`;
    case 'fixed':
      return describeValue(parameter.value);
    default:
      return parameter satisfies never;
  }
}

/** When a parameter is active, to follow "when" or "unless": `optimizer is "sgd" and depth is 2 or 3`. Empty if always. */
export function describeConditions({ conditions }: Parameter): string {
  return conditions.map(({ parent, values }) => `${parent} is ${values.map(describeValue).join(' or ')}`).join(' and ');
}
