import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import { codeOf, incident } from './support.js';

/** A disk of a few hundred kilobytes: a shared-memory file system, which only root may mount. */
const disk = mkdtempSync(join(tmpdir(), 'tfjs-tuner-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk]).status === 0;

afterAll(() => {
  if (mounted) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Leaves `free` bytes at most. */
function fill(free: number): string {
  const { bavail, bsize } = statfsSync(disk);
  const file = join(disk, 'ballast');
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - free)));
  return file;
}

describe.skipIf(!mounted)(`a full disk${mounted ? '' : ' (no permission to mount a small one)'}`, () => {
  it('is told, loses no record, and the study goes on once there is space', async () => {
    const root = join(disk, 'one');
    const store = await StudyStore.create(root, 'a');
    const ballast = fill(20_000);
    let count = 0;
    let code = 'fine';
    while (code === 'fine' && count < 1000) {
      code = await codeOf(() => store.append(incident(count)));
      if (code === 'fine') count++;
    }
    expect(code).toBe('STORE_DISK_FULL');
    expect(store.entries().map(({ record }) => record)).toEqual(Array.from({ length: count }, (_, n) => incident(n)));
    expect(await codeOf(() => store.append(incident(count), incident(count + 1)))).toBe('STORE_DISK_FULL');
    rmSync(ballast);
    store.append(incident(count));
    expect(StudyStore.read(root, 'a').map(({ record }) => record)).toEqual(
      Array.from({ length: count + 1 }, (_, n) => incident(n)),
    );
    store.close();
    rmSync(root, { recursive: true });
  });

  it('fails a checkpoint and leaves the old one', async () => {
    const root = join(disk, 'two');
    const store = await StudyStore.create(root, 'a');
    const reference = await store.writeState('s.state', new Uint8Array(1000).fill(7));
    const ballast = fill(10_000);
    expect(await codeOf(() => store.writeState('s.state', new Uint8Array(100_000)))).toBe('STORE_DISK_FULL');
    expect(readdirSync(join(root, 'a', 'checkpoints'))).toEqual(['s.state']);
    expect(new Uint8Array(await store.readState(reference))[999]).toBe(7);
    rmSync(ballast);
    store.close();
    rmSync(root, { recursive: true });
  });

  it.each([0, 4096, 8192, 12_288, 16_384, 24_576, 32_768, 40_960, 49_152, 65_536])(
    'with %i bytes left has a new study whole or not at all',
    async (free) => {
      const root = join(disk, 'three');
      mkdirSync(root, { recursive: true });
      const ballast = fill(free);
      const made = await StudyStore.create(root, 'a').catch((error: unknown) => error);
      if (made instanceof StudyStore) {
        made.close();
        expect(readdirSync(join(root, 'a')).sort()).toContain('study.sqlite');
      } else {
        expect(made).toMatchObject({ name: 'TunerError', code: expect.stringMatching(/_DISK_FULL$/) });
        expect(readdirSync(root).filter((name) => name !== '.locks')).toEqual([]);
      }
      rmSync(ballast);
      rmSync(root, { recursive: true });
    },
  );
});
