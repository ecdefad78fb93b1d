import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chosenLibtensorflow, contentKey } from '../../src/native/libtensorflow.js';
import { type FakeTools, fakeTools } from './fake-tools.js';

let tools: FakeTools;
beforeEach(() => {
  tools = fakeTools();
});
afterEach(() => tools.remove());

function layOut(folder: string, names: readonly string[]): string {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return folder;
}

const headers = ['include/tensorflow/c/c_api.h', 'include/tensorflow/c/eager/c_api.h'];
const wheel = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2', ...headers];
const distribution = ['lib/libtensorflow_framework.so.2', 'lib/libtensorflow.so.2', ...headers];

describe('chosenLibtensorflow', () => {
  it('is the pinned one in the home folder unless another is named', async () => {
    const library = await chosenLibtensorflow('/a home');
    expect(library.own).toBe(false);
    expect(library.folder).toMatch(/^\/a home\/libtensorflow\/2\.21\.0-cpu-linux-x64-[\da-f]{16}$/);
    expect(library.libraries.map((path) => dirname(path))).toEqual([library.folder, library.folder]);
  });

  it.each([
    ['a wheel', wheel, '.'],
    ['a C distribution', distribution, 'lib'],
  ])('takes %s, with the framework first', async (_, names, below) => {
    const folder = layOut(join(tools.folder, 'own lib'), names);
    process.env.TFJS_TUNER_LIBTENSORFLOW = folder;
    const library = await chosenLibtensorflow('/home');
    expect(library.own).toBe(true);
    expect(library.include).toBe(join(folder, 'include'));
    expect(library.libraries[0]).toBe(join(folder, below, 'libtensorflow_framework.so.2'));
    expect(library.libraries).toHaveLength(2);
  });

  it('has another key when a library is replaced, and the same while it is not', async () => {
    process.env.TFJS_TUNER_LIBTENSORFLOW = layOut(join(tools.folder, 'own'), wheel);
    const keys = [await chosenLibtensorflow('/h'), await chosenLibtensorflow('/h')].map(({ key }) => key);
    utimesSync(join(tools.folder, 'own/libtensorflow_cc.so.2'), 1, 1);
    keys.push((await chosenLibtensorflow('/h')).key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('says what is lacking of either layout, and only that', async () => {
    process.env.TFJS_TUNER_LIBTENSORFLOW = layOut(join(tools.folder, 'own'), [wheel[0]!, ...headers]);
    await expect(chosenLibtensorflow('/h')).rejects.toMatchObject({
      code: 'NATIVE_LIBTENSORFLOW_INVALID',
      message: expect.stringMatching(/a wheel would have libtensorflow_cc\.so\.2; a C distribution would have lib\//),
    });
  });

  it('refuses a colon, which no run path can hold', async () => {
    process.env.TFJS_TUNER_LIBTENSORFLOW = layOut(join(tools.folder, 'a:b'), wheel);
    await expect(chosenLibtensorflow('/h')).rejects.toMatchObject({ message: expect.stringContaining('colon') });
  });
});

describe('contentKey', () => {
  it('tells contents apart, also where their texts run together', () => {
    const keys = [contentKey('ab', 'c'), contentKey('a', 'bc'), contentKey(['ab', 'c']), contentKey()];
    expect(new Set(keys).size).toBe(4);
    expect(contentKey('ab', 'c')).toBe(keys[0]);
    for (const key of keys) expect(key).toMatch(/^[\da-f]{16}$/);
  });
});
