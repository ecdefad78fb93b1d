import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from './describe.js';

interface Given {
  name: string;
  given: unknown;
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
    message: ({ name, given }: Given) =>
      `Parameter "${name}" must have a list of at least one item as choice, not ${describeValue(given)}.`,
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
      `Every parameter must have a value, and "${name}" (${allowed}) has none.`,
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
