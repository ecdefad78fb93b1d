import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from '../space/index.js';

/** `sampler`: its name, as in `tpe`. */
export const errors = defineErrors({
  SAMPLERS_OPTIONS_NOT_AN_OBJECT: {
    kind: 'input',
    message: ({ sampler, given }: { sampler: string; given: unknown }) =>
      `The options of ${sampler} must be an object of options by name, not ${describeValue(given)}.`,
    todo: 'Write the options by name, or leave them out for the defaults.',
  },
  SAMPLERS_OPTION_UNKNOWN: {
    kind: 'input',
    message: ({ sampler, name, known }: { sampler: string; name: string; known: readonly string[] }) =>
      known.length === 0
        ? `${sampler} must be given no options, and "${name}" was.`
        : `The options of ${sampler} must be among ${known.join(', ')}, and "${name}" is not.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SAMPLERS_OPTION_MISSING: {
    kind: 'input',
    message: ({ sampler, name, must }: { sampler: string; name: string; must: string }) =>
      `${sampler} must have the option ${name} (${must}), and it was not given.`,
    todo: ({ sampler, name }: { sampler: string; name: string }) => `Add ${name} to the options of ${sampler}.`,
  },
  SAMPLERS_OPTION_INVALID: {
    kind: 'input',
    message: ({ sampler, name, must, given }: { sampler: string; name: string; must: string; given: unknown }) =>
      `The option ${name} of ${sampler} must be ${must}, not ${describeValue(given)}.`,
    todo: ({ sampler, name }: { sampler: string; name: string }) => `Correct ${name} in the options of ${sampler}.`,
  },
  SAMPLERS_OBJECTIVE_COUNT: {
    kind: 'input',
    message: ({ sampler, objectiveCount }: { sampler: string; objectiveCount: number }) =>
      `${sampler} must have one objective, and the study has ${objectiveCount}.`,
    todo: 'Choose a sampler for several objectives, such as nsga2, or tune one of them.',
  },
  SAMPLERS_GRID_NEEDS_POINTS: {
    kind: 'input',
    message: ({ name }: { name: string }) =>
      `The grid must have a number of values for each float, and "${name}" has neither a step nor points.`,
    todo: ({ name }: { name: string }) => `Give ${name} a step in the space, or the grid the option points.`,
  },
  SAMPLERS_GRID_UNKNOWN_NAME: {
    kind: 'input',
    message: ({ name, known }: { name: string; known: readonly string[] }) =>
      `The points of a grid must be of number parameters (${known.join(', ') || 'the space has none'}), and "${name}" is none.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SAMPLERS_GRID_TOO_LARGE: {
    kind: 'input',
    message: ({ most }: { most: string }) => `A grid must not have more ${most}, and this one has.`,
    todo: 'Give large ranges a step or fewer points, or choose another sampler.',
  },
  SAMPLERS_GRID_EMPTY: {
    kind: 'input',
    message: ({ tried }: { tried: number }) =>
      `A grid must have a point that satisfies the constraints, and none of ${tried} does.`,
    todo: 'Loosen the constraints, or give the grid more points.',
  },
});
