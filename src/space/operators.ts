/** The operators of constraints: what they take, and what they do. */
import { didYouMean } from '../errors/index.js';
import type { Hyperparameters, Value } from './definition.js';
import { describeAllowed } from './describe.js';
import { errors } from './errors.js';
import type { Parameter } from './parameter.js';

export type Type = 'number' | 'string' | 'boolean';

/** What can be evaluated, and what it can be. */
export interface Typed {
  /** Each once, at least one. */
  readonly types: readonly Type[];
  readonly evaluate: (values: Hyperparameters) => Value;
}

/** What an operator is applied to, with what is known of it besides its type. */
export interface Operand extends Typed {
  /** Where it is a value as it stands. */
  readonly literal?: Value;
  /** Where it is a parameter's name alone. */
  readonly parameter?: Parameter;
}

type Compute<T> = (a: T, b: T) => Value;

const arithmetic: Readonly<Record<string, Compute<number>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
};

const comparisons: Readonly<Record<string, Compute<number>>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Values of different types differ: the string '1' is not the number 1. */
const equalities: Readonly<Record<string, Compute<Value>>> = {
  '==': (a, b) => a === b,
  '===': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '!==': (a, b) => a !== b,
};

/** `operator` applied to one operand or two; `text` is the whole constraint. */
export function compileOperator(text: string, operator: string, operands: readonly Operand[]): Typed {
  const [first, second] = operands as readonly [Operand, Operand | undefined];
  if (second === undefined) return compileUnary(text, operator, first);
  const both = [first, second] as const;
  if (Object.hasOwn(arithmetic, operator)) return compileNumeric(text, operator, both, 'number', arithmetic[operator]!);
  if (Object.hasOwn(comparisons, operator)) {
    return compileNumeric(text, operator, both, 'boolean', comparisons[operator]!);
  }
  if (Object.hasOwn(equalities, operator)) return compileEquality(text, operator, both, equalities[operator]!);
  if (operator === '&&' || operator === '||') return compileLogic(text, operator, both);
  throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: `the operator ${operator}` });
}

function compileUnary(text: string, operator: string, operand: Operand): Operand {
  const { evaluate } = operand;
  if (operator === '!') {
    requireType(text, operator, 'boolean', operand);
    return { types: ['boolean'], evaluate: (values) => !evaluate(values) };
  }
  if (operator !== '-' && operator !== '+') {
    throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: `the operator ${operator}` });
  }
  requireType(text, operator, 'number', operand);
  const sign = operator === '-' ? -1 : 1;
  return { types: ['number'], evaluate: (values) => sign * (evaluate(values) as number) };
}

function compileNumeric(
  text: string,
  operator: string,
  [a, b]: readonly [Operand, Operand],
  type: Type,
  compute: Compute<number>,
): Typed {
  for (const operand of [a, b]) requireType(text, operator, 'number', operand);
  return { types: [type], evaluate: (values) => compute(a.evaluate(values) as number, b.evaluate(values) as number) };
}

function compileEquality(
  text: string,
  operator: string,
  [a, b]: readonly [Operand, Operand],
  compute: Compute<Value>,
): Typed {
  if (!a.types.some((type) => b.types.includes(type))) {
    throw errors.SPACE_CONSTRAINT_TYPE({ text, operator, must: a.types, types: b.types });
  }
  checkItem(text, a, b);
  checkItem(text, b, a);
  return { types: ['boolean'], evaluate: (values) => compute(a.evaluate(values), b.evaluate(values)) };
}

function compileLogic(text: string, operator: '&&' | '||', [a, b]: readonly [Operand, Operand]): Typed {
  for (const operand of [a, b]) requireType(text, operator, 'boolean', operand);
  const evaluate =
    operator === '&&'
      ? (values: Hyperparameters) => a.evaluate(values) && b.evaluate(values)
      : (values: Hyperparameters) => a.evaluate(values) || b.evaluate(values);
  return { types: ['boolean'], evaluate };
}

function requireType(text: string, operator: string, must: Type, { types }: Typed): void {
  if (types.some((type) => type !== must)) throw errors.SPACE_CONSTRAINT_TYPE({ text, operator, must: [must], types });
}

/** A misspelt item would make a comparison that is always false. */
function checkItem(text: string, { parameter }: Operand, { literal }: Operand): void {
  if (parameter?.kind !== 'choice' || typeof literal !== 'string' || parameter.items.includes(literal)) return;
  const suggestion = didYouMean(literal, parameter.items.map(String));
  const allowed = describeAllowed(parameter);
  throw errors.SPACE_CONSTRAINT_IMPOSSIBLE_VALUE({ text, name: parameter.name, given: literal, allowed, suggestion });
}
