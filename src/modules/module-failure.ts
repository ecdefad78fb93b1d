/** Why a user's module did not load, for a person: Node's errors say so in five different ways. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeThrown } from '../errors/index.js';

export interface ModuleFailure {
  /** `/path/file.ts:12`, or the file alone, or empty where it is not known. */
  readonly where: string;
  readonly problem: string;
  /** What to do. */
  readonly advice: string;
}

const advices = {
  missing:
    'install the package or correct the path; a relative import ends in the file\'s extension, such as "./layers.ts"',
  types:
    'write JavaScript instead of what is more than a type (enums, namespaces, parameter properties): Node runs TypeScript by removing its types',
  export: 'correct the name; what is only a type has to be imported with "import type"',
  syntax: 'mend the syntax there',
  other: 'mend the module there',
} as const;

/** @param entry absolute path of the module that was loaded */
export async function describeFailure(entry: string, error: unknown): Promise<ModuleFailure> {
  const problem = describeThrown(error);
  if (!(error instanceof Error)) return { where: '', problem: `it throws ${problem}`, advice: advices.other };
  const { code } = error as { readonly code?: string };
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return { where: await importerOf(error), problem, advice: advices.missing };
  }
  const isSyntax = error instanceof SyntaxError || error.name === 'SyntaxError';
  const where = headOf(error) ?? (isSyntax ? await findSyntaxError(entry) : frameOf(error)) ?? '';
  return { where, problem, advice: adviceOn(error, isSyntax) };
}

function adviceOn(error: Error & { readonly code?: string }, isSyntax: boolean): string {
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return advices.types;
  if (error.message.includes('does not provide an export named')) return advices.export;
  return isSyntax ? advices.syntax : advices.other;
}

function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}

/** Node puts `file:line` before the stack of an error that it found while parsing or linking. */
function headOf({ stack = '' }: Error): string | undefined {
  const head = /^(file:\/\/\/.+|\/.+):(\d+)$/.exec(stack.split('\n')[0]!);
  return head ? `${toPath(head[1]!)}:${head[2]}` : undefined;
}

/** The innermost line that is not Node's nor a package's. */
function frameOf({ stack = '' }: Error): string | undefined {
  for (const line of stack.split('\n')) {
    const frame = /(?:\(|at (?:async )?)(file:\/\/\/.+?|\/.+?):(\d+):\d+\)?$/.exec(line);
    if (frame && !frame[1]!.includes('/node_modules/')) return `${toPath(frame[1]!)}:${frame[2]}`;
  }
  return undefined;
}

/** Who imports a module that cannot be found: the message names the file, the file's text has the line. */
async function importerOf(error: Error): Promise<string> {
  const imported = /Cannot find (?:module|package) '(.+?)' imported from (.+)$/m.exec(error.message);
  const required = /Cannot find module '(.+?)'\nRequire stack:\n- (.+)/.exec(error.message);
  const [, target, importer] = imported ?? required ?? [];
  if (target === undefined || importer === undefined) return '';
  const file = toPath(importer);
  const name = target.replace(/^.*[\\/]/, '');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const index = lines.findIndex((line) => /['"]/.test(line) && line.includes(name));
  return index === -1 ? file : `${file}:${index + 1}`;
}

/**
 * A syntax error in a JavaScript module does not tell where it is, not even in which file; so the module and all that it
 * imports by relative paths are parsed once more.
 */
async function findSyntaxError(entry: string): Promise<string | undefined> {
  const { transformSync } = await import('@swc/wasm-typescript');
  const files = [entry];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    try {
      transformSync(text, { mode: 'strip-only', filename: file });
    } catch (error) {
      const { startLine } = error as { readonly startLine?: number };
      return startLine === undefined ? file : `${file}:${startLine}`;
    }
    for (const [, specifier] of text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
      const imported = resolve(dirname(file), specifier!);
      if (existsSync(imported) && !files.includes(imported)) files.push(imported);
    }
  }
  return undefined;
}
