import { spawn } from 'node:child_process';

/** How a child process ended, with what it printed (the last {@link keptCharacters} of each stream). */
export interface Ended {
  /** Exit status; -1 when a signal ended it or it could not be started. */
  status: number;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Why it could not be started, where it could not. */
  startError?: Error;
}

export interface RunOptions {
  /** Added to this process's environment; `undefined` removes a variable. */
  environment?: Readonly<Record<string, string | undefined>>;
  folder?: string;
  /** Ends the child; {@link run} is then rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Each line of the child's standard output, as it comes. */
  onLine?: (line: string) => void;
}

const keptCharacters = 1 << 20;

/**
 * Runs a program with the given arguments, without a shell, and waits for its end. Failures are in the result; only an
 * abort throws.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  options.signal?.throwIfAborted();
  const ended = await new Promise<Ended>((settle) => {
    const result: Ended = { status: -1, signal: null, stdout: '', stderr: '' };
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // the language of messages that are recognised below
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.environment },
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout = (result.stdout + text).slice(-keptCharacters);
      const lines = (line + text).split(/\r?\n|\r/);
      line = lines.pop() ?? '';
      for (const whole of lines) options.onLine?.(whole);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      result.stderr = (result.stderr + text).slice(-keptCharacters);
    });
    child.on('error', (error) => {
      // also emitted on an abort, while the child still ends: wait for 'close' where there is a child
      result.startError = error;
      if (child.pid === undefined) settle(result);
    });
    child.on('close', (status, signal) => settle({ ...result, status: status ?? -1, signal }));
  });
  options.signal?.throwIfAborted();
  return ended;
}

/** Why a child failed, on one line: the last that it wrote to its error stream, else how it ended. */
export function lastLine({ stderr, startError, signal, status }: Ended): string {
  const line = stderr.split(/\r?\n/).findLast((text) => text.trim() !== '') ?? startError?.message;
  return (line ?? (signal === null ? `exit status ${status}` : `killed by ${signal}`)).trim().replace(/\.$/, '');
}
