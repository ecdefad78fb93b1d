import { TunerError } from '../../errors/index.js';

/** An error on its way between threads, where errors lose what they are. */
export type ReadFailure =
  | { readonly outcome: 'refused'; readonly error: Pick<TunerError, 'code' | 'kind' | 'message' | 'todo'> }
  | { readonly outcome: 'failed'; readonly reason: string };

export function failureOf(error: unknown): ReadFailure {
  if (!(error instanceof TunerError)) return { outcome: 'failed', reason: (error as Error).message };
  const { code, kind, message, todo } = error;
  return { outcome: 'refused', error: { code, kind, message, todo } };
}

/** The error that it was. */
export function errorOf(failure: ReadFailure): Error {
  if (failure.outcome === 'failed') return new Error(failure.reason);
  const { code, kind, message, todo } = failure.error;
  return new TunerError(code, kind, message, todo);
}
