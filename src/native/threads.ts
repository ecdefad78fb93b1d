import { isMainThread } from 'node:worker_threads';

const variable = 'TF_NUM_INTRAOP_THREADS';

/**
 * How many threads one operation may be split over, in this whole process. libtensorflow makes one pool of that width when it
 * is first used and keeps it, whatever later sessions ask for; so this has to be said before, in the main thread (a
 * worker's environment does not reach libraries). Operations that are split sum in another order: the width changes the
 * last bits of results.
 *
 * @returns the width that holds: what was said first, or what the user's own environment says
 */
export function setOperationThreads(threads: number): number {
  if (isMainThread && process.env[variable] === undefined) process.env[variable] = String(threads);
  return Number(process.env[variable] ?? threads);
}
