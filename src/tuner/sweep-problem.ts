import { TunerError } from '../errors/index.js';

export type Path = readonly PropertyKey[];

/** One thing that is wrong with a sweep, and where. */
export interface Problem {
  /** From the sweep's root; empty for the root itself. */
  readonly path: Path;
  readonly text: string;
}

/** What `check` throws, if it is the user's mistake, as a problem of that place. */
export function problemOf(path: Path, check: () => void): Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof TunerError) || error.kind !== 'input') throw error;
    return [{ path, text: `${error.message}; ${error.todo}` }];
  }
}
