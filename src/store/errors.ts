import { defineErrors, didYouMean } from '../errors/index.js';

export const errors = defineErrors({
  STORE_BAD_NAME: {
    kind: 'input',
    message: ({ study }: { study: unknown }) =>
      `a study's name must be 1 to 100 letters (a-z, A-Z), digits, ".", "_" or "-", and begin with a letter or digit; it is ${JSON.stringify(study)}`,
    todo: 'give the study another name',
  },
  STORE_STUDY_EXISTS: {
    kind: 'input',
    message: ({ study, path }: { study: string; path: string }) =>
      `a new study needs a name that is not taken, and "${study}" is there already (${path})`,
    todo: ({ study }) =>
      `go on with it (tfjs-tuner resume ${study}), give the new one another name (study: in the sweep), or another folder (--dir)`,
  },
  STORE_STUDY_MISSING: {
    kind: 'input',
    message: ({ study, root, known }: { study: string; root: string; known: readonly string[] }) =>
      `the study must exist, and there is no "${study}" in ${root}.${didYouMean(study, known)}`,
    todo: ({ known }) =>
      known.length === 0
        ? 'run a sweep first (tfjs-tuner run), or name the folder of your studies (--dir)'
        : 'name one that "tfjs-tuner list" shows, or another folder (--dir)',
  },
  STORE_STUDY_BUSY: {
    kind: 'input',
    message: ({ study, holder }: { study: string; holder: string }) =>
      `only one process at a time may work on a study, and "${study}" is in use: ${holder}`,
    todo: 'wait until it ends or end it; "tfjs-tuner show" works meanwhile',
  },
  STORE_NEWER_FORMAT: {
    kind: 'input',
    message: ({ path, format, known }: { path: string; format: string; known: number }) =>
      `the journal ${path} must have format ${known} or older, and has format ${format}: a newer tfjs-tuner wrote it`,
    todo: 'install the newer tfjs-tuner',
  },
  STORE_NOT_A_JOURNAL: {
    kind: 'input',
    message: ({ path, why }: { path: string; why: string }) => `${path} must be a study's journal, but ${why}`,
    todo: 'restore the file from a copy, or move that folder away',
  },
  STORE_JOURNAL_DAMAGED: {
    kind: 'study',
    message: ({ path, where, why }: { path: string; where: string; why: string }) =>
      `every record of a journal must be as it was written, but ${where} of ${path} ${why}`,
    todo: "check the disk, and restore the study's folder from a copy",
  },
  STORE_RECORD_INVALID: {
    kind: 'study',
    message: ({ kind, why }: { kind: string; why: string }) =>
      `only well-formed records can be appended to a journal, and this one (${kind}) is not: ${why}`,
    todo: 'report this: it is a fault of the program',
  },
  STORE_DISK_FULL: {
    kind: 'machine',
    message: ({ path, reason }: { path: string; reason: string }) =>
      `there must be space on the disk to record the study in ${path}: ${reason}`,
    todo: 'free space on that disk, then resume the study: nothing that was recorded is lost',
  },
  STORE_CLOSED: {
    kind: 'study',
    message: ({ study }: { study: string }) =>
      `a study's store must be open to be used, and that of "${study}" is closed`,
    todo: 'report this: it is a fault of the program',
  },
  STORE_BAD_STATE_NAME: {
    kind: 'study',
    message: ({ name }: { name: string }) =>
      `a checkpoint's file name must be 1 to 200 letters, digits, ".", "_" or "-", and begin with a letter or digit; it is ${JSON.stringify(name)}`,
    todo: 'check that nobody edited the journal; if nobody did, report this',
  },
  STORE_STATE_MISSING: {
    kind: 'study',
    message: ({ path }: { path: string }) => `a trial's checkpoint must be there, and ${path} is missing`,
    todo: 'restore the file from a copy; without one, run the sweep again under another name: the same seed gives the same result',
  },
  STORE_STATE_DAMAGED: {
    kind: 'study',
    message: ({ path, why }: { path: string; why: string }) =>
      `a trial's checkpoint must be as it was written, but ${path} ${why}`,
    todo: 'check the disk and restore the file from a copy; without one, run the sweep again under another name: the same seed gives the same result',
  },
  STORE_TEST_EVALUATIONS: {
    kind: 'study',
    message: ({ path }: { path: string }) =>
      `the record of test evaluations must be as it was written, and ${path} is not`,
    todo: 'bring the file back from a copy; without it, what the test split said before is forgotten',
  },
});
