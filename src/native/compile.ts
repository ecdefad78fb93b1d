import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileError } from '../files/index.js';
import { type Ended, run } from './child-process.js';
import { errors } from './errors.js';
import { inParallel } from './in-parallel.js';
import type { Libtensorflow } from './libtensorflow.js';
import type { Tool } from './tools.js';

/** N-API 8 (Node 12.22, 14.17, 15.12 and all since): one build serves every Node. */
const objectFlags = ['-O2', '-std=c++17', '-fPIC', '-pipe', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];

/**
 * `-z now`: a function that this libtensorflow lacks fails the loading, with its name, instead of the first call.
 * `--no-as-needed`: Ubuntu's compiler drops libraries that it thinks unused, as the stand-ins below look.
 */
const linkFlags = ['-shared', '-Wl,-z,now', '-Wl,--no-as-needed', '-Wl,--unresolved-symbols=ignore-all'];

/** Everything that decides what a compiled addon is, apart from sources and library. */
export const compileFlags: readonly string[] = [...objectFlags, ...linkFlags];

/** Where compilations leave their work and what they are called in messages. */
export interface Workshop {
  compiler: Tool;
  /** An existing folder, for objects and the compiler's temporary files. */
  folder: string;
  /** Folder for the full output of a failed compilation. */
  logs: string;
  signal?: AbortSignal | undefined;
}

/**
 * Compiles one C++ file into an object file in the workshop. Gives the object's path.
 * @throws NATIVE_COMPILE_FAILED, FILES_DISK_FULL
 */
export async function compileObject(workshop: Workshop, source: string, includes: readonly string[]): Promise<string> {
  const object = join(workshop.folder, `${basename(source)}.o`);
  // resolved by Node: the headers are a dependency of this package, wherever it is installed
  const nodeHeaders = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  const folders = [nodeHeaders, ...includes].flatMap((folder) => ['-I', folder]);
  await compile(workshop, basename(source), [...objectFlags, ...folders, '-c', source, '-o', object]);
  return object;
}

/**
 * Links objects into the addon `output`, in a part's staging folder, so that in its final place it finds the library's
 * files. `place` is where `output` will lie.
 * @throws NATIVE_COMPILE_FAILED, FILES_DISK_FULL
 */
export async function linkAddon(
  workshop: Workshop,
  objects: readonly string[],
  output: string,
  needs?: { library: Libtensorflow; place: string },
): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  const libraries = needs === undefined ? [] : await linkedLibraries(workshop, needs.library);
  const path = needs === undefined ? [] : ['-Xlinker', '-rpath', '-Xlinker', runPath(needs.library, needs.place)];
  await compile(workshop, basename(output), [...linkFlags, ...objects, ...libraries, ...path, '-o', output]);
}

/** Relative within our own home, so that the home can be moved; as -Xlinker, since -Wl would split a path at commas. */
function runPath(library: Libtensorflow, place: string): string {
  const folder = dirname(library.libraries[0]!);
  return library.own ? folder : `$ORIGIN/${relative(dirname(place), folder)}`;
}

/**
 * What to link with. The pinned library is stood in for by an empty one of the same name, so that the addon refers to it:
 * to read the hundred thousand names of the real one takes the linker 6 to 9 s an addon (measured), and needs the library
 * to be there. A user's own library is linked as it is, since its name within (SONAME) is not known.
 */
async function linkedLibraries(workshop: Workshop, library: Libtensorflow): Promise<readonly string[]> {
  if (library.own) return library.libraries;
  return inParallel(
    library.libraries.map(async (path) => {
      const name = basename(path);
      const standIn = join(workshop.folder, name);
      await compile(workshop, name, ['-shared', `-Wl,-soname,${name}`, '-x', 'c++', '/dev/null', '-o', standIn]);
      return standIn;
    }),
  );
}

async function compile(workshop: Workshop, what: string, args: readonly string[]): Promise<void> {
  const { compiler, folder, signal } = workshop;
  const [program, ...first] = compiler.command;
  const ended = await run(program, [...first, ...args], { folder, signal, environment: { TMPDIR: folder } });
  if (ended.status === 0) return;
  if (/No space left on device/.test(ended.stderr))
    throw fileError('compile in', folder, Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  const log = await writeLog(workshop.logs, what, [program, ...first, ...args], ended);
  const lines = `${ended.stderr}\n${ended.stdout}`.trim().split('\n').slice(-shownLines).join('\n');
  const why =
    lines || (ended.startError?.message ?? (ended.signal === null ? `exit status ${ended.status}` : `${ended.signal}`));
  throw errors.NATIVE_COMPILE_FAILED({ what, compiler: program, lines: why, log });
}

const shownLines = 12;

async function writeLog(logs: string, what: string, command: readonly string[], ended: Ended): Promise<string> {
  const log = join(logs, `compile-${what}.log`);
  const quoted = command
    .map((word) => (/[^\w./+=:,-]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word))
    .join(' ');
  await mkdir(logs, { recursive: true });
  await writeFile(log, `${quoted}\n\n${ended.stderr}${ended.stdout}`);
  return log;
}
