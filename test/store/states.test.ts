import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import type { StateReference } from '../../src/study/index.js';
import { codeOf, makeRoot } from './support.js';

async function withStore(use: (store: StudyStore, folder: string) => Promise<void>): Promise<void> {
  const root = makeRoot();
  const store = await StudyStore.create(root, 'a');
  try {
    await use(store, join(root, 'a', 'checkpoints'));
  } finally {
    store.close();
  }
}

/** `length` bytes that do not repeat soon. */
function patterned(length: number, shared: boolean): Uint8Array {
  const buffer = shared ? new SharedArrayBuffer(length + 16) : new ArrayBuffer(length + 16);
  const bytes = new Uint8Array(buffer, 16, length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17) & 255;
  return bytes;
}

describe('checkpoints', () => {
  it.each([0, 1, 4095, 1 << 22, (1 << 22) + 1, 9_000_000])('of %i bytes come back as they were', (length) =>
    withStore(async (store, folder) => {
      for (const shared of [false, true]) {
        const bytes = patterned(length, shared);
        const reference = await store.writeState(`s-${shared}.state`, bytes);
        expect(reference).toMatchObject({ file: `s-${shared}.state`, bytes: length });
        const read = await store.readState(reference);
        expect(read).toBeInstanceOf(SharedArrayBuffer);
        expect(Buffer.compare(Buffer.from(read), bytes)).toBe(0);
        expect(Buffer.compare(readFileSync(join(folder, reference.file)), bytes)).toBe(0);
      }
    }),
  );

  it('with the same contents have the same digest, those with others another', () =>
    withStore(async (store) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 50 }), async (a, b) => {
          const [first, second] = [await store.writeState('a', a), await store.writeState('b', b)];
          expect(first.sha256 === second.sha256).toBe(Buffer.compare(a, b) === 0);
        }),
        { numRuns: 30 },
      );
    }));

  it('are replaced by those of the same name', () =>
    withStore(async (store, folder) => {
      const old = await store.writeState('s', new Uint8Array([1]));
      const now = await store.writeState('s', new Uint8Array([2, 3]));
      expect([...new Uint8Array(await store.readState(now))]).toEqual([2, 3]);
      expect(await codeOf(() => store.readState(old))).toBe('STORE_STATE_DAMAGED');
      expect(readdirSync(folder)).toEqual(['s']);
    }));

  it.each([
    ['missing', (path: string) => rmSync(path), 'STORE_STATE_MISSING'],
    ['cut short', (path: string) => truncateSync(path, 99), 'STORE_STATE_DAMAGED'],
    ['longer', (path: string) => writeFileSync(path, 'x', { flag: 'a' }), 'STORE_STATE_DAMAGED'],
    ['empty', (path: string) => truncateSync(path, 0), 'STORE_STATE_DAMAGED'],
    [
      'changed in one bit',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[50]! ^= 4;
        writeFileSync(path, bytes);
      },
      'STORE_STATE_DAMAGED',
    ],
    [
      'a folder',
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
      'STORE_STATE_DAMAGED',
    ],
  ])('that are %s are refused, with what to do', (_, damage, code) =>
    withStore(async (store, folder) => {
      const reference = await store.writeState('s.state', patterned(100, false));
      damage(join(folder, 's.state'));
      const error = await store.readState(reference).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, message: expect.stringContaining(join(folder, 's.state')) });
      expect((error as { todo: string }).todo).toMatch(/restore the file from a copy/);
    }),
  );

  it.each(['', '.', '..', '../s', 'a/b', '.hidden', 'a b', '/etc/passwd', 'x'.repeat(201)])(
    'are not called %j',
    (file) =>
      withStore(async (store) => {
        expect(await codeOf(() => store.writeState(file, new Uint8Array(1)))).toBe('STORE_BAD_STATE_NAME');
        const reference: StateReference = { file, bytes: 1, sha256: '' };
        expect(await codeOf(() => store.readState(reference))).toBe('STORE_BAD_STATE_NAME');
      }),
  );

  it('that are not kept are swept, with what killed processes left, and nothing else', () =>
    withStore(async (store, folder) => {
      for (const name of ['a.state', 'b.state', 'c.state']) await store.writeState(name, new Uint8Array(8));
      writeFileSync(join(folder, '.tfjs-tuner-0123456789abcdef.tmp'), 'half');
      writeFileSync(join(folder, '.gitignore'), '*');
      mkdirSync(join(folder, 'mine'));
      await store.sweepStates(new Set(['b.state', 'missing.state']));
      expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'b.state', 'mine']);
      await store.sweepStates(new Set());
      expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'mine']);
    }));

  it('that are being written are not swept', () =>
    withStore(async (store, folder) => {
      const bytes = patterned(9_000_000, true);
      const writing = [
        store.writeState('a.state', bytes),
        store.writeState('a.state', bytes),
        store.writeState('b.state', bytes),
      ];
      const sweeping = (async () => {
        for (let i = 0; i < 20; i++) await store.sweepStates(new Set());
      })();
      const [reference] = await Promise.all(writing);
      await sweeping;
      expect(reference!.bytes).toBe(9_000_000);
      await store.writeState('a.state', bytes);
      await store.sweepStates(new Set(['a.state']));
      expect(readdirSync(folder)).toEqual(['a.state']);
    }));
});
