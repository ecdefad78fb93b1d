import { defineErrors, didYouMean } from '../errors/index.js';

export const errors = defineErrors({
  CLI_UNKNOWN_COMMAND: {
    kind: 'input',
    message: ({ given, known }: { given: string; known: readonly string[] }) =>
      `the command must be one of ${known.join(', ')}, not "${given}".${didYouMean(given, known)}`,
    todo: '"tfjs-tuner --help" explains the commands',
  },
  CLI_UNKNOWN_OPTION: {
    kind: 'input',
    message: ({ given, command, known }: { given: string; command: string; known: readonly string[] }) =>
      `"${command}" takes the options ${known.join(', ')}, not ${given}.${didYouMean(given, known)}`,
    todo: ({ command }) => `"${command} --help" explains the options`,
  },
  CLI_MISSING_ARGUMENT: {
    kind: 'input',
    message: ({ command, argument }: { command: string; argument: string }) =>
      `"${command}" needs ${argument.toUpperCase()}, and it was not given`,
    todo: ({ command, argument }) => `write tfjs-tuner ${command} ${argument.toUpperCase()}`,
  },
  CLI_UNEXPECTED_ARGUMENT: {
    kind: 'input',
    message: ({ command, given }: { command: string; given: string }) => `"${command}" has no use for "${given}"`,
    todo: 'remove it; what has a space in it needs quotes',
  },
  CLI_MISSING_OPTION: {
    kind: 'input',
    message: ({ command, option }: { command: string; option: string }) =>
      `"${command}" needs ${option}, and it was not given`,
    todo: ({ option }) => `add ${option}`,
  },
  CLI_MISSING_TARGET: {
    kind: 'input',
    message: ({ file, columns }: { file: string; columns: readonly string[] }) => {
      const names = columns.length > 30 ? [...columns.slice(0, 30), `${columns.length - 30} more`] : columns;
      return `"data import" needs --target, the column to predict; ${file} has the columns ${names.join(', ')}`;
    },
    todo: 'add --target COLUMN, and --dry-run to look before anything is written; of a text, add --tokens characters instead',
  },
  CLI_IMPORT_OPTION: {
    kind: 'input',
    message: ({ given, source, kind, of }: { given: string; source: string; kind: string; of: string }) =>
      `${given} is for ${of}, and ${source} is imported as ${kind}`,
    todo: ({ given }) => `leave ${given} out`,
  },
  CLI_BAD_OPTION: {
    kind: 'input',
    message: ({ option, must, given }: { option: string; must: string; given: string }) =>
      given === '' ? `${option} must be followed by ${must}` : `${option} must be ${must}, not "${given}"`,
    todo: ({ option }) => `correct ${option}`,
  },
  CLI_STUDY_EMPTY: {
    kind: 'input',
    message: ({ study }: { study: string }) => `a study must have begun to be shown, and "${study}" has no record yet`,
    todo: 'if it is being started, wait a moment; else run its sweep again',
  },
  CLI_UNKNOWN_DATASET: {
    kind: 'input',
    message: ({ given, known }: { given: string; known: readonly string[] }) =>
      `the data set must be one of ${known.join(', ') || 'none'}, not "${given}".${didYouMean(given, known)}`,
    todo: '"tfjs-tuner data list" shows them',
  },
  CLI_BAD_NAME: {
    kind: 'input',
    message: ({ what, given }: { what: string; given: string }) =>
      `the name of a new ${what} must be 1 to 100 letters (a-z, A-Z), digits, ".", "_" or "-", and begin with a letter or digit; it is ${JSON.stringify(given)}`,
    todo: 'choose such a name; it becomes the name of a folder and of a study',
  },
  CLI_FILES_EXIST: {
    kind: 'input',
    message: ({ paths }: { paths: readonly string[] }) =>
      `new files must not take the place of others, and there is ${paths.join(' and ')} already`,
    todo: 'choose another name, or move them away',
  },
  CLI_ONE_LANGUAGE: {
    kind: 'input',
    message: () => 'a starting point is written in one language, and both --typescript and --javascript are given',
    todo: 'leave one of them out',
  },
  CLI_NATIVE_MISSING: {
    kind: 'machine',
    message: ({ home }: { home: string }) =>
      `the native library must be installed, and ${home} does not have all of it`,
    todo: 'run "tfjs-tuner native install"',
  },
});
