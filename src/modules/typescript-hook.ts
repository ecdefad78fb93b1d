/**
 * Module hooks that remove the types of TypeScript files, for versions of Node that do not do so themselves. What they accept,
 * and the errors for what they do not, are those of newer ones: https://nodejs.org/api/typescript.html#type-stripping.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LoadHook } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';

export const load: LoadHook = async (url, context, nextLoad) => {
  const { protocol, pathname } = new URL(url);
  const isOurs = protocol === 'file:' && /\.[cm]?ts$/.test(pathname) && !pathname.includes('/node_modules/');
  if (!isOurs) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const source = await strip(await readFile(path, 'utf8'), path);
  return { format: await formatOf(path, source), source, shortCircuit: true };
};

/** Types become spaces, so that lines and columns stay what they were. */
async function strip(text: string, filename: string): Promise<string> {
  // not before it is needed: 11 MB in a thread of its own
  const { transformSync } = await import('@swc/wasm-typescript');
  try {
    return transformSync(text, { mode: 'strip-only', filename }).code;
  } catch (error) {
    throw syntaxError(error as SwcError, filename);
  }
}

/** What the parser throws is no `Error`. */
interface SwcError {
  readonly code?: string;
  readonly message?: string;
  readonly snippet?: string;
  readonly startLine?: number;
}

function syntaxError(error: SwcError, filename: string): SyntaxError {
  const message = error.message ?? String(error);
  const isUnsupported = error.code === 'UnsupportedSyntax';
  const thrown = new SyntaxError(message, { cause: error });
  Object.assign(thrown, {
    code: isUnsupported ? 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' : 'ERR_INVALID_TYPESCRIPT_SYNTAX',
  });
  thrown.stack = `${filename}:${error.startLine ?? 1}\n${error.snippet ?? ''}\n${thrown.stack}`;
  return thrown;
}

async function formatOf(path: string, source: string): Promise<'module' | 'commonjs'> {
  const extension = extname(path);
  if (extension === '.mts') return 'module';
  if (extension === '.cts') return 'commonjs';
  return (await packageType(dirname(path))) ?? (hasModuleSyntax(source) ? 'module' : 'commonjs');
}

/** What the nearest package.json says of its modules, if anything. */
async function packageType(folder: string): Promise<'module' | 'commonjs' | undefined> {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return dirname(folder) === folder ? undefined : packageType(dirname(folder));
  const { type } = JSON.parse(await readFile(file, 'utf8')) as { readonly type?: unknown };
  return type === 'module' || type === 'commonjs' ? type : undefined;
}

/**
 * Whether a file can only be an ES module: Node's own rule, which is that it does not compile as CommonJS for one of these
 * reasons (https://nodejs.org/api/packages.html#syntax-detection).
 */
function hasModuleSyntax(source: string): boolean {
  try {
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
    return false;
  } catch (error) {
    return /Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|await is only valid in async functions and the top level bodies of modules/.test(
      String(error),
    );
  }
}
