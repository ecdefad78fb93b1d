import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner import '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  for (const [label, side] of [
    ['large', 6],
    ['small', 4],
  ] as const) {
    mkdirSync(at(`shapes/${label}`), { recursive: true });
    for (let i = 0; i < 3; i++) {
      const raw = { width: side, height: side, channels: 3 } as const;
      await sharp(Buffer.alloc(3 * side * side, 20 * i + side), { raw })
        .png()
        .toFile(at(`shapes/${label}/${i}.png`));
    }
  }
  const images = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];
  writeFileSync(at('images-idx3-ubyte'), Buffer.from(images));
  writeFileSync(at('labels-idx1-ubyte'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]));
  writeFileSync(at('verse.txt'), 'so much depends\nupon\n');
  writeFileSync(at('rows.csv'), 'a,b\n1,x\n2,y\n');
});

const dry = (...words: string[]) => cli(['data', 'import', ...words, '--dry-run']);

describe('data import', () => {
  it('shows images of a folder by class, with what was done to them', async () => {
    const { code, stdout } = await dry(at('shapes'), '--size', '5x4', '--channels', '1');
    expect(code).toBe(0);
    expect(stdout).toContain('shapes: 6 images of 5 × 4 × 1 (height, width, channels); 2 classes');
    expect(stdout).toContain('sizes of the sources: 4 × 4 (3), 6 × 6 (3)');
    expect(stdout).toMatch(/large +3 +50\.0 %/);
    expect(stdout.replace(/\n +/g, ' ')).toContain(
      'of 2 sizes between 4 × 4 and 6 × 6 were stretched to 5 × 4, 6 of them',
    );
    expect(stdout).toContain('nothing was written');
  });

  it('takes IDX with its labels, and asks for them', async () => {
    const { stdout } = await dry(at('images-idx3-ubyte'), '--labels', at('labels-idx1-ubyte'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'import',
      kind: 'images',
      folder: null,
      schema: { rowCount: 4, shape: [1, 2, 1], classes: [{ name: '0' }, { name: '1' }] },
    });
    const without = await dry(at('images-idx3-ubyte'));
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('CLI_MISSING_OPTION')]);
    expect(without.stderr).toContain('--labels');
  });

  it('takes a text for one only where its tokens are named', async () => {
    expect((await dry(at('verse.txt'), '--tokens', 'characters')).stdout).toContain('21 characters in 2 lines');
    const table = await dry(at('verse.txt'));
    expect(table.stderr).toContain('CLI_MISSING_TARGET');
    expect(table.stderr).toContain('--tokens characters');
  });

  it.each([
    [['shapes', '--target', 'x'], '--target is for a table'],
    [['shapes', '--no-header'], '--no-header is for a table'],
    [['rows.csv', '--target', 'b', '--size', '4x4'], '--size is for a folder of images'],
    [['rows.csv', '--target', 'b', '--labels', 'labels-idx1-ubyte'], '--target is for a table'],
    [['verse.txt', '--tokens', 'bytes', '--skip-unreadable'], '--skip-unreadable is for a folder of images'],
    [['shapes', '--size', '4'], '--size must be a height and a width of 1 to 4096'],
    [['shapes', '--size', '0x4'], '--size must be a height and a width of 1 to 4096'],
    [['shapes', '--channels', '2'], '--channels must be 1 or 3'],
    [['verse.txt', '--tokens', 'words'], '--tokens must be characters or bytes'],
  ])('refuses %j', async ([source, ...words], problem) => {
    const { code, stderr } = await dry(at(source!), ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });
});
