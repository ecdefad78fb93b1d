/**
 * The language of constraints: parameters by name, numbers, strings in quotes, `true` and `false`; `+ - * / % **`,
 * `< <= > >= == !=`, `&& || !`, parentheses; and the functions in `functions`. Read by jsep (https://ericsmekens.github.io/jsep/),
 * which knows all operators of JavaScript, then checked and turned into closures: nothing of it is ever run as JavaScript.
 *
 * Types are checked when an expression is read, so evaluating one never fails. Arithmetic is that of floats, whose NaN and
 * infinities go through: a comparison with NaN is false.
 */
import jsep from 'jsep';
import type { Hyperparameters, Value } from './definition.js';
import { errors } from './errors.js';
import { compileOperator, type Operand, type Type, type Typed } from './operators.js';
import type { Parameter } from './parameter.js';

/** In characters; jsep's recursion takes a few frames of the stack for each. */
const longest = 1000;
/** Operators within operators. */
const deepest = 100;

/** An expression that has been checked. */
interface Expression {
  /** Parameters that it names, each once. */
  readonly names: readonly string[];
  /** What it can be: more than one where it is a choice of mixed items. */
  readonly types: readonly Type[];
  /** Its value, where every name in `names` has an allowed one. */
  readonly evaluate: (values: Hyperparameters) => Value;
}

/** Numbers to a number. */
const functions: Readonly<Record<string, { least: number; most: number; compute: (...given: number[]) => number }>> = {
  min: { least: 1, most: Number.POSITIVE_INFINITY, compute: Math.min },
  max: { least: 1, most: Number.POSITIVE_INFINITY, compute: Math.max },
  abs: { least: 1, most: 1, compute: Math.abs },
  log: { least: 1, most: 1, compute: Math.log },
  exp: { least: 1, most: 1, compute: Math.exp },
  sqrt: { least: 1, most: 1, compute: Math.sqrt },
  floor: { least: 1, most: 1, compute: Math.floor },
};

interface Context {
  readonly text: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly names: Set<string>;
}

/**
 * Reads `text`.
 *
 * Errors: SPACE_CONSTRAINT_TOO_LONG, SPACE_CONSTRAINT_TOO_DEEP, SPACE_CONSTRAINT_SYNTAX, SPACE_CONSTRAINT_UNSUPPORTED,
 * SPACE_CONSTRAINT_UNKNOWN_NAME, SPACE_CONSTRAINT_UNKNOWN_FUNCTION, SPACE_CONSTRAINT_ARGUMENTS, SPACE_CONSTRAINT_TYPE,
 * SPACE_CONSTRAINT_IMPOSSIBLE_VALUE.
 */
export function parseExpression(text: string, parameters: readonly Parameter[]): Expression {
  if (text.length > longest) throw errors.SPACE_CONSTRAINT_TOO_LONG({ text, longest });
  const names = new Set<string>();
  const context = { text, parameters: new Map(parameters.map((one) => [one.name, one])), names };
  const { types, evaluate } = compile(parseText(text), context, 0);
  return { names: [...names], types, evaluate };
}

function parseText(text: string): jsep.CoreExpression {
  try {
    return jsep(text) as jsep.CoreExpression;
  } catch (error) {
    // jsep counts characters from 0
    const { description, index } = error as { description?: string; index?: number };
    throw errors.SPACE_CONSTRAINT_SYNTAX({ text, reason: description ?? String(error), at: (index ?? 0) + 1 }, error);
  }
}

function compile(node: jsep.Expression | undefined, context: Context, depth: number): Operand {
  const { text } = context;
  if (depth > deepest) throw errors.SPACE_CONSTRAINT_TOO_DEEP({ text, deepest });
  const inner = (child: jsep.Expression) => compile(child, context, depth + 1);
  const known = node as jsep.CoreExpression;
  switch (known.type) {
    case 'Literal':
      return compileLiteral(known, text);
    case 'Identifier':
      return compileName(known.name, context);
    case 'UnaryExpression':
      return compileOperator(text, known.operator, [inner(known.argument)]);
    case 'BinaryExpression':
      if (known.operator === '**' && known.left.type === 'UnaryExpression') {
        throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: 'a sign or "!" just before a power' });
      }
      return compileOperator(text, known.operator, [inner(known.left), inner(known.right)]);
    case 'CallExpression':
      return compileCall(known, context, inner);
    default:
      throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: describeNode(known) });
  }
}

function compileLiteral({ value, raw }: jsep.Literal, text: string): Operand {
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') {
    throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: raw });
  }
  return { types: [typeof value as Type], literal: value, evaluate: () => value };
}

function compileName(name: string, { text, parameters, names }: Context): Operand {
  const parameter = parameters.get(name);
  if (parameter === undefined) {
    throw errors.SPACE_CONSTRAINT_UNKNOWN_NAME({ text, name, known: [...parameters.keys()] });
  }
  names.add(name);
  return { types: typesOf(parameter), parameter, evaluate: (values) => values[name]! };
}

function typesOf(parameter: Parameter): readonly Type[] {
  if (parameter.kind === 'float' || parameter.kind === 'int') return ['number'];
  const values = parameter.kind === 'fixed' ? [parameter.value] : parameter.items;
  return [...new Set(values.map((value) => typeof value as Type))];
}

function compileCall(call: jsep.CallExpression, { text }: Context, inner: (child: jsep.Expression) => Typed): Typed {
  const { callee, arguments: given } = call;
  if (callee.type !== 'Identifier') throw errors.SPACE_CONSTRAINT_UNSUPPORTED({ text, what: describeNode(callee) });
  const name = (callee as jsep.Identifier).name;
  const called = Object.hasOwn(functions, name) ? functions[name]! : undefined;
  if (called === undefined) {
    throw errors.SPACE_CONSTRAINT_UNKNOWN_FUNCTION({ text, name, known: Object.keys(functions) });
  }
  const { least, most, compute } = called;
  if (given.length < least || given.length > most) {
    throw errors.SPACE_CONSTRAINT_ARGUMENTS({
      text,
      name,
      must: most === 1 ? 'one' : 'at least one',
      given: given.length,
    });
  }
  const operands = given.map(inner);
  for (const { types } of operands) {
    if (types.join() !== 'number')
      throw errors.SPACE_CONSTRAINT_TYPE({ text, operator: name, must: ['number'], types });
  }
  return { types: ['number'], evaluate: (values) => compute(...operands.map((one) => one.evaluate(values) as number)) };
}

function describeNode({ type }: jsep.Expression): string {
  switch (type) {
    case 'MemberExpression':
      return 'access to a member with "." or "[ ]"';
    case 'ConditionalExpression':
      return 'a choice with "? :"';
    case 'Compound':
    case 'SequenceExpression':
      return 'more than one expression';
    case 'ArrayExpression':
      return 'a list';
    case 'ThisExpression':
      return '"this"';
    default:
      return 'a call of what is not a name';
  }
}
