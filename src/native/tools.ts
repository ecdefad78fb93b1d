import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { lastLine, run } from './child-process.js';
import { errors } from './errors.js';

/** A place that was looked at, and why it will not do (or what is there). */
export interface Tried {
  place: string;
  why: string;
}

/** A program that was found to work, and how to call it: `[program, ...first arguments]`. */
export interface Tool {
  command: readonly [string, ...string[]];
  /** The first line of what it says of its version. */
  version: string;
  tried: readonly Tried[];
}

/** Nothing that works was found. */
export interface NoTool {
  command?: undefined;
  tried: readonly Tried[];
}

/** The file that a command name means on the PATH (a name with a slash means itself), or `undefined`. */
async function findExecutable(name: string): Promise<string | undefined> {
  const places = name.includes('/')
    ? [name]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder || '.', name));
  for (const place of places) {
    if (await isExecutable(place)) return resolve(place);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Tries commands in order, each with arguments that make it print its version; gives the first that succeeds. */
async function firstThatWorks(
  candidates: ReadonlyArray<readonly [string, ...string[]]>,
  versionArguments: readonly string[],
) {
  const tried: Tried[] = [];
  for (const [name, ...first] of candidates) {
    const program = await findExecutable(name);
    if (program === undefined) {
      tried.push({ place: name, why: name.includes('/') ? 'not there, or not executable' : 'not on the PATH' });
      continue;
    }
    const ended = await run(program, [...first, ...versionArguments]);
    const version = `${ended.stdout}\n${ended.stderr}`.trim().split('\n')[0] ?? '';
    tried.push({ place: [program, ...first].join(' '), why: ended.status === 0 ? version : lastLine(ended) });
    if (ended.status === 0) return { command: [program, ...first] as const, version, tried } satisfies Tool;
  }
  return { tried } satisfies NoTool;
}

/** Python 3.6 or newer with `zipfile` and zlib, as `python3` or `python`. */
export function findPython(): Promise<Tool | NoTool> {
  const check =
    'import sys, zipfile, zlib; print("Python " + sys.version.split()[0]); sys.exit(sys.version_info < (3, 6))';
  return firstThatWorks([['python3'], ['python']], ['-c', check]);
}

/** pip, as a module of `python`: which pip a `pip3` on the PATH belongs to cannot be relied on. */
export function findPip(python: Tool): Promise<Tool | NoTool> {
  const [program, ...first] = python.command;
  return firstThatWorks([[program, ...first, '-m', 'pip']], ['--version']);
}

/**
 * npm: the one on the PATH, else the one that came with the running Node. The latter is asked of Node itself, since its
 * starter script looks for `node` on the PATH.
 */
export function findNpm(): Promise<Tool | NoTool> {
  const own = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return firstThatWorks([['npm'], [process.execPath, own]], ['--version']);
}

/** A C++ compiler: the one named by `CXX` and no other where that is set, else `g++`, `c++` or `clang++`. */
export async function findCompiler(): Promise<Tool | NoTool> {
  const named = process.env.CXX?.trim();
  if (!named) return firstThatWorks([['g++'], ['c++'], ['clang++']], ['--version']);
  // by custom CXX may hold arguments ("ccache g++"), but a path with spaces is a path
  const words = (await findExecutable(named)) === undefined ? named.split(/\s+/) : [named];
  return firstThatWorks([words as [string, ...string[]]], ['--version']);
}

/** `strip` of binutils; without it the library is kept as it came, 220 MB larger. */
export function findStrip(): Promise<Tool | NoTool> {
  return firstThatWorks([['strip']], ['--version']);
}

const list = (tried: readonly Tried[]) => tried.map(({ place, why }) => `${place}: ${why}`).join('; ');

/** @throws NATIVE_NO_PYTHON, NATIVE_NO_PIP */
export async function requirePip(): Promise<{ python: Tool; pip: Tool }> {
  const python = await findPython();
  if (python.command === undefined) throw errors.NATIVE_NO_PYTHON({ tried: list(python.tried) });
  const pip = await findPip(python);
  if (pip.command === undefined)
    throw errors.NATIVE_NO_PIP({ python: python.command[0], reason: pip.tried[0]?.why ?? '' });
  return { python, pip };
}

/** @throws NATIVE_NO_NPM */
export async function requireNpm(): Promise<Tool> {
  const npm = await findNpm();
  if (npm.command === undefined) throw errors.NATIVE_NO_NPM({ tried: list(npm.tried) });
  return npm;
}

/** @throws NATIVE_NO_COMPILER */
export async function requireCompiler(): Promise<Tool> {
  const compiler = await findCompiler();
  if (compiler.command === undefined) throw errors.NATIVE_NO_COMPILER({ tried: list(compiler.tried) });
  return compiler;
}
