import { defineErrors } from '../errors/index.js';

interface Failed {
  /** What was attempted, as a verb phrase: `write`, `create the folder`. */
  doing: string;
  path: string;
  /** The operating system's word for it, e.g. `ENOSPC: no space left on device`. */
  reason: string;
}

export const errors = defineErrors({
  FILES_DISK_FULL: {
    kind: 'machine',
    message: ({ doing, path, reason }: Failed) => `There must be space on the disk to ${doing} ${path}: ${reason}.`,
    todo: 'Free space on that disk (or raise the quota), then run the same command again.',
  },
  FILES_READ_ONLY: {
    kind: 'machine',
    message: ({ doing, path, reason }: Failed) => `It must be permitted to ${doing} ${path}: ${reason}.`,
    todo: 'Make that folder writable for the user who runs this, or choose another folder.',
  },
  FILES_NO_FOLDER: {
    kind: 'input',
    message: ({ doing, path, reason }: Failed) =>
      `Every part of a path but its last must be a folder, to ${doing} ${path}: ${reason}.`,
    todo: 'Create the folder, or correct the path.',
  },
  FILES_FAILED: {
    kind: 'machine',
    message: ({ doing, path, reason }: Failed) => `The operating system refused to ${doing} ${path}: ${reason}.`,
    todo: 'Look at what the operating system says, and at the state of that disk.',
  },
  FILES_LOCKED: {
    kind: 'input',
    message: ({ path, holder }: { path: string; holder: string }) => `${path} must be free, but ${holder} holds it.`,
    todo: 'Wait until it ends, or end it, then run the same command again.',
  },
});
