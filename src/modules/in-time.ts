/** A bound on how long a module may take to load: a top-level await can wait for ever, and a study with it. */
import { errors } from './errors.js';

/**
 * Seconds that a module may take, unless the environment variable TFJS_TUNER_LOAD_SECONDS says otherwise. A module may fetch what it needs
 * before it is there, so this is far longer than any should take.
 */
const defaultSeconds = 600;

/** Seconds after which a person is told what is waited for; sooner where less is allowed. */
const remarkSeconds = 30;

/**
 * The same work, which fails if it takes too long; it is not stopped. After half a minute a warning says what is waited for. Code that
 * never yields cannot be seen from here.
 *
 * @param path of the module, for messages
 * @throws MODULES_TOO_SLOW
 */
export async function inTime<T>(path: string, work: Promise<T>): Promise<T> {
  const seconds = allowedSeconds(process.env.TFJS_TUNER_LOAD_SECONDS);
  const timers: NodeJS.Timeout[] = [];
  // a process with nothing else to do ends the wait sooner: see `untilIdle`
  const after = (wait: number, act: () => void) => timers.push(setTimeout(act, wait * 1000).unref());
  const tooLong = new Promise<never>((_, reject) => {
    after(Math.min(remarkSeconds, seconds / 2), () => remark(path, seconds));
    after(seconds, () => reject(errors.MODULES_TOO_SLOW({ path, seconds })));
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Longest that a timer of Node's can wait, in seconds. */
const longestSeconds = 2 ** 31 / 1000 - 1;

function allowedSeconds(given: string | undefined): number {
  const seconds = Number(given);
  return given !== undefined && seconds > 0 ? Math.min(seconds, longestSeconds) : defaultSeconds;
}

function remark(path: string, seconds: number): void {
  const limit = `It fails after ${seconds} seconds (TFJS_TUNER_LOAD_SECONDS)`;
  const text = `still waiting for the module ${path} to load: does an await at its top level end? ${limit}`;
  process.emitWarning(text, { code: 'MODULES_TOO_SLOW' });
}
