/** Reading what a sweep is written in, before it is known to be a sweep. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { systemCode } from '../files/index.js';
import { loadDefault } from '../modules/index.js';
import { errors } from './errors.js';
import type { Path } from './sweep-problem.js';

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

/** Lines and columns are counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
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
  if (language !== undefined) return { ...common, module: null, ...parse(path, language, await readText(path)) };
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

/** JSON is read as the YAML that it also is, for the sake of positions. */
function parse(path: string, language: string, text: string): Pick<SweepSource, 'value' | 'locate'> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  // what is a warning to YAML (a tag that nothing is known of) changes the value's meaning
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const described = problems.map(({ pos, message }) => {
      const { line, column } = placeOf(pos[0]);
      return `line ${line}, column ${column}: ${message}`;
    });
    throw errors.TUNER_SWEEP_SYNTAX({ path, language, problems: described });
  }
  const locate = (keys: Path) => {
    const offset = offsetOf(document, keys);
    return offset === undefined ? undefined : placeOf(offset);
  };
  return { value: toValue(document, path, language), locate };
}

function toValue(document: Document, path: string, language: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // too many aliases: a document that grows beyond all bounds
    const message = error instanceof Error ? error.message : String(error);
    throw errors.TUNER_SWEEP_SYNTAX({ path, language, problems: [message] }, error);
  }
}

/** Where the last key of the path that is there begins. */
function offsetOf(document: Document, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    const value: Node | undefined = isAlias(node) ? node.resolve(document) : isNode(node) ? node : undefined;
    if (isMap(value)) {
      const pair = value.items.find(({ key: one }) => String(isScalar(one) ? one.value : one) === String(key));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(value)) {
      node = value.items[Number(key)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
