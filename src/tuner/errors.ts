import { basename } from 'node:path';
import { defineErrors, didYouMean } from '../errors/index.js';

const list = (names: readonly string[]) => names.join(', ') || 'none';

export const errors = defineErrors({
  TUNER_SWEEP_MISSING: {
    kind: 'input',
    message: ({ path, near }: { path: string; near: readonly string[] }) =>
      `the sweep must be a file, and there is none at ${path}.${didYouMean(basename(path), near)}`,
    todo: 'correct the path',
  },
  TUNER_SWEEP_UNREADABLE: {
    kind: 'machine',
    message: ({ path, reason }: { path: string; reason: string }) => `the sweep ${path} must be readable: ${reason}`,
    todo: 'check that it is a file, and its permissions',
  },
  TUNER_SWEEP_KIND: {
    kind: 'input',
    message: ({ path, known }: { path: string; known: readonly string[] }) =>
      `a sweep must be a file of a known kind (${list(known)}), and ${path} is not`,
    todo: 'rename the file, or write the sweep in YAML',
  },
  TUNER_SWEEP_SYNTAX: {
    kind: 'input',
    message: ({ path, language, problems }: { path: string; language: string; problems: readonly string[] }) =>
      // one slip makes a parser stumble over all that follows
      `the sweep ${path} must be valid ${language}:${lines(problems, 3)}`,
    todo: 'mend the file at that place',
  },
  TUNER_SWEEP_INVALID: {
    kind: 'input',
    message: ({ source, problems }: { source: string; problems: readonly string[] }) =>
      `${source} must describe a study, and ${problems.length === 1 ? 'one thing is' : `${problems.length} things are`} wrong:${lines(problems, 30)}`,
    todo: 'mend the sweep at these places',
  },
  TUNER_UNKNOWN_MODEL: {
    kind: 'input',
    message: ({
      reference,
      path,
      known,
      isPath,
    }: {
      reference: string;
      path: string;
      known: readonly string[];
      isPath: boolean;
    }) =>
      isPath
        ? `the model must be a module, or a saved model (model.json, or the folder that has it), and there is none at ${path}`
        : `the model must be one that ships (${list(known)}) or the path of a module, not "${reference}".${didYouMean(reference, known)}`,
    todo: ({ isPath }) =>
      isPath
        ? "correct model: in the sweep; relative paths start at the sweep's folder"
        : 'correct model: in the sweep; a path begins with "./" or ends in .ts or .js',
  },
  TUNER_UNKNOWN_HYPERPARAMETER: {
    kind: 'input',
    message: ({ name, known }: { name: string; known: readonly string[] }) =>
      `the space may only have hyperparameters that the model reads (${list(known)}), not "${name}".${didYouMean(name, known)}`,
    todo: ({ name }) => `correct the name "${name}" under space: in the sweep, or have the model declare it`,
  },
  TUNER_MUTABLE_PARENT: {
    kind: 'input',
    message: ({ name, parent }: { name: string; parent: string }) =>
      `a hyperparameter may only depend on one that is structural, and "${name}" depends on "${parent}", which changes while a trial runs`,
    todo: ({ name, parent }: { name: string; parent: string }) =>
      `remove structural: false from ${parent}, or when from ${name}`,
  },
  TUNER_MUTABLE_NOT_A_NUMBER: {
    kind: 'input',
    message: ({ name, value }: { name: string; value: string }) =>
      `a hyperparameter that may change while a trial runs must be a number, and "${name}" may be "${value}"`,
    todo: ({ name }) => `declare ${name} with structural: true in the model, or give it numbers`,
  },
  TUNER_INTERVAL_NOT_IN_STEPS: {
    kind: 'input',
    message: ({ given }: { given: unknown }) =>
      `the interval of a study that an older version began must be in steps, since its journal does not say how long an epoch is, not ${JSON.stringify(given)}`,
    todo: 'write a number of steps, such as 250',
  },
  TUNER_EXPLORE_MISSING: {
    kind: 'input',
    message: (_: object) =>
      'the function that explores must be given again when a study is resumed whose sweep had it in code, and there is none',
    todo: 'call resume with the option explore, or write the function in a module of its own: explore: ./explore.ts',
  },
  TUNER_EXPLORE_NOT_A_FUNCTION: {
    kind: 'input',
    message: ({ path }: { path: string }) =>
      `the default export of ${path} must be the function that explores, and is none`,
    todo: 'write "export default ({ parameter, value, own, key }) => …" there',
  },
  TUNER_SAMPLER_NOT_ONE: {
    kind: 'input',
    message: ({ path }: { path: string }) =>
      `the default export of ${path} must be a sampler, or a function that returns one, and is neither`,
    todo: 'write "export default { name: \'mine\', propose: ({ space, key, history }) => ({ hyperparameters }) }" there',
  },
  TUNER_SCHEDULER_NOT_ONE: {
    kind: 'input',
    message: ({ path }: { path: string }) =>
      `the default export of ${path} must be a scheduler, or a function that returns one, and is neither`,
    todo: 'write "export default { name: \'mine\', pauses: false, begin: ({ key, maxSteps }) => ({ next, report }) }" there',
  },
  TUNER_SCHEDULER_THROWS: {
    kind: 'input',
    message: ({ path, problem }: { path: string; problem: string }) =>
      `the function that ${path} exports must return a scheduler, and it throws: ${problem}`,
    todo: 'mend it there',
  },
  TUNER_REPLAY_NOTHING: {
    kind: 'input',
    message: ({ study, trial }: { study: string; trial: number | null }) =>
      `a trial that is replayed must have completed a segment, and ${trial === null ? `no trial of the study "${study}"` : `trial ${trial} of the study "${study}"`} has`,
    todo: 'name another trial or study, or let that study go on first',
  },
  TUNER_EARLIER_NOTHING: {
    kind: 'input',
    message: ({ study, why }: { study: string; why: string }) =>
      `an earlier study must have trials to learn from, and of "${study}" there are none: ${why}`,
    todo: 'name another study under earlier, use its metric, or leave earlier out',
  },
  TUNER_STUDY_ENDED: {
    kind: 'input',
    message: ({ study }: { study: string }) => `a study must go on to be changed, and "${study}" has ended`,
    todo: 'run its sweep as a new study, with the change in its schedule',
  },
  TUNER_SCHEDULE_WITHOUT_POPULATION: {
    kind: 'input',
    message: (_: object) =>
      'a schedule of freezing and introducing must be for a population, and this strategy trains independent trials',
    todo: 'use the strategy pbt or pb2, or remove the schedule',
  },
  TUNER_BAD_WORKERS: {
    kind: 'input',
    message: ({ workers }: { workers: unknown }) => `workers must be an integer of at least 1, not ${String(workers)}`,
    todo: 'leave it out to use every core',
  },
  TUNER_NO_GPU: {
    kind: 'machine',
    message: (_: object) => 'a graphics card must be usable by the installed libtensorflow, and there is none',
    todo: 'use --backend auto or cpu',
  },
  TUNER_DATA_CHANGED: {
    kind: 'input',
    message: ({ dataset }: { dataset: string }) =>
      `a study must be resumed on the data it began with, and the data set ${dataset} has changed since`,
    todo: 'bring the old data back, or run the sweep as a new study',
  },
  TUNER_MODEL_CHANGED: {
    kind: 'input',
    message: ({ path }: { path: string }) =>
      `a study must be resumed with the model it began with, and the files of ${path} have changed since`,
    todo: 'bring the old files back, or run the sweep as a new study',
  },
  TUNER_OBJECTIVE_STUDY: {
    kind: 'input',
    message: ({
      study,
      done,
      trial,
      checkpoint,
    }: {
      study: string;
      done: string;
      trial: number | null;
      checkpoint: string | null;
    }) =>
      `a study must train a model to be ${done}, and "${study}" tunes an objective function${checkpoint === null ? '' : `, whose ${trial === null ? 'best trial' : `trial ${trial}`} saved ${checkpoint}`}`,
    todo: ({ checkpoint }) =>
      checkpoint === null
        ? '"tfjs-tuner show" has its hyperparameters'
        : 'copy that file: only the objective knows what is in it',
  },
  TUNER_NOTHING_TO_EXPORT: {
    kind: 'study',
    message: ({ study, isMeasured }: { study: string; isMeasured: boolean }) =>
      isMeasured
        ? `a study must have a feasible trial to be exported, and no trial of "${study}" kept its outcomes within their bounds`
        : `a study must have completed a segment to be exported, and "${study}" has not`,
    todo: ({ isMeasured }) =>
      isMeasured
        ? 'run its sweep with wider bounds (outcomes), or name a trial with --trial whose state is kept'
        : 'resume it until its first evaluation',
  },
  TUNER_TRIAL_NOT_KEPT: {
    kind: 'input',
    message: ({ study, trial, kept }: { study: string; trial: number; kept: readonly number[] }) =>
      `a trial's state must be kept for its model to be exported, and of "${study}" those of the trials ${list(kept.map(String))} are, not that of ${trial}`,
    todo: 'name one of these; states of trials that are over are kept of the best one and of the Pareto front only',
  },
  TUNER_EXPORT_FORMAT: {
    kind: 'input',
    message: ({ format, reason }: { format: string; reason: string }) =>
      `the model must be one that ${format} can hold, but ${reason}`,
    todo: ({ format }) => `leave ${format} out of --format`,
  },
  TUNER_UNKNOWN_FORMAT: {
    kind: 'input',
    message: ({ format, known }: { format: string; known: readonly string[] }) =>
      `a model is exported as ${known.join(', ')}, not as "${format}".${didYouMean(format, known)}`,
    todo: 'correct --format',
  },
  TUNER_ONNX_CONVERTER: {
    kind: 'machine',
    message: ({ python, problem }: { python: string; problem: string }) =>
      `ONNX is made by Python's tf2onnx and TensorFlow, which ${python} must have: ${problem}`,
    todo: 'run "pip install tf2onnx tensorflow", or name a Python that has both with TFJS_TUNER_PYTHON',
  },
  TUNER_ONNX_FAILED: {
    kind: 'study',
    message: ({ message }: { message: string }) =>
      `the model must be one that tf2onnx can convert, and it says: ${message}`,
    todo: 'leave onnx out of --format, or convert the saved-model with another version of tf2onnx',
  },
  TUNER_NOT_PREDICTABLE: {
    kind: 'input',
    message: ({ from, why }: { from: string; why: string }) =>
      `predictions are made from a study, or from a folder that was exported, and ${from} is neither: ${why}`,
    todo: 'correct the path, export the model again, or name the folder of studies with --dir',
  },
  TUNER_TEXT_SHORT: {
    kind: 'input',
    message: ({ row, length, context }: { row: number; length: number; context: number }) =>
      `a text must have the ${context} tokens that the model reads, since it does not predict what comes next at each place, and row ${row} has ${length}`,
    todo: 'give a longer text: the last tokens of it are read',
  },
  TUNER_NOT_CONTINUABLE: {
    kind: 'input',
    message: ({ why }: { why: string }) => `only a text can be continued, by a model of what comes next, and ${why}`,
    todo: 'leave out --continue',
  },
  TUNER_BAD_TEMPERATURE: {
    kind: 'input',
    message: ({ temperature }: { temperature: number }) =>
      `the temperature must be 0 (always the most probable) or above, not ${temperature}`,
    todo: 'leave it out for 1, which is as probable as the model says',
  },
  TUNER_PREDICTION_FAILED: {
    kind: 'study',
    message: ({ message }: { message: string }) => `the exported model must run in tfjs, and did not: ${message}`,
    todo: 'use its saved-model with TensorFlow, or report this',
  },
  TUNER_EXPORT_EXISTS: {
    kind: 'input',
    message: ({ directory }: { directory: string }) =>
      `the folder of an export is made anew, and ${directory} is there already`,
    todo: 'name another folder (--to), or remove that one',
  },
});

/** One problem a line, the first ones of them, each of a length that a person reads. */
function lines(problems: readonly string[], most: number): string {
  const more = problems.length > most ? [`and ${problems.length - most} more`] : [];
  return [...problems.slice(0, most), ...more].map((problem) => `\n  ${printable(problem)}`).join('');
}

const longestProblem = 1000;

/** What is in a file may not move a terminal's cursor, nor begin a line of its own. */
function printable(text: string): string {
  const shown = text.length <= longestProblem ? text : `${text.slice(0, longestProblem)}…`;
  return shown.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
