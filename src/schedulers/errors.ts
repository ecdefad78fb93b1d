import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from '../space/index.js';

export const errors = defineErrors({
  SCHEDULERS_PBT_NOT_AN_OBJECT: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `The options of pbt must be an object such as { population: 8, interval: 125 }, not ${describeValue(given)}.`,
    todo: 'Write the options by name.',
  },
  SCHEDULERS_PBT_OPTION_UNKNOWN: {
    kind: 'input',
    message: ({ name, known }: { name: string; known: readonly string[] }) =>
      `The options of pbt must be among ${known.join(', ')}, and "${name}" is not.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SCHEDULERS_PBT_OPTION_MISSING: {
    kind: 'input',
    message: ({ name, must }: { name: string; must: string }) =>
      `pbt must have the option ${name} (${must}), and it was not given.`,
    todo: ({ name }: { name: string }) => `Add ${name} to the options of pbt.`,
  },
  SCHEDULERS_PBT_OPTION_INVALID: {
    kind: 'input',
    message: ({ name, must, given }: { name: string; must: string; given: unknown }) =>
      `The option ${name} of pbt must be ${must}, not ${describeValue(given)}.`,
    todo: ({ name }: { name: string }) => `Correct ${name} in the options of pbt.`,
  },
});
