import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython, findStrip, type Tool } from '../../src/native/tools.js';
import { stripLibrary, unpackPackage, unpackWheel } from '../../src/native/unpack.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'un pack '));
  out = join(folder, 'out');
  mkdirSync(out);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const python = (await findPython()) as Tool;

/** A wheel with these names in it, each file's text its name. */
function wheel(names: readonly string[]): string {
  const file = join(folder, 'some.whl');
  const script =
    'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:\n  for n in sys.argv[2:]: z.writestr(n, n)';
  execFileSync(python.command[0], ['-c', script, file, ...names]);
  return file;
}

const libraries = ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'];
const quiet = { onHeaders: () => undefined, onBytes: () => undefined };

describe('unpackWheel', () => {
  it('takes libraries and needed headers, and nothing else, headers first', async () => {
    const header = 'tensorflow/include/tensorflow/c/c_api.h';
    const other = ['tensorflow/include/Eigen/Core', 'tensorflow/python/x.py', 'tensorflow/include/tensorflow/c/BUILD'];
    const file = wheel([...other, ...libraries, header]);
    const events: string[] = [];
    const onHeaders = () => events.push(`headers ${readdirSync(join(out, 'include/tensorflow/c')).join()}`);
    await unpackWheel(python, file, out, { onHeaders, onBytes: (done, total) => events.push(`${done}/${total}`) });
    expect(
      readdirSync(out, { recursive: true })
        .filter((name) => statSync(join(out, String(name))).isFile())
        .sort(),
    ).toEqual(['include/tensorflow/c/c_api.h', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
    expect(readFileSync(join(out, 'libtensorflow_cc.so.2'), 'utf8')).toBe(libraries[1]);
    const total = libraries.join('').length;
    expect(events).toEqual(['headers c_api.h', `${libraries[0]!.length}/${total}`, `${total}/${total}`]);
  });

  it('says so when it is no wheel, or not that one', async () => {
    const file = wheel(['tensorflow/libtensorflow_cc.so.2']);
    await expect(unpackWheel(python, file, out, quiet)).rejects.toMatchObject({
      code: 'NATIVE_UNPACK_FAILED',
      message: expect.stringContaining('libtensorflow_framework.so.2'),
    });
    writeFileSync(file, 'not a zip');
    await expect(unpackWheel(python, file, out, quiet)).rejects.toMatchObject({ code: 'NATIVE_UNPACK_FAILED' });
  });

  it('says that the disk is full', async () => {
    const limited: Tool = { ...python, command: ['/bin/sh', '-c', 'exec "$@"', 'sh', ...python.command] };
    // a file that takes no bytes stands in for the disk
    mkdirSync(join(out, 'include/tensorflow/c'), { recursive: true });
    execFileSync('ln', ['-s', '/dev/full', join(out, 'libtensorflow_framework.so.2')]);
    await expect(unpackWheel(limited, wheel(libraries), out, quiet)).rejects.toMatchObject({ code: 'FILES_DISK_FULL' });
  });
});

describe('unpackPackage', () => {
  it('unpacks without the first folder, and refuses what is no package', async () => {
    mkdirSync(join(folder, 'package/dist'), { recursive: true });
    writeFileSync(join(folder, 'package/dist/a.js'), 'a');
    execFileSync('tar', ['czf', join(folder, 'p.tgz'), '-C', folder, 'package']);
    await unpackPackage(join(folder, 'p.tgz'), join(out, 'deep'));
    expect(readFileSync(join(out, 'deep/dist/a.js'), 'utf8')).toBe('a');
    writeFileSync(join(folder, 'p.tgz'), 'not a tarball, whatever its name says');
    await expect(unpackPackage(join(folder, 'p.tgz'), out)).rejects.toMatchObject({ code: 'NATIVE_UNPACK_FAILED' });
  });
});

describe('stripLibrary', () => {
  it('leaves what it cannot strip as it was', async () => {
    const strip = await findStrip();
    if (strip.command === undefined) return;
    const file = join(folder, 'lib.so');
    writeFileSync(file, 'no library');
    expect(await stripLibrary(strip, file)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('no library');
    expect(readdirSync(folder).sort()).toEqual(['lib.so', 'out']);
  });
});
