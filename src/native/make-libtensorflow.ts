import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { verify } from './checksum.js';
import { downloadWheel } from './download.js';
import type { Job } from './job.js';
import { commit } from './parts.js';
import type { Phase } from './progress.js';
import type { NoTool, Tool } from './tools.js';
import { stripLibrary, unpackWheel } from './unpack.js';
import { wheel } from './versions.js';

export interface LibraryTools {
  python: Tool;
  pip: Tool;
  strip: Tool | NoTool;
}

/**
 * Downloads the wheel and puts what is needed of it in place. `onHeaders` is told of a folder with the headers (a copy, which
 * stays until the job's end) as soon as they are there: compiling need not wait for the libraries.
 */
export async function makeLibtensorflow(
  job: Job,
  tools: LibraryTools,
  onHeaders: (include: string) => void,
): Promise<void> {
  const { folder, signal } = job;
  const report = (phase: Phase, bytes: number, totalBytes: number) => {
    const fraction = Math.min(1, bytes / totalBytes);
    job.report({ part: 'libtensorflow', phase, fraction, bytes: Math.min(bytes, totalBytes), totalBytes });
  };
  const downloads = join(folder, 'wheel');
  report('download', 0, wheel.bytes);
  const file = await downloadWheel(tools.pip, downloads, (bytes) => report('download', bytes, wheel.bytes), signal);
  report('download', wheel.bytes, wheel.bytes);
  report('verify', 0, wheel.bytes);
  await verify(file, wheel.requirement, wheel.sha256, signal);

  const staged = join(folder, 'libtensorflow');
  await mkdir(staged);
  let headers: Promise<void> = Promise.resolve();
  const copyHeaders = () => {
    const copy = join(folder, 'include');
    headers = cp(join(staged, 'include'), copy, { recursive: true }).then(() => onHeaders(copy));
    // awaited below; until then a failure must not count as unhandled
    headers.catch(() => undefined);
  };
  const progress = {
    onHeaders: copyHeaders,
    onBytes: (bytes: number, total: number) => report('unpack', bytes, total),
  };
  await unpackWheel(tools.python, file, staged, progress, signal);
  await headers;
  // before strip, which needs the space
  await rm(downloads, { recursive: true });
  await stripAll(job, tools.strip, staged);
  await commit(staged, job.planned.library.folder, [
    ...libraryNames(job),
    join('include', 'tensorflow', 'c', 'c_api.h'),
  ]);
  job.report({ part: 'libtensorflow', phase: 'done', fraction: 1 });
}

const libraryNames = (job: Job) => job.planned.library.libraries.map((path) => basename(path));

async function stripAll(job: Job, strip: Tool | NoTool, staged: string): Promise<void> {
  if (strip.command === undefined) return;
  job.report({ part: 'libtensorflow', phase: 'strip' });
  for (const name of libraryNames(job)) await stripLibrary(strip, join(staged, name), job.signal);
}
