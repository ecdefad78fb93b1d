import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

// vitest has its own way with modules, so plain Node processes load them here
let compiled: CompiledSource;
const loader = () => JSON.stringify(pathToFileURL(join(compiled.folder, 'src/modules/load-module.js')).href);

interface Loaded {
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly todo: string };
}

const files: Readonly<Record<string, string>> = {
  'plain.mjs': 'export default { a: 1 };',
  'assigned.cjs': 'module.exports = { a: 2 };',
  'compiled.cjs': 'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = { a: 3 };',
  'typed.ts': 'interface A { a: number }\nconst value: A = { a: 4 };\nexport default value satisfies A;',
  'typed.mts': 'export default { a: 5 as number };',
  'typed.cts': 'const value: { a: number } = { a: 6 };\nmodule.exports = value;',
  'commonjs.ts': 'const value: { a: number } = { a: 7 };\nmodule.exports = value;',
  'imports.ts': 'import { type Part, part } from "./part.ts";\nexport default { a: part as Part };',
  'part.ts': 'export type Part = number;\nexport const part: Part = 8;',
  'awaits.ts': 'const a: number = await Promise.resolve(9);\nexport default { a };',
  'typed/package.json': '{ "type": "module" }',
  'typed/model.ts': 'export default { a: 10 as number };',
  'old/package.json': '{}',
  'old/model.ts': 'export default { a: 11 as number };',
  'with space/a b.ts': 'export default { a: 12 as number };',
  'no-default.ts': 'export const other = 1;',
  'enum.ts': '\n\nenum Kind { A }\nexport default Kind;',
  'bad.ts': 'const a = 1;\nconst b: number = ;\nexport default a;',
  'bad.mjs': '// a remark\n\nconst b = ;\nexport default b;',
  'imports-bad.ts': 'import "./part.ts";\nimport b from "./bad.mjs";\nexport default b;',
  'no-file.ts': 'import { x } from "./part.ts";\nimport y from "./nowhere.ts";\nexport default y;',
  'no-package.mjs': '\nimport y from "a-package-that-is-not";\nexport default y;',
  'no-export.ts': '\nimport { Nope } from "./part.ts";\nexport default Nope;',
  'imports-type.ts': 'import { Part } from "./part.ts";\nexport default 1 as Part;',
  'throws.ts':
    'type X = number;\n\nfunction fail(x: X): never {\n  throw new RangeError("too far");\n}\nexport default fail(1);',
  'throws-text.mjs': 'throw "a text";',
};

let folder: string;

