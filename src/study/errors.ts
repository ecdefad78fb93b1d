import { defineErrors, didYouMean } from '../errors/index.js';
import { describeValue } from '../space/index.js';

export const errors = defineErrors({
  STUDY_JOURNAL_INVALID: {
    kind: 'study',
    message: ({ why }: { why: string }) => `a study's journal must tell one consistent story, but ${why}`,
    todo: "restore the study's folder from a copy; if nobody edited it, report this",
  },
  STUDY_METRIC_MISSING: {
    kind: 'input',
    message: ({ metric, key, reported }: { metric: string; key: string; reported: readonly string[] }) =>
      `${key === 'outcomes' ? "an outcome's" : "the objective's"} metric must be one that the model reports (${reported.join(', ')}), not "${metric}".${didYouMean(metric, reported)}`,
    todo: ({ key }) => `change ${key} in the sweep`,
  },
  STUDY_OPTION_UNKNOWN: {
    kind: 'input',
    message: ({ of, name, known }: { of: string; name: string; known: readonly string[] }) =>
      `The options of ${of} must be among ${known.join(', ')}, and "${name}" is not.${didYouMean(name, known)}`,
    todo: ({ name }: { name: string }) => `Correct the name "${name}", or remove it.`,
  },
  STUDY_OPTION_INVALID: {
    kind: 'input',
    message: ({ of, name, must, given }: { of: string; name: string; must: string; given: unknown }) =>
      `The option ${name} of ${of} must be ${must}, not ${describeValue(given)}.`,
    todo: ({ name, of }: { name: string; of: string }) => `Correct ${name} in the options of ${of}.`,
  },
  STUDY_NO_MORE_TRIALS: {
    kind: 'input',
    message: ({ why }: { why: string }) => `A trial can be asked for while a study goes on, and this one has ${why}.`,
    todo: 'Ask only while study.canAsk is true, or restore the study with more trials.',
  },
  STUDY_ASK_TOO_EARLY: {
    kind: 'input',
    message: ({ running }: { running: number }) =>
      `A deterministic study must have fewer trials under way than its option parallel allows before another is asked for, and ${running} are: results count in a fixed order, so one that came early waits for those before it.`,
    todo: 'Ask only while study.canAsk is true; tell the trials that run first.',
  },
  STUDY_TRIAL_NOT_RUNNING: {
    kind: 'input',
    message: ({ trial, status }: { trial: number; status: string }) =>
      `A trial must be running to be reported or told, and trial ${trial} is ${status}.`,
    todo: 'Tell every trial that was asked for once.',
  },
  STUDY_RESULT_INVALID: {
    kind: 'input',
    message: ({ trial, must, given }: { trial: number; must: string; given: unknown }) =>
      `The result of trial ${trial} must be ${must}, not ${describeValue(given)}.`,
    todo: 'Return or tell what the study expects of a trial; "failed" for one that has no result.',
  },
  STUDY_REPORT_INVALID: {
    kind: 'input',
    message: ({ trial, must, given }: { trial: number; must: string; given: unknown }) =>
      `A report of trial ${trial} must have ${must}, not ${describeValue(given)}.`,
    todo: 'Report each step once, in rising order: trial.report(step, value).',
  },
  STUDY_REPORT_NOT_AWAITED: {
    kind: 'input',
    message: ({ trial }: { trial: number }) =>
      `In a deterministic study the verdict on a report must be awaited before the trial goes on, and trial ${trial} went on without.`,
    todo: 'Write "await trial.report(step, value)".',
  },
  STUDY_SCHEDULER_PAUSES: {
    kind: 'input',
    message: ({ scheduler, did }: { scheduler: string; did: string }) =>
      `A study whose trials cannot be paused needs a scheduler that only lets them go on or stop, and ${scheduler} ${did}.`,
    todo: 'Choose one that stops trials, such as median stopping or the stopping variant of ASHA, or make the study one that can pause them: deterministic: true, pausable: true.',
  },
  STUDY_ONE_OBJECTIVE_ONLY: {
    kind: 'input',
    message: ({ what, objectiveCount }: { what: string; objectiveCount: number }) =>
      `${what} needs a study of one objective, and this one has ${objectiveCount}.`,
    todo: 'Read study.paretoFront for what is best, and stop several objectives by trials, steps, wall time or plateau.',
  },
  STUDY_REPLAY_DIFFERS: {
    kind: 'study',
    message: ({ what, journal, replayed }: { what: string; journal: unknown; replayed: unknown }) =>
      `A study that is restored must decide as it did, and ${what} is ${describeValue(replayed)} where the journal has ${describeValue(journal)}.`,
    todo: 'Restore with the space, sampler, scheduler and options of the study, and with the version that wrote the journal.',
  },
  STUDY_OWN_SCHEDULER_DIFFERS: {
    kind: 'input',
    message: ({ path, record }: { path: unknown; record: unknown }) =>
      `A scheduler must decide again what it decided when the study ran, and that of ${path} would not have decided ${describeValue(record)}.`,
    todo: 'Resume with the module as it was when the study began; it must be a function of what it is told and of its key alone.',
  },
  STUDY_UNBOUNDED: {
    kind: 'input',
    message: () =>
      'optimize must have an end: the option trials, or a study with trials, a target or a stopping rule, and there is none.',
    todo: 'Say how many: study.optimize(objective, { trials: 100 }).',
  },
  STUDY_QUEUE_IMPOSSIBLE: {
    kind: 'input',
    message: ({ given, constraint }: { given: unknown; constraint: string }) =>
      `Hyperparameters to try must leave values that satisfy "${constraint}", and 1,000 ways to complete ${describeValue(given)} do not.`,
    todo: 'Correct the values, or the constraint.',
  },
  STUDY_IMPORTANCE_NOTHING: {
    kind: 'input',
    message: ({ trials }: { trials: number }) =>
      `Importance needs at least 2 complete trials with finite results, and there are ${trials}.`,
    todo: 'Tell more trials first; some tens give a first picture.',
  },
});
