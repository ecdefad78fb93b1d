import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileObject, linkAddon, type Workshop } from '../../src/native/compile.js';
import { requireCompiler } from '../../src/native/tools.js';
import { type FakeTools, fakeTools } from './fake-tools.js';

const originalPath = (process.env.PATH ?? '').split(delimiter);
let tools: FakeTools;
let workshop: Workshop;
async function start(keep: readonly string[] = []): Promise<void> {
  tools = fakeTools(keep);
  const folder = join(tools.folder, 'a work, shop');
  mkdirSync(folder);
  workshop = { compiler: { command: [''], version: '', tried: [] }, folder, logs: join(tools.folder, 'logs') };
}
afterEach(() => tools.remove());

/** A source file in the workshop's folder. */
function source(name: string, text: string): string {
  const path = join(workshop.folder, name);
  writeFileSync(path, text);
  return path;
}

describe('compiling with a real compiler', () => {
  beforeEach(async () => {
    await start(originalPath);
    workshop.compiler = await requireCompiler();
  });

  it('makes an addon that loads, in a folder with a space and a comma in its name', async () => {
    const addon = `#include <node_api.h>
      NAPI_MODULE_INIT() { napi_value v; napi_create_int32(env, 42, &v); return v; }`;
    const output = join(tools.folder, 'out, put', 'answer.node');
    await linkAddon(workshop, [await compileObject(workshop, source('answer.cc', addon), [])], output);
    expect(createRequire(import.meta.url)(output)).toBe(42);
  });

  it('says what the compiler says, and where all of it is', async () => {
    const broken = source('broken.cc', 'int main() { return no_such_name; }\n');
    const error = await compileObject(workshop, broken, []).catch((error) => error);
    expect(error.code).toBe('NATIVE_COMPILE_FAILED');
    expect(error.message).toContain('broken.cc');
    expect(error.message).toContain('no_such_name');
    expect(readFileSync(join(workshop.logs, 'compile-broken.cc.log'), 'utf8')).toContain('no_such_name');
    expect(error.message).toContain(join(workshop.logs, 'compile-broken.cc.log'));
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const slow = source('slow.cc', '#include <map>\n#include <string>\n#include <regex>\nstd::regex r("a");\n');
    const compiling = compileObject({ ...workshop, signal: controller.signal }, slow, []);
    controller.abort(reason);
    await expect(compiling).rejects.toBe(reason);
  });
});

describe('compiling with a compiler that', () => {
  beforeEach(() => start());
  const use = async (script: string, name = 'my c++') => {
    process.env.CXX = tools.add(name, `case "$*" in --version) echo "fake 1" ;; *) ${script} ;; esac`);
    workshop.compiler = await requireCompiler();
    return compileObject(workshop, source('x.cc', ''), ['/an include/folder']).catch((error) => error);
  };

  it('prints much before it fails: the last lines are shown, all of them kept', async () => {
    const error = await use('i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo "line $i"; done >&2; exit 1');
    expect(error.message).toMatch(/\nline 39\nline 40\n(?:line \d+\n)*line 50\n/);
    expect(error.message).not.toContain('line 38\n');
    const log = readFileSync(join(workshop.logs, 'compile-x.cc.log'), 'utf8');
    expect(log).toMatch(/^'.*my c\+\+' .*-std=c\+\+17.*\n\nline 1\n(?:line \d+\n)*line 50\n$/);
    expect(log).toContain("-I '/an include/folder'");
  });

  it('dies silently', async () => {
    expect((await use('kill -9 $$')).message).toContain('SIGKILL');
    expect((await use('exit 7')).message).toContain('exit status 7');
  });

  it('finds no space on the disk', async () => {
    const error = await use('echo "x.s: final close failed: No space left on device" >&2; exit 1');
    expect(error.code).toBe('FILES_DISK_FULL');
  });

  it('is given as a command with arguments', async () => {
    tools.add('cache', 'shift; exec echo "$@"');
    process.env.CXX = 'cache fake-compiler -a';
    expect((await requireCompiler()).command.slice(1)).toEqual(['fake-compiler', '-a']);
  });
});