beforeAll(() => {
  compiled = compileSource(['errors', 'modules']);
  folder = mkdtempSync(join(tmpdir(), 'tfjs tuner '));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => {
  compiled.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Each name loaded in one Node process, in a worker thread of it if so desired. */
function loadAll(
  names: readonly string[],
  inWorker: boolean,
  env: NodeJS.ProcessEnv = {},
): { loaded: Record<string, Loaded>; stderr: string } {
  const program = `
    const { isMainThread, Worker, parentPort } = await import('node:worker_threads');
    const { loadDefault } = await import(${loader()});
    const loaded = {};
    const alive = setInterval(() => {}, 1000);
    for (const name of ${JSON.stringify(names)}) {
      try {
        loaded[name] = { value: await loadDefault(${JSON.stringify(folder)} + '/' + name) };
      } catch (error) {
        loaded[name] = { error: { code: error.code, message: error.message, todo: error.todo } };
      }
    }
    clearInterval(alive);
    if (isMainThread) console.log(JSON.stringify(loaded));
    else parentPort.postMessage(loaded);`;
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const starter = join(folder, 'starter.mjs');
  writeFileSync(
    starter,
    `import { Worker } from 'node:worker_threads';
     new Worker(new URL('./program.mjs', import.meta.url)).on('message', (loaded) => console.log(JSON.stringify(loaded)));`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [inWorker ? starter : file], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  expect(status, stderr).toBe(0);
  return { loaded: JSON.parse(stdout), stderr };
}

describe('loading modules', () => {
  const good = Object.keys(files).filter((name) => /a: (?:\d+|part|value)/.test(files[name]!) || name === 'awaits.ts');

  it.each([
    { where: 'the main thread', inWorker: false },
    { where: 'a worker thread', inWorker: true },
  ])('loads JavaScript and TypeScript of either module kind in $where, without a warning', ({ inWorker }) => {
    const { loaded, stderr } = loadAll(good, inWorker);
    const values = Object.fromEntries(Object.entries(loaded).map(([name, { value }]) => [name, value]));
    const a = (number: number) => ({ a: number });
    expect(values).toEqual({
      'plain.mjs': a(1),
      'assigned.cjs': a(2),
      'compiled.cjs': a(3),
      'typed.ts': a(4),
      'typed.mts': a(5),
      'typed.cts': a(6),
      'commonjs.ts': a(7),
      'imports.ts': a(8),
      'awaits.ts': a(9),
      'typed/model.ts': a(10),
      'old/model.ts': a(11),
      'with space/a b.ts': a(12),
    });
    expect(stderr).toBe('');
  });

  it('names the file and line at fault, and what to do', () => {
    const bad = Object.keys(files).filter((name) => /^(no-|enum|bad|imports-|throws)/.test(name));
    const { loaded } = loadAll([...bad, 'nothing.ts'], false);
    const at = (file: string) => join(folder, file);
    const told = (name: string) => `${loaded[name]?.error?.message} → ${loaded[name]?.error?.todo}`;
    expect(told('enum.ts')).toMatch(new RegExp(`${at('enum.ts:3')} .*enum is not supported.*→ .*removing its types`));
    expect(told('bad.ts')).toContain(`at ${at('bad.ts:2')} it fails: SyntaxError`);
    expect(told('bad.mjs')).toContain(`at ${at('bad.mjs:3')} it fails: SyntaxError`);
    expect(told('imports-bad.ts')).toContain(`at ${at('bad.mjs:3')} it fails: SyntaxError`);
    expect(told('no-file.ts')).toMatch(new RegExp(`${at('no-file.ts:2')} .*Cannot find module.*→ .*file's extension`));
    expect(told('no-package.mjs')).toMatch(new RegExp(`${at('no-package.mjs:2')} .*Cannot find package.*→ install`));
    expect(told('no-export.ts')).toMatch(new RegExp(`${at('no-export.ts:2')} .*'Nope'`));
    expect(told('imports-type.ts')).toMatch(new RegExp(`${at('imports-type.ts:1')} .*'Part'.*import type`));
    expect(told('throws.ts')).toContain(`at ${at('throws.ts:4')} it fails: RangeError: too far`);
    expect(told('throws-text.mjs')).toContain('it throws a text');
    expect(loaded['no-default.ts']?.error).toMatchObject({
      code: 'MODULES_NO_DEFAULT',
      message: expect.stringContaining('it exports other'),
    });
    expect(loaded['nothing.ts']?.error).toMatchObject({ code: 'MODULES_MISSING' });
  });

  it.each([
    ['the main thread', false],
    ['a worker thread', true],
  ])('does not wait for ever for an await at the top level in %s, and says what it waits for', (_, inWorker) => {
    writeFileSync(join(folder, 'waits.mjs'), 'await new Promise(() => {});\nexport default 1;');
    writeFileSync(join(folder, 'imports-waits.ts'), 'import a from "./waits.mjs";\nexport default a as number;');
    const { loaded, stderr } = loadAll(['imports-waits.ts', 'plain.mjs'], inWorker, { TFJS_TUNER_LOAD_SECONDS: '2' });
    expect(loaded['plain.mjs']).toEqual({ value: { a: 1 } });
    expect(loaded['imports-waits.ts']?.error).toMatchObject({
      code: 'MODULES_TOO_SLOW',
      message: expect.stringMatching(/imports-waits\.ts must load within 2 seconds/),
      todo: expect.stringContaining('TFJS_TUNER_LOAD_SECONDS'),
    });
    expect(stderr).toMatch(/still waiting for the module .*imports-waits\.ts/);
  });

  it('gives a module that is imported from TypeScript the same instance as everybody else', () => {
    writeFileSync(join(folder, 'counter.mjs'), 'export const seen = { count: 0 };');
    writeFileSync(
      join(folder, 'counts.ts'),
      'import { seen } from "./counter.mjs";\nexport default (seen.count += 1) as number;',
    );
    const program = `
      const { loadDefault } = await import(${loader()});
      const { seen } = await import('./counter.mjs');
      await loadDefault(${JSON.stringify(join(folder, 'counts.ts'))});
      await loadDefault(${JSON.stringify(join(folder, 'counts.ts'))});
      console.log(seen.count);`;
    writeFileSync(join(folder, 'counting.mjs'), program);
    expect(execFileSync(process.execPath, [join(folder, 'counting.mjs')], { encoding: 'utf8' })).toBe('1\n');
  });
});
