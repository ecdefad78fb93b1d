import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, ensureDirectory, fileError, freeBytes } from '../files/index.js';
import { errors } from './errors.js';
import { homeLayout } from './home.js';
import { inParallel } from './in-parallel.js';
import type { Job } from './job.js';
import { requireLoads } from './load-check.js';
import { isComplete, type MissingParts, missingParts, type NativePaths, type Plan, plan } from './locate.js';
import { type LibraryTools, makeLibtensorflow } from './make-libtensorflow.js';
import { makeSegmentAddon } from './make-segment-addon.js';
import { makeTfjsNode } from './make-tfjs-node.js';
import { requireSupported, thisMachine } from './platform.js';
import type { OnProgress, Part } from './progress.js';
import { findStrip, requireCompiler, requireNpm, requirePip, type Tool } from './tools.js';

export interface InstallOptions {
  onProgress?: OnProgress;
  /** Makes every part anew, even if it is there. */
  force?: boolean;
  /** Stops the installation: it leaves nothing behind, and is rejected with the signal's reason. */
  signal?: AbortSignal;
}

/** Bytes that must be free: at its fullest, during strip, the staging folder holds 1.43 GB (measured); then 0.64 GB stay. */
export const bytesForLibrary = 1.6e9;
/** Bytes that must be free to build the addons alone: they take 5 MB, the compiler's temporary files some more. */
export const bytesForAddons = 0.1e9;

/**
 * Sees to it that libtensorflow and the addons are installed in the home folder, and gives their paths. What is there is
 * left as it is. Two processes that install at once do it once: the second waits. One that is killed leaves no half part;
 * the next clears up after it and starts over.
 * @throws NATIVE_… (see errors.ts) and FILES_…
 */
export async function install(options: InstallOptions = {}): Promise<NativePaths> {
  const planned = await plan();
  requireSupported(thisMachine(), planned.library.own);
  const report = options.onProgress ?? (() => undefined);
  if (!options.force && isComplete(await missingParts(planned))) return reportDone(planned, report);
  await ensureDirectory(planned.home);
  const lock = await acquireLock(homeLayout.lock(planned.home), {
    waitMs: Number.POSITIVE_INFINITY,
    onWait: (holder) => report({ part: 'install', phase: 'wait', holder }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    if (!options.force && isComplete(await missingParts(planned))) return reportDone(planned, report);
    return await installLocked(planned, options, report);
  } finally {
    await lock.release();
  }
}

const partsInOrder: readonly Part[] = ['libtensorflow', 'tfjs-node', 'segment-addon'];

function reportDone({ paths }: Plan, report: OnProgress): NativePaths {
  for (const part of partsInOrder) report({ part, phase: 'done', fraction: 1 });
  return paths;
}

async function installLocked(
  planned: Plan,
  { force, signal }: InstallOptions,
  report: OnProgress,
): Promise<NativePaths> {
  const staging = homeLayout.staging(planned.home);
  // whoever made this has died: its lock is ours now
  await removeFolder(staging).catch((error: unknown) => {
    throw fileError('remove', staging, error);
  });
  try {
    const folder = join(staging, `${process.pid}-${Date.now()}`);
    await mkdir(folder, { recursive: true });
    await makeParts({ planned, folder, signal, report }, force ?? false);
    await requireLoads(planned.paths, signal);
    return planned.paths;
  } finally {
    // what cannot be removed now is removed by the next installation, and must not hide why this one failed
    await removeFolder(staging).catch(() => undefined);
  }
}

/** A child of a dead installer may still be writing there for a moment, hence the second tries. */
function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
}

/** The tools that making certain parts takes. */
interface Tools {
  library?: LibraryTools;
  npm?: Tool;
  compiler?: Tool;
}

/** All tools before the first byte: nobody should wait for a download to hear that there is no compiler. */
async function gatherTools(needed: MissingParts): Promise<Tools> {
  const tools: Tools = {};
  if (needed.libtensorflow) tools.library = { ...(await requirePip()), strip: await findStrip() };
  if (needed.tfjsNode) tools.npm = await requireNpm();
  if (needed.tfjsNode || needed.segmentAddon) tools.compiler = await requireCompiler();
  return tools;
}

/**
 * Makes the parts that are missing, all at once as far as one does not need another. A part that fails does not end the
 * others: what they have downloaded by then is kept for the next try.
 */
async function makeParts(job: Job, force: boolean): Promise<void> {
  const { planned } = job;
  const missing = await missingParts(planned);
  const needed = force ? { libtensorflow: !planned.library.own, tfjsNode: true, segmentAddon: true } : missing;
  const { library, npm, compiler } = await gatherTools(needed);
  await requireSpace(planned.home, library === undefined ? bytesForAddons : bytesForLibrary);

  const tasks: Promise<void>[] = [];
  let include = Promise.resolve(planned.library.include);
  if (library !== undefined) {
    include = new Promise((found, failed) => {
      const made = makeLibtensorflow(job, library, found);
      made.catch(failed);
      tasks.push(made);
    });
    // perhaps nobody waits for it, or not yet: the failure itself is thrown below
    include.catch(() => undefined);
  }
  if (npm !== undefined && compiler !== undefined) tasks.push(makeTfjsNode(job, npm, compiler, include));
  if (compiler !== undefined && needed.segmentAddon) tasks.push(makeSegmentAddon(job, compiler, include));
  await inParallel(tasks);
}

async function requireSpace(home: string, bytes: number): Promise<void> {
  const free = await freeBytes(home);
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(2)} GB`;
  if (free < bytes) throw errors.NATIVE_DISK_FULL({ path: home, needed: gigabytes(bytes), free: gigabytes(free) });
}
