import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from '../space/index.js';

export const errors = defineErrors({
  SCHEDULERS_PBT_NOT_AN_OBJECT: {
    kind: 'input',
    message: ({ strategy, given }: { strategy: string; given: unknown }) =>
      `The options of ${strategy} must be an object such as { population: 8, interval: 125 }, not ${describeValue(given)}.`,
    todo: 'Write the options by name.',
  },
  SCHEDULERS_PBT_OPTION_UNKNOWN: {
    kind: 'input',
    message: ({ strategy, name, known }: { strategy: string; name: string; known: readonly string[] }) =>
      `The options of ${strategy} must be among ${known.join(', ')}, and "${name}" is not.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SCHEDULERS_PBT_OPTION_MISSING: {
    kind: 'input',
    message: ({ strategy, name, must }: { strategy: string; name: string; must: string }) =>
      `${strategy} must have the option ${name} (${must}), and it was not given.`,
    todo: ({ strategy, name }: { strategy: string; name: string }) => `Add ${name} to the options of ${strategy}.`,
  },
  SCHEDULERS_PBT_OPTION_INVALID: {
    kind: 'input',
    message: ({ strategy, name, must, given }: { strategy: string; name: string; must: string; given: unknown }) =>
      `The option ${name} of ${strategy} must be ${must}, not ${describeValue(given)}.`,
    todo: ({ strategy, name }: { strategy: string; name: string }) => `Correct ${name} in the options of ${strategy}.`,
  },
  SCHEDULERS_OPTIONS_NOT_AN_OBJECT: {
    kind: 'input',
    message: ({ scheduler, given }: { scheduler: string; given: unknown }) =>
      `The options of ${scheduler} must be an object, not ${describeValue(given)}.`,
    todo: 'Write the options by name, or {} for the defaults.',
  },
  SCHEDULERS_OPTION_UNKNOWN: {
    kind: 'input',
    message: ({ scheduler, name, known }: { scheduler: string; name: string; known: readonly string[] }) =>
      `The options of ${scheduler} must be among ${known.join(', ')}, and "${name}" is not.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  SCHEDULERS_OPTION_MISSING: {
    kind: 'input',
    message: ({ scheduler, name, must }: { scheduler: string; name: string; must: string }) =>
      `${scheduler} must have the option ${name} (${must}), and it was not given.`,
    todo: ({ scheduler, name }: { scheduler: string; name: string }) => `Add ${name} to the options of ${scheduler}.`,
  },
  SCHEDULERS_OPTION_INVALID: {
    kind: 'input',
    message: ({ scheduler, name, must, given }: { scheduler: string; name: string; must: string; given: unknown }) =>
      `The option ${name} of ${scheduler} must be ${must}, not ${describeValue(given)}.`,
    todo: ({ scheduler, name }: { scheduler: string; name: string }) =>
      `Correct ${name} in the options of ${scheduler}.`,
  },
  SCHEDULERS_MAX_STEPS_INVALID: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `The steps that a trial can train at most must be an integer of at least 1, not ${describeValue(given)}.`,
    todo: 'Correct the maximum number of steps of a trial.',
  },
  SCHEDULERS_TRIAL_STARTED_TWICE: {
    kind: 'input',
    message: ({ trial }: { trial: number }) =>
      `The trial that starts next must have a number of its own, and trial ${trial} was started before.`,
    todo: 'Ask for the next job with the number of a new trial, or with null.',
  },
  SCHEDULERS_TRIAL_NOT_RUNNING: {
    kind: 'input',
    message: ({ trial, status }: { trial: number; status: string }) =>
      `A report must be of a trial that runs, and trial ${trial} ${status}.`,
    todo: 'Report only what a job or a verdict asked for.',
  },
  SCHEDULERS_STEP_NOT_RISING: {
    kind: 'input',
    message: ({ trial, step, last }: { trial: number; step: unknown; last: number }) =>
      `The steps that a trial reports must be numbers that rise, and trial ${trial} reports ${describeValue(step)} after ${last}.`,
    todo: 'Report each step once, in rising order, from above 0.',
  },
  SCHEDULERS_OWN_FAILED: {
    kind: 'input',
    message: ({ name, call, problem }: { name: string; call: string; problem: string }) =>
      `The scheduler "${name}" must answer when ${call} is called, and it throws: ${problem}`,
    todo: ({ name }: { name: string }) =>
      `Mend the module of "${name}" (fidelityContract in tfjs-tuner/testing checks it), and resume the study.`,
  },
  SCHEDULERS_OWN_INVALID: {
    kind: 'input',
    message: ({ name, call, must, given }: { name: string; call: string; must: string; given: unknown }) =>
      `The scheduler "${name}" must return ${must}, from ${call}, not ${describeValue(given)}.`,
    todo: ({ name }: { name: string }) =>
      `Mend the module of "${name}" (fidelityContract in tfjs-tuner/testing checks it), and resume the study.`,
  },
  SCHEDULERS_EXPLORE_INVALID: {
    kind: 'input',
    message: ({ name, given, allowed }: { name: string; given: unknown; allowed: string }) =>
      `The function that explores must return ${allowed} for "${name}", not ${describeValue(given)}.`,
    todo: ({ name }: { name: string }) => `Correct what it returns for ${name}, or return the value it was given.`,
  },
  SCHEDULERS_SCHEDULE_NOT_A_LIST: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `A schedule must be a list of entries such as { at: 10, freeze: [dropout] }, not ${describeValue(given)}.`,
    todo: 'Write the entries as a list.',
  },
  SCHEDULERS_SCHEDULE_ENTRY_INVALID: {
    kind: 'input',
    message: ({ index, must, given }: { index: number; must: string; given: unknown }) =>
      `Entry ${index} of the schedule must ${must}, not ${describeValue(given)}.`,
    todo: ({ index }: { index: number }) => `Correct entry ${index} of the schedule.`,
  },
  SCHEDULERS_SCHEDULE_KEY_UNKNOWN: {
    kind: 'input',
    message: ({ index, name, known }: { index: number; name: string; known: readonly string[] }) =>
      `Entry ${index} of the schedule can have the keys ${known.join(', ')}, not "${name}".${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the key "${name}", or remove it.`,
  },
  SCHEDULERS_SCHEDULE_INTRODUCED_TWICE: {
    kind: 'input',
    message: ({ name }: { name: string }) =>
      `A schedule must introduce a parameter once at most, and it introduces "${name}" again.`,
    todo: ({ name }: { name: string }) => `Remove all but one of the entries that introduce ${name}.`,
  },
  SCHEDULERS_SCHEDULE_UNITS_MIXED: {
    kind: 'input',
    message: ({ subject }: { subject: string }) =>
      `The entries of a schedule about the same thing must all say when by "at", or all by "step", and those about ${subject} do both.`,
    todo: ({ subject }: { subject: string }) => `Write the entries about ${subject} with one of the two.`,
  },
  SCHEDULERS_SCHEDULE_PARAMETER_UNKNOWN: {
    kind: 'input',
    message: ({ name, known }: { name: string; known: readonly string[] }) =>
      `A schedule must name mutable parameters of the space (${known.join(', ') || 'it has none'}), and "${name}" is none.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or add the parameter to the space.`,
  },
  SCHEDULERS_SCHEDULE_STRUCTURAL: {
    kind: 'input',
    message: ({ name }: { name: string }) =>
      `A schedule must be about mutable parameters, and "${name}" is structural or fixed: it never changes within a trial.`,
    todo: ({ name }: { name: string }) =>
      `Remove ${name} from the schedule, or make it mutable with structural: false.`,
  },
  SCHEDULERS_SCHEDULE_OTHER_KIND: {
    kind: 'input',
    message: ({ name, kind, given }: { name: string; kind: string; given: string }) =>
      `A parameter must be introduced as what the space says it is, and "${name}" is of kind ${kind} there, not ${given}.`,
    todo: ({ name, kind }: { name: string; kind: string }) => `Introduce ${name} as ${kind}.`,
  },
  SCHEDULERS_REPLAY_NOT_A_LIST: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `A schedule to replay must be a list of at least one { fromStep, toStep, hyperparameters }, not ${describeValue(given)}.`,
    todo: 'Give the schedule as it was exported from a study.',
  },
  SCHEDULERS_REPLAY_SEGMENT_INVALID: {
    kind: 'input',
    message: ({ index, fromStep, given }: { index: number; fromStep: number; given: unknown }) =>
      `Segment ${index} of a schedule to replay must have ${fromStep} as fromStep and a larger integer as toStep, not ${describeValue(given)}.`,
    todo: 'Write the segments in order, each from where the one before it ends, the first from 0.',
  },
  SCHEDULERS_REPLAY_STRUCTURAL_CHANGES: {
    kind: 'input',
    message: ({ name, index }: { name: string; index: number }) =>
      `The structural parameter "${name}" must be the same in all segments of a schedule to replay, and segment ${index} has another value.`,
    todo: ({ name }: { name: string }) => `Write the same ${name} in all segments.`,
  },
});
