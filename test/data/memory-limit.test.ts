import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importFile, withMemoryLimit } from '../../src/data/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner memory limit '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the memory that a data set may take', () => {
  const [imported, file] = [join(root, 'imported'), join(root, 'large.arrow')];

  beforeAll(async () => {
    const table = join(root, 'rows.csv');
    writeFileSync(table, `x,y\n${Array.from({ length: 20 }, (_, row) => `${row},${row % 2}\n`).join('')}`);
    await importFile(table, { to: imported, target: 'y', baseDirectory: root, version: '0.0.0' });
    writeFileSync(file, '');
    // takes no room on the disk
    truncateSync(file, 400 * 2 ** 20);
  });

  it('is half of what is free, in steps of 64 MiB, for a file that is larger than that', async () => {
    const free = vi.spyOn(process, 'availableMemory').mockReturnValue(600 * 2 ** 20);
    expect(await withMemoryLimit(file)).toEqual({ path: file, memory: 256 * 2 ** 20 });
    free.mockReturnValue(900 * 2 ** 20);
    expect(await withMemoryLimit(file)).toBe(file);
    free.mockRestore();
  });

  it('is what is given', async () => {
    expect(await withMemoryLimit(file, 5e6)).toEqual({ path: file, memory: 5e6 });
    expect(await withMemoryLimit({ path: file, memory: 7e6 }, 5e6)).toEqual({ path: file, memory: 5e6 });
    expect(await withMemoryLimit({ path: file, memory: 7e6 })).toEqual({ path: file, memory: 7e6 });
  });

  it('is what is given for tables and imports, too', async () => {
    const table = { path: join(root, 'rows.csv'), target: 'y' };
    expect(await withMemoryLimit(table, 5e6)).toEqual({ ...table, memory: 5e6 });
    expect(await withMemoryLimit({ ...table, memory: 7e6 })).toEqual({ ...table, memory: 7e6 });
    expect(await withMemoryLimit(imported, 5e6)).toEqual({ path: imported, memory: 5e6 });
    for (const reference of [table, imported]) expect(await withMemoryLimit(reference)).toBe(reference);
  });

  it('is half of what is free for tables that are larger', async () => {
    const table = { path: file, target: 'y' };
    const free = vi.spyOn(process, 'availableMemory').mockReturnValue(600 * 2 ** 20);
    expect(await withMemoryLimit(table)).toEqual({ ...table, memory: 256 * 2 ** 20 });
    free.mockRestore();
  });

  it.each([
    ['a shipped data set', 'mnist-10k'],
    ['images', { images: file, labels: file }],
    ['a text', { text: file, context: 8 }],
  ])('is not limited for %s, which is refused a limit', async (_, reference) => {
    expect(await withMemoryLimit(reference)).toBe(reference);
    const refused = expect.objectContaining({ code: 'DATA_REFERENCE_INVALID' });
    await expect(withMemoryLimit(reference, 5e6)).rejects.toEqual(refused);
  });

  it('is asked of files that can be read only', async () => {
    mkdirSync(join(root, 'folder'));
    const codes = ['folder', 'nothing.arrow'].map(async (name) => {
      return withMemoryLimit(join(root, name)).catch((error) => error.code);
    });
    expect(await Promise.all(codes)).toEqual(['DATA_FILE_IS_FOLDER', 'DATA_FILE_NOT_FOUND']);
  });
});
