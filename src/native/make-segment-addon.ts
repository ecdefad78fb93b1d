import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileObject, linkAddon } from './compile.js';
import { type Job, workshop } from './job.js';
import { segmentFile } from './locate.js';
import { commit } from './parts.js';
import type { Tool } from './tools.js';

/** Compiles the companion addon against the headers in `include` when they are there, and puts it in place. */
export async function makeSegmentAddon(job: Job, compiler: Tool, include: Promise<string>): Promise<void> {
  const { library, source, segmentFolder, paths } = job.planned;
  const headers = await include;
  job.report({ part: 'segment-addon', phase: 'compile' });
  const shop = workshop(job, compiler, 'segment-build');
  await mkdir(shop.folder);
  const staged = join(job.folder, 'segment-addon');
  const object = await compileObject(shop, source.main, [headers, source.folder]);
  await linkAddon(shop, [object], join(staged, segmentFile), { library, place: paths.segmentAddon });
  await commit(staged, segmentFolder, [segmentFile]);
  job.report({ part: 'segment-addon', phase: 'done', fraction: 1 });
}
