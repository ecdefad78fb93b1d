/** Errors do not survive being posted with their class and code, so in a worker they become values, and errors again outside of it. */
import { type ErrorKind, TunerError } from '../errors/index.js';
import type { TaskResult } from './tasks.js';

function failureOf(error: unknown): TaskResult<never> {
  if (error instanceof TunerError) {
    const { code, kind, message, todo } = error;
    return { outcome: 'failed', code, kind, message, todo };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { outcome: 'failed', code: 'UNEXPECTED', kind: 'study', message, todo: 'report this: it is a fault' };
}

export function resultOf<T>(compute: () => T): TaskResult<T> {
  try {
    return { outcome: 'done', value: compute() };
  } catch (error) {
    return failureOf(error);
  }
}

export async function resultOfPromise<T>(promise: Promise<T>): Promise<TaskResult<T>> {
  try {
    return { outcome: 'done', value: await promise };
  } catch (error) {
    return failureOf(error);
  }
}

/** Throws what the task failed of. */
export function unwrap<T>(result: TaskResult<T>): T {
  if (result.outcome === 'done') return result.value;
  throw new TunerError(result.code, result.kind as ErrorKind, result.message, result.todo);
}
