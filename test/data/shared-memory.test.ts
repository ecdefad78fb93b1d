import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { aligned, allocateShared, columnView } from '../../src/data/index.js';
import { fourRows } from './small-datasets.js';
import { temporaryFolder, writeInto } from './support.js';

// What JavaScript cannot see: the address of a view's first byte, modulo 4096.
const addressSource = `
#include <node_api.h>
#include <stdint.h>
static napi_value address(napi_env env, napi_callback_info info) {
  size_t count = 1, length, offset; napi_value view, buffer, result; napi_typedarray_type type; void *data;
  napi_get_cb_info(env, info, &count, &view, 0, 0);
  napi_get_typedarray_info(env, view, &type, &length, &data, &buffer, &offset);
  napi_create_double(env, (double)((uintptr_t)data % 4096), &result);
  return result;
}
NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "address", 7, address, 0, &function);
  return function;
}`;

const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);

describe('shared memory', () => {
  it('rounds sizes up to the next multiple of 64', () => {
    expect([0, 1, 63, 64, 65, 2 ** 33 + 1].map(aligned)).toEqual([0, 64, 64, 64, 128, 2 ** 33 + 64]);
  });

  it('is zeroed and has the length asked for', () => {
    const buffer = allocateShared(1000);
    expect(buffer.byteLength).toBe(1000);
    expect(new Uint8Array(buffer, 0, 1000).every((byte) => byte === 0)).toBe(true);
    expect(allocateShared(0).byteLength).toBe(1);
  });

  it('is read and written by a worker thread without a copy', async () => {
    const dataset = fourRows();
    const source = `
      const { parentPort } = require('node:worker_threads');
      parentPort.once('message', ({ buffer, columns }) => {
        const x = new Float32Array(buffer, columns[0].byteOffset, 8);
        const read = x[7];
        x[7] = 1234.5;
        parentPort.postMessage(read);
      });`;
    const worker = new Worker(source, { eval: true });
    const read = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(dataset);
    });
    await worker.terminate();
    expect(read).toBe(8);
    expect(columnView(dataset, 'x')[7]).toBe(1234.5);
  });

  describe.skipIf(compiler === undefined)('in memory (skipped: no C compiler to look at addresses with)', () => {
    const folder = temporaryFolder();
    let address: (view: ArrayBufferView) => number;

    beforeAll(() => {
      const require = createRequire(import.meta.url);
      const headers = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
      const source = writeInto(folder, 'address.c', addressSource);
      const addon = join(folder, 'address.node');
      const flags = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
      const built = spawnSync(compiler!, ['-shared', '-fPIC', `-I${headers}`, ...flags, source, '-o', addon]);
      expect(built.stderr.toString()).toBe('');
      address = require(addon);
    });

    it.each([1, 100, 4096, 131_072, 200_000, 50_000_000])('starts on a 64-byte boundary with %d bytes', (bytes) => {
      expect(address(new Uint8Array(allocateShared(bytes), 0, 1)) % 64).toBe(0);
    });

    it('has columns at addresses that are multiples of 64', () => {
      const dataset = fourRows();
      for (const { name } of dataset.columns) expect(address(columnView(dataset, name)) % 64).toBe(0);
    });
  });
});
