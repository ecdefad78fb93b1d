/** Reading what a sweep is written in, before it is known to be a sweep. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { systemCode } from '../files/index.js';
import { loadDefault } from '../modules/index.js';
import { errors } from './errors.js';
import type { Path } from './sweep-problem.js';
import { type Place, parseText } from './sweep-text.js';

/** A sweep's contents and where they come from. */
export interface SweepSource {
  /** For messages. */
  readonly name: string;
  readonly value: unknown;
  /** Where relative paths in it start. */
  readonly baseDirectory: string;
  /** Absolute path of the module that it is; `null` if it is none. */
  readonly module: string | null;
  /** The study's name unless the sweep gives one. */
  readonly study: string | undefined;
  /** Where a path of keys is written, or what is nearest above it. `undefined` where that is not known. */
  readonly locate: (path: Path) => Place | undefined;
}

const modules = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
const languages: Readonly<Record<string, string>> = { '.yaml': 'YAML', '.yml': 'YAML', '.json': 'JSON' };

/** An object that was made in this process. Relative paths start at the working directory. */
export function objectSource(value: object): SweepSource {
  return {
    name: 'the sweep',
    value,
    baseDirectory: process.cwd(),
    module: null,
    study: undefined,
    locate: () => undefined,
  };
}

/** @throws TUNER_SWEEP_MISSING, TUNER_SWEEP_UNREADABLE, TUNER_SWEEP_KIND, TUNER_SWEEP_SYNTAX, MODULES_… */
export async function fileSource(given: string): Promise<SweepSource> {
  const path = resolve(given);
  const extension = extname(path).toLowerCase();
  const common = { name: `the sweep ${path}`, baseDirectory: dirname(path), study: studyOf(path) };
  const language = languages[extension];
  if (language !== undefined) return { ...common, module: null, ...parseText(path, language, await readText(path)) };
  // also a missing file of an unknown kind is missing in the first place
  await readText(path);
  if (!modules.includes(extension)) {
    throw errors.TUNER_SWEEP_KIND({ path, known: [...Object.keys(languages), ...modules] });
  }
  return { ...common, module: path, value: await loadDefault(path), locate: () => undefined };
}

/** The file's name without its extension, as far as it can name a study. */
function studyOf(path: string): string | undefined {
  const name = basename(path, extname(path)).replace(/[^A-Za-z0-9._-]+/g, '-');
  return name.replace(/^[._-]+/, '').slice(0, 100) || undefined;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (systemCode(error) !== 'ENOENT') throw errors.TUNER_SWEEP_UNREADABLE({ path, reason }, error);
    throw errors.TUNER_SWEEP_MISSING({ path, near: neighbours(path) }, error);
  }
}

function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}
