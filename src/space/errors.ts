import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from './describe.js';

interface Given {
  name: string;
  given: unknown;
}

interface Child {
  name: string;
  parent: string;
}

interface Allowed {
  allowed: string;
  suggestion: string;
}

interface Text {
  text: string;
}

const examples = '{ float: [1e-4, 1], scale: log }, { int: [1, 512] }, { choice: [64, 128] }, { boolean: true }';

export const errors = defineErrors({
  SPACE_NOT_AN_OBJECT: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `A space must be an object of parameters by name, not ${describeValue(given)}.`,
    todo: `Write one entry for each parameter, such as "learningRate: { float: [1e-4, 1], scale: log }".`,
  },
  SPACE_BAD_NAME: {
    kind: 'input',
    message: ({ name }: { name: string }) =>
      `A parameter's name must have at least one visible character and not be "__proto__", and one is ${describeValue(name)}.`,
    todo: 'Give the parameter a name, such as learningRate.',
  },
  SPACE_NOT_A_PARAMETER: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must be a range, a choice or a fixed number, string or boolean, not ${describeValue(given)}.`,
    todo: ({ name }: Given) => `Write ${name} as one of ${examples}, or as a bare value to fix it.`,
  },
  SPACE_KIND_UNCLEAR: {
    kind: 'input',
    message: ({ name, keys, kinds }: { name: string; keys: readonly string[]; kinds: readonly string[] }) =>
      `Parameter "${name}" must have exactly one of the keys ${kinds.join(', ')}, and it has ${keys.join(', ') || 'no keys'}.${suggest(keys, kinds)}`,
    todo: ({ name }: { name: string }) => `Write ${name} as one of ${examples}.`,
  },
  SPACE_UNKNOWN_KEY: {
    kind: 'input',
    message: ({ name, key, kind, known }: { name: string; key: string; kind: string; known: readonly string[] }) =>
      `Parameter "${name}" of kind ${kind} can have the keys ${known.join(', ')}, not "${key}".${didYouMean(key, known)}`,
    todo: ({ key }: { key: string }) => `Correct the key "${key}", or remove it.`,
  },
  SPACE_BAD_BOUNDS: {
    kind: 'input',
    message: ({ name, given, kind }: Given & { kind: 'float' | 'int' }) =>
      `Parameter "${name}" must have two ${kind === 'int' ? 'integers (at most 2^53 - 1)' : 'finite numbers'} [low, high] as ${kind}, not ${describeValue(given)}.`,
    todo: ({ kind }: { kind: 'float' | 'int' }) =>
      kind === 'int'
        ? 'Write the bounds as [low, high] with integers, such as [1, 512].'
        : 'Write the bounds as [low, high] with plain numbers, such as [0.001, 1]; in YAML without quotes.',
  },
  SPACE_EMPTY_RANGE: {
    kind: 'input',
    message: ({ name, low, high }: { name: string; low: number; high: number }) =>
      `Parameter "${name}" must have low <= high, and ${low} is above ${high}.`,
    todo: 'Swap the bounds.',
  },
  SPACE_RANGE_TOO_WIDE: {
    kind: 'input',
    message: ({ name, low, high }: { name: string; low: number; high: number }) =>
      `Parameter "${name}" must have a finite width (an int one at most 2^53 - 2), and ${low} to ${high} is wider.`,
    todo: 'Choose nearer bounds, or a log scale over positive ones.',
  },
  SPACE_BAD_SCALE: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have linear or log as scale, not ${describeValue(given)}.${typeof given === 'string' ? didYouMean(given, ['linear', 'log']) : ''}`,
    todo: 'Write scale: linear, or scale: log for values of several orders of magnitude.',
  },
  SPACE_LOG_OF_ZERO: {
    kind: 'input',
    message: ({ name, low }: { name: string; low: number }) =>
      `Parameter "${name}" must have low > 0 on a log scale, and low is ${low}.`,
    todo: 'Raise low above 0 (write the values themselves, not their logarithms), or use scale: linear.',
  },
  SPACE_BAD_STEP: {
    kind: 'input',
    message: ({ name, given, kind }: Given & { kind: 'float' | 'int' }) =>
      `Parameter "${name}" must have ${kind === 'int' ? 'an integer of at least 1' : 'a finite number above 0'} as step, not ${describeValue(given)}.`,
    todo: 'Correct the step, or remove it.',
  },
  SPACE_STEP_TOO_LARGE: {
    kind: 'input',
    message: ({ name, low, high, step }: { name: string; low: number; high: number; step: number }) =>
      `Parameter "${name}" must have a step that fits between ${low} and ${high}, and ${step} does not: ${low} would be its only value.`,
    todo: 'Choose a smaller step, or write the bare value to fix the parameter.',
  },
  SPACE_STEP_TOO_SMALL: {
    kind: 'input',
    message: ({ name, low, high, step }: { name: string; low: number; high: number; step: number }) =>
      `Parameter "${name}" must have a step that floats between ${low} and ${high} can resolve, and ${step} is too small.`,
    todo: 'Choose a larger step, or remove it to allow every number in range.',
  },
  SPACE_BAD_CHOICE: {
    kind: 'input',
    message: ({ name, given, kind }: Given & { kind: string }) =>
      `Parameter "${name}" must have a list of at least one item as ${kind}, not ${describeValue(given)}.`,
    todo: 'Write the items as a list, such as [64, 128, 256].',
  },
  SPACE_BAD_ITEM: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have finite numbers, strings and booleans as items, not ${describeValue(given)}.`,
    todo: 'Name what cannot be written as such a value, and let the model look it up by its name.',
  },
  SPACE_DUPLICATE_ITEM: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have every item once, and ${describeValue(given)} is there again.`,
    todo: 'Remove one of the two.',
  },
  SPACE_BAD_BOOLEAN: {
    kind: 'input',
    message: ({ name, given }: Given) => `Parameter "${name}" must have true as boolean, not ${describeValue(given)}.`,
    todo: 'Write { boolean: true } to choose between false and true, or the bare value to fix it.',
  },
  SPACE_BAD_STRUCTURAL: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have true or false as structural, not ${describeValue(given)}.`,
    todo: 'Write structural: false if the value may change while a trial runs, true if it shapes the model.',
  },
  SPACE_BAD_NUMBER: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must be fixed at a finite number, not ${describeValue(given)}.`,
    todo: 'Write a finite number.',
  },
  SPACE_BAD_FIXED: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must be fixed at a number, string or boolean, not ${describeValue(given)}.`,
    todo: 'Write one value, such as { fixed: 0.9, when: { optimizer: sgd } }.',
  },
  SPACE_BAD_DEFAULT: {
    kind: 'input',
    message: ({ name, given, allowed }: Given & { allowed: string }) =>
      `Parameter "${name}" must have a default that is ${allowed}, not ${describeValue(given)}.`,
    todo: 'Correct the default, or remove it.',
  },
  SPACE_BAD_WHEN: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have an object of at least one other parameter with its values as when, not ${describeValue(given)}.`,
    todo: 'Write the parameter that it depends on with its value, such as when: { optimizer: sgd }, or remove when.',
  },
  SPACE_UNKNOWN_PARENT: {
    kind: 'input',
    message: ({ name, parent, known }: { name: string; parent: string; known: readonly string[] }) =>
      `Parameter "${name}" must depend on a parameter that is written before it, and "${parent}" is none of ${known.join(', ') || 'the 0 that can be named'}.${didYouMean(parent, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name in when of ${name}.`,
  },
  SPACE_LATER_PARENT: {
    kind: 'input',
    message: ({ name, parent }: Child) =>
      `Parameter "${name}" must be written after every parameter that it depends on, and "${parent}" comes later.`,
    todo: ({ name, parent }: Child) => `Move ${parent} above ${name}.`,
  },
  SPACE_OWN_PARENT: {
    kind: 'input',
    message: ({ name }: { name: string }) => `Parameter "${name}" must not depend on itself.`,
    todo: ({ name }: { name: string }) => `Remove ${name} from its own when.`,
  },
  SPACE_FLOAT_PARENT: {
    kind: 'input',
    message: ({ name, parent }: Child) =>
      `Parameter "${name}" must depend on a choice, an ordinal, a boolean, an int or a fixed value, and "${parent}" is a float.`,
    todo: ({ name, parent }: Child) => `Write ${parent} as a choice, or let ${name} be active always.`,
  },
  SPACE_EMPTY_WHEN: {
    kind: 'input',
    message: ({ name, parent }: Child) =>
      `Parameter "${name}" must depend on at least one value of "${parent}", and the list is empty.`,
    todo: ({ parent }: Child) => `Write a value of ${parent}, or a list of values.`,
  },
  SPACE_IMPOSSIBLE_WHEN: {
    kind: 'input',
    message: ({ name, parent, given, allowed, suggestion }: Child & Given & Allowed) =>
      `Parameter "${name}" depends on "${parent}", which must be ${allowed}, not ${describeValue(given)}.${suggestion}`,
    todo: ({ name }: Child) => `Correct the value in when of ${name}.`,
  },
  SPACE_NEVER_ACTIVE: {
    kind: 'input',
    message: ({ name, parent }: Child) =>
      `Parameter "${name}" must be active for some values, and what it and its parents need of "${parent}" excludes each other.`,
    todo: ({ name }: Child) => `Correct when of ${name}, or remove ${name}.`,
  },
  SPACE_INACTIVE_VALUE: {
    kind: 'input',
    message: ({ name, given, when }: Given & { when: string }) =>
      `Parameter "${name}" must have no value unless ${when}, and it has ${describeValue(given)}.`,
    todo: ({ name }: Given) => `Remove the value of ${name}, or change what it depends on.`,
  },
  SPACE_BAD_CONSTRAINTS: {
    kind: 'input',
    message: ({ given }: { given: unknown }) => `Constraints must be a list of texts, not ${describeValue(given)}.`,
    todo: 'Write a list, such as ["hidden2 <= hidden1"].',
  },
  SPACE_CONSTRAINT_NOT_TEXT: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `A constraint must be a text that is not empty, not ${describeValue(given)}.`,
    todo: 'Write a comparison of parameters, such as "hidden2 <= hidden1".',
  },
  SPACE_CONSTRAINT_TOO_LONG: {
    kind: 'input',
    message: ({ text, longest }: Text & { longest: number }) =>
      `A constraint must have at most ${longest} characters, and ${describeValue(text)} has ${text.length}.`,
    todo: 'Write it as several constraints: all of them must hold.',
  },
  SPACE_CONSTRAINT_TOO_DEEP: {
    kind: 'input',
    message: ({ text, deepest }: Text & { deepest: number }) =>
      `A constraint must have at most ${deepest} operators within each other, and ${describeValue(text)} has more.`,
    todo: 'Write it as several constraints: all of them must hold.',
  },
  SPACE_CONSTRAINT_SYNTAX: {
    kind: 'input',
    message: ({ text, reason, at }: Text & { reason: string; at: number }) =>
      `Constraint ${describeValue(text)} must be an expression, and at character ${at} it is not: ${describeReason(reason)}.`,
    todo: 'Correct it; write == to compare, && and || to combine, and quotes around strings.',
  },
  SPACE_CONSTRAINT_UNSUPPORTED: {
    kind: 'input',
    message: ({ text, what }: Text & { what: string }) =>
      `Constraint ${describeValue(text)} must consist of parameters, values, functions, parentheses and the operators + - * / % ** < <= > >= == != && || !, and has ${what}.`,
    todo: 'Write it with these; ** is the power, and -x ** 2 must be -(x ** 2) or (0 - x) ** 2.',
  },
  SPACE_CONSTRAINT_UNKNOWN_NAME: {
    kind: 'input',
    message: ({ text, name, known }: Text & { name: string; known: readonly string[] }) =>
      `Constraint ${describeValue(text)} must name parameters of the space, and "${name}" is none of ${known.join(', ') || 'its 0 parameters'}.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) =>
      `Correct "${name}"; a string needs quotes, and a parameter in a constraint a name of letters, digits, _ and $.`,
  },
  SPACE_CONSTRAINT_UNKNOWN_FUNCTION: {
    kind: 'input',
    message: ({ text, name, known }: Text & { name: string; known: readonly string[] }) =>
      `Constraint ${describeValue(text)} can call ${known.join(', ')}, not "${name}".${didYouMean(name, known)}`,
    todo: 'Use one of these functions.',
  },
  SPACE_CONSTRAINT_ARGUMENTS: {
    kind: 'input',
    message: ({ text, name, must, given }: Text & { name: string; must: string; given: number }) =>
      `Constraint ${describeValue(text)} must call ${name} with ${must} number, and there are ${given}.`,
    todo: ({ name }: { name: string }) => `Correct what is in the parentheses after ${name}.`,
  },
  SPACE_CONSTRAINT_TYPE: {
    kind: 'input',
    message: ({
      text,
      operator,
      must,
      types,
    }: Text & { operator: string; must: readonly string[]; types: readonly string[] }) =>
      `Constraint ${describeValue(text)} must give "${operator}" a ${must.join(' or ')}, not a ${types.join(' or ')}.`,
    todo: 'Compare numbers with numbers and strings with strings (a < b < c is written a < b && b < c).',
  },
  SPACE_CONSTRAINT_IMPOSSIBLE_VALUE: {
    kind: 'input',
    message: ({ text, name, given, allowed, suggestion }: Text & Given & Allowed) =>
      `Constraint ${describeValue(text)} compares "${name}", which must be ${allowed}, with ${describeValue(given)}.${suggestion}`,
    todo: 'Correct the value.',
  },
  SPACE_CONSTRAINT_NOT_BOOLEAN: {
    kind: 'input',
    message: ({ text, types }: Text & { types: readonly string[] }) =>
      `Constraint ${describeValue(text)} must be true or false, not a ${types.join(' or ')}.`,
    todo: 'Write a comparison, such as "hidden2 <= hidden1".',
  },
  SPACE_CONSTRAINT_WITHOUT_PARAMETER: {
    kind: 'input',
    message: ({ text }: Text) => `Constraint ${describeValue(text)} must name at least one parameter.`,
    todo: 'Name a parameter (without quotes), or remove the constraint.',
  },
  SPACE_CONSTRAINT_BROKEN: {
    kind: 'input',
    message: ({ text, values }: Text & { values: string }) =>
      `Hyperparameters must satisfy ${describeValue(text)}, and ${values} do not.`,
    todo: 'Change one of the values, or the constraint.',
  },
  SPACE_DEFAULTS_BREAK_CONSTRAINT: {
    kind: 'input',
    message: ({ text, values }: Text & { values: string }) =>
      `Default and fixed values must satisfy ${describeValue(text)}, and ${values} do not.`,
    todo: 'Change one of the values, or the constraint.',
  },
  SPACE_CONSTRAINTS_TOO_TIGHT: {
    kind: 'input',
    message: ({ text, count, attempts }: Text & { count: number; attempts: number }) =>
      `Constraints must leave enough of the space to draw from it, and ${attempts} draws all broke one: ${describeValue(text)} was the first to break in ${count}.`,
    todo: 'Narrow the ranges so that more of the space satisfies the constraints, or loosen them.',
  },
  SPACE_POINT_IMPOSSIBLE: {
    kind: 'input',
    message: ({ point, attempts }: { point: unknown; attempts: number }) =>
      `A point to try must leave values for the other parameters, and ${attempts} draws found none that go with ${describeValue(point)}.`,
    todo: 'Give the point more values, so that the conditions and constraints hold.',
  },
  SPACE_BAD_UNIT: {
    kind: 'input',
    message: ({ name, given }: Given) =>
      `A position in parameter "${name}" must be a number from 0 to 1, not ${describeValue(given)}.`,
    todo: 'Pass a number from 0 to 1, both included.',
  },
  SPACE_BAD_VALUE: {
    kind: 'input',
    message: ({ name, given, allowed }: Given & { allowed: string }) =>
      `Parameter "${name}" must be ${allowed}, not ${describeValue(given)}.`,
    todo: ({ name }: Given) => `Choose an allowed value for ${name}, or change the space.`,
  },
  SPACE_MISSING_VALUE: {
    kind: 'input',
    message: ({ name, allowed }: { name: string; allowed: string }) =>
      `Every parameter that is active must have a value, and "${name}" (${allowed}) has none.`,
    todo: ({ name }: { name: string }) => `Add a value for ${name}.`,
  },
  SPACE_UNKNOWN_PARAMETER: {
    kind: 'input',
    message: ({ name, known }: { name: string; known: readonly string[] }) =>
      `Every value must belong to a parameter of the space, and "${name}" is none of ${known.join(', ') || 'its 0 parameters'}.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SPACE_BAD_HYPERPARAMETERS: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `Hyperparameters must be an object of values by name, not ${describeValue(given)}.`,
    todo: 'Write one value for each parameter of the space.',
  },
});

function suggest(keys: readonly string[], kinds: readonly string[]): string {
  if (keys.some((key) => kinds.includes(key))) return '';
  return keys.map((key) => didYouMean(key, kinds)).find((text) => text !== '') ?? '';
}

/** A parser's words as the end of a sentence. */
function describeReason(reason: string): string {
  return reason.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
