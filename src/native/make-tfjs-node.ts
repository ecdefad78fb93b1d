import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { verify } from './checksum.js';
import { compileObject, linkAddon, type Workshop } from './compile.js';
import { downloadPackage } from './download.js';
import { inParallel } from './in-parallel.js';
import { type Job, workshop } from './job.js';
import { bindingFile, openQuietlyFile } from './locate.js';
import { openQuietlySource } from './open-quietly.js';
import { commit } from './parts.js';
import { applyPatch, sourcePatches } from './tfjs-node-patches.js';
import { standInPackages, tfjsStandIn } from './tfjs-stand-in.js';
import type { Tool } from './tools.js';
import { unpackPackage } from './unpack.js';
import { packages } from './versions.js';

/** Downloads tfjs-node, compiles its addon against the headers in `include` when they are there, and puts it in place. */
export async function makeTfjsNode(job: Job, npm: Tool, compiler: Tool, include: Promise<string>): Promise<void> {
  const staged = join(job.folder, 'tfjs-node');
  await fetchPackages(job, npm, staged);
  await patchSources(staged);
  await writeStandIns(staged);
  const headers = await include;
  job.report({ part: 'tfjs-node', phase: 'compile' });
  const shop = workshop(job, compiler, 'tfjs-node-build');
  await mkdir(shop.folder);
  await inParallel([buildBinding(job, shop, staged, headers), buildOpenQuietly(shop, staged)]);
  await commit(staged, job.planned.tfjsNodeFolder, [
    bindingFile,
    openQuietlyFile,
    join('dist', 'nodejs_kernel_backend.js'),
    join('dist', 'register_all_kernels.js'),
    join('dist', 'proto', 'api_pb.js'),
    join('node_modules', 'google-protobuf', 'google-protobuf.js'),
    ...standInPackages.map(standInFile),
  ]);
  job.report({ part: 'tfjs-node', phase: 'done', fraction: 1 });
}

async function fetchPackages(job: Job, npm: Tool, staged: string): Promise<void> {
  let done = 0;
  const report = (phase: 'download' | 'unpack') =>
    job.report({ part: 'tfjs-node', phase, fraction: done / packages.length });
  report('download');
  const files = await inParallel(
    packages.map(async (pinned) => {
      const what = `${pinned.name}@${pinned.version}`;
      const file = await downloadPackage(npm, pinned, join(job.folder, 'packages', basename(pinned.name)), job.signal);
      await verify(file, what, pinned.integrity, job.signal);
      done += 1;
      report('download');
      return { file, folder: join(staged, pinned.folder) };
    }),
  );
  report('unpack');
  for (const { file, folder } of files) await unpackPackage(file, folder);
}

async function patchSources(staged: string): Promise<void> {
  for (const patch of sourcePatches) {
    const file = join(staged, patch.file);
    await writeFile(file, applyPatch(await readFile(file, 'utf8'), patch));
  }
}

const standInFile = (name: string) => join('node_modules', ...name.split('/'), 'index.js');

async function writeStandIns(staged: string): Promise<void> {
  for (const name of standInPackages) {
    const file = join(staged, standInFile(name));
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, tfjsStandIn);
  }
}

async function buildBinding({ planned }: Job, shop: Workshop, staged: string, include: string): Promise<void> {
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(staged, 'binding', name));
  const includes = [include, staged, join(staged, 'binding')];
  const objects = await inParallel(sources.map((source) => compileObject(shop, source, includes)));
  const needs = { library: planned.library, place: planned.paths.tfjsBinding };
  await linkAddon(shop, objects, join(staged, bindingFile), needs);
}

async function buildOpenQuietly(shop: Workshop, staged: string): Promise<void> {
  const source = join(shop.folder, 'open_quietly.cc');
  await writeFile(source, openQuietlySource);
  await linkAddon(shop, [await compileObject(shop, source, [])], join(staged, openQuietlyFile));
}
