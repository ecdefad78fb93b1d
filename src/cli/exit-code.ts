import { exitCodes, TunerError } from '../errors/index.js';
import type { StudySummary } from '../study/index.js';

/** A study was left before its end, and can be resumed: what a shell makes of SIGINT. */
export const interruptedCode = 130;

export function exitCodeOf({ status }: Pick<StudySummary, 'status'>): number {
  if (status === 'interrupted') return interruptedCode;
  return status === 'failed' ? exitCodes.study : 0;
}

/** What is no {@link TunerError} is a fault of this program, and counts as a failure of the study. */
export function exitCodeOfError(error: unknown): number {
  return exitCodes[error instanceof TunerError ? error.kind : 'study'];
}
