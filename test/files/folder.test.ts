import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureDirectory, freeBytes } from '../../src/files/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('ensureDirectory', () => {
  it('creates all that is missing, gives the absolute path, and may be called again', async () => {
    const deep = join(folder, 'a', 'b c', 'ü');
    expect(await ensureDirectory(relative(process.cwd(), deep))).toBe(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    expect(await ensureDirectory(deep)).toBe(deep);
  });

  it('names a file that is in the way, as the last part or before', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      await expect(ensureDirectory(path)).rejects.toMatchObject({
        code: 'FILES_NO_FOLDER',
        message: expect.stringContaining(path),
      });
    }
  });

  it('may be called many times at once', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => ensureDirectory(deep))))).toEqual(
      new Set([deep]),
    );
  });

  it('refuses a place where nobody may create folders', async () => {
    await expect(ensureDirectory('/proc/tfjs-tuner')).rejects.toMatchObject({ code: expect.stringMatching(/^FILES_/) });
  });
});

describe('freeBytes', () => {
  it('agrees with df, also for a path that is still to be made', async () => {
    const wanted = Number(execFileSync('df', ['--output=avail', '-B1', folder], { encoding: 'utf8' }).split('\n')[1]);
    const missing = join(folder, 'not', 'yet');
    const free = await freeBytes(missing);
    // others write to the same disk meanwhile
    expect(Math.abs(free - wanted)).toBeLessThan(4e9);
    expect(free).toBeGreaterThan(0);
    expect(existsSync(missing)).toBe(false);
  });
});
