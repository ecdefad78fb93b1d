/**
 * Loads modules that users write: models and sweeps, in JavaScript or TypeScript. Used by the main thread and by workers.
 *
 * Node runs TypeScript by removing its types, from 22.18 on. On older ones the same is done here, by the same parser (SWC).
 */
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TunerError } from '../errors/index.js';
import { errors } from './errors.js';
import { inTime } from './in-time.js';
import { describeFailure } from './module-failure.js';

let registered = false;

/** Once a thread: a thread's hooks are inherited by the threads that it starts, but a second registration changes nothing. */
function registerTypeScript(): void {
  // Node's own types know of no such feature before 22.10
  const { typescript } = process.features as { readonly typescript?: string | false };
  if (registered || typescript) return;
  // from sources (in tests) the compiled hook is used: what runs a hook cannot be hooked itself
  const isSource = import.meta.url.endsWith('.ts');
  register(isSource ? '../../dist/src/modules/typescript-hook.js' : './typescript-hook.js', import.meta.url);
  registered = true;
}

/**
 * The exports of a module.
 *
 * @param path of a `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs` file; relative ones start at the working directory
 * @throws MODULES_MISSING; MODULES_FAILED, which names the file and line at fault, when it or a module it imports
 * cannot be found, has a syntax error, needs more than removing its types, throws, or waits for what never happens;
 * MODULES_TOO_SLOW
 */
async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw errors.MODULES_MISSING({ path: absolute });
  registerTypeScript();
  try {
    return await inTime(absolute, untilIdle(quietly(() => import(pathToFileURL(absolute).href))));
  } catch (error) {
    if (error instanceof TunerError) throw error;
    throw errors.MODULES_FAILED({ path: absolute, ...(await describeFailure(absolute, error)) }, error);
  }
}

/** Where a module's top-level await never ends and nothing else is left to do, Node would leave without a word. */
function untilIdle<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // where it waits is not known: the stack would lead here
    const onIdle = () => reject(Object.assign(new Error('its top-level await never ends'), { stack: '' }));
    process.once('beforeExit', onIdle);
    work.finally(() => process.off('beforeExit', onIdle)).then(resolve, reject);
  });
}

/**
 * A module's default export; of a CommonJS module, what it assigns to `module.exports`, or to `exports.default` where it was
 * compiled from an ES module.
 * @throws MODULES_NO_DEFAULT, and as {@link loadModule}
 */
export async function loadDefault(path: string): Promise<unknown> {
  const exported = await loadModule(path);
  let found: unknown;
  try {
    found = await defaultOf(exported);
  } catch (error) {
    const absolute = resolve(path);
    throw errors.MODULES_FAILED({ path: absolute, ...(await describeFailure(absolute, error)) }, error);
  }
  if (found !== undefined) return found;
  throw errors.MODULES_NO_DEFAULT({ path: resolve(path), exported: Object.keys(exported) });
}

/** Reading it may run the module's code: an export may be a promise, or have properties that throw. */
async function defaultOf({ default: value }: Readonly<Record<string, unknown>>): Promise<unknown> {
  const isCompiled = typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value;
  return isCompiled ? value.default : value;
}

/** Loads under way, and what they set aside. */
let loads = 0;
let emitWarning = process.emitWarning;

/** Without Node's remarks on running TypeScript, and on a package.json that does not say what its modules are: both are right here. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  if (loads === 0) {
    emitWarning = process.emitWarning;
    process.emitWarning = emitOthers as typeof emitWarning;
  }
  loads += 1;
  try {
    return await load();
  } finally {
    loads -= 1;
    if (loads === 0) process.emitWarning = emitWarning;
  }
}

function emitOthers(...given: unknown[]): void {
  const isTypeless = (given[1] as { readonly code?: string } | undefined)?.code === 'MODULE_TYPELESS_PACKAGE_JSON';
  const isStripping = given[1] === 'ExperimentalWarning' && String(given[0]).startsWith('Type Stripping');
  if (!isTypeless && !isStripping) (emitWarning as (...all: unknown[]) => void).apply(process, given);
}
