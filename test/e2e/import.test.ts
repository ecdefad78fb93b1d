/** Data of one's own by the command line alone: imported, trained on as what it was read from, and predicted from. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner import '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tuner = async (...words: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { cwd: root });
  return stdout;
};

// semicolons, decimal commas, Windows-1252, a spelling of "missing" of its own, dates, and a column of numbers of rows
const houses = Array.from({ length: 300 }, (_, row) => {
  const area = 50.5 + ((row * 37) % 101);
  const town = ['Köln', 'Bonn', 'Münster'][row % 3]!;
  const day = new Date(Date.UTC(2020, 0, 1 + ((row * 53) % 365))).toISOString().slice(0, 10);
  return { area, town, day, price: 2000 * area + (town === 'Köln' ? 50_000 : 0) };
});
const table = [
  'row;area;town;sold;price',
  ...houses.map(
    ({ area, town, day, price }, row) =>
      `${row + 1};${row % 7 === 3 ? '?' : String(area).replace('.', ',')};${town};${day};${price}`,
  ),
].join('\r\n');

it('a table as other programs write it is imported, trained on, and predicted from', async () => {
  writeFileSync(join(root, 'houses.csv'), Buffer.from(table, 'latin1'));
  await expect(tuner('data', 'import', 'houses.csv')).rejects.toThrow(
    /CLI_MISSING_TARGET: .*houses\.csv has the columns row, area, town, sold, price\n/,
  );
  const shown = await tuner('data', 'import', 'houses.csv', '--target', 'price', '--to', 'houses', '--missing', '?');
  for (const noted of ['";"', 'decimal commas', 'Windows-1252']) expect(shown).toContain(noted);
  writeFileSync(
    join(root, 'sweep.yaml'),
    `study: houses
model: mlp
dataset: ./houses
objective: { metric: valRmse, direction: minimize }
space: { hidden: 16, learningRate: 0.01 }
strategy: { pbt: { population: 2, interval: 150 } }
budget: { steps: 300 }
training: { batchSize: 32 }
`,
  );
  await tuner('run', 'sweep.yaml');
  await tuner('export', 'houses', '--to', 'exported');
  await tuner('predict', 'exported', '--input', 'houses.csv', '--output', 'predictions.jsonl');
  const predictions = readFileSync(join(root, 'predictions.jsonl'), 'utf8').trim().split('\n');
  const known = houses.flatMap(({ price }, row) => (row % 7 === 3 ? [] : [{ row, price }]));
  const squares = known.map(({ row, price }) => (JSON.parse(predictions[row]!).prediction - price) ** 2);
  // the deviation of prices is about 62,000
  expect(Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length)).toBeLessThan(25_000);
});

/** The digest of a study on a data set. */
async function digestOf(study: string, dataset: string, model = 'model: mlp'): Promise<string> {
  writeFileSync(
    join(root, `${study}.yaml`),
    `study: ${study}
${model}
dataset: ${dataset}
objective: { metric: valLoss, direction: minimize }
strategy: { random: { trials: 2 } }
budget: { steps: 10 }
training: { batchSize: 8 }
`,
  );
  const lines = (await tuner('run', `${study}.yaml`, '--json')).trim().split('\n');
  const { status, digest } = JSON.parse(lines.at(-1)!);
  expect(status).toBe('completed');
  return digest;
}

it('images are imported, and give the study that their folder gives', async () => {
  for (let i = 0; i < 40; i++) {
    const label = i % 2 === 0 ? 'dark' : 'light';
    mkdirSync(join(root, 'shades', label), { recursive: true });
    const pixels = Buffer.from(Array.from({ length: 64 }, (_, at) => (i % 2) * 120 + ((at * i * 7) % 101)));
    await sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } })
      .png()
      .toFile(join(root, 'shades', label, `${i}.png`));
  }
  const shown = await tuner('data', 'import', 'shades', '--to', 'shades import');
  expect(shown).toContain('40 images of 8 × 8 × 3');
  expect(shown).toMatch(/dark +20 +50\.0 %/);
  expect(await tuner('data', 'verify', 'shades import')).toContain('40 images');
  const direct = await digestOf('folder', '{ folder: ./shades, test: 4 }');
  expect(await digestOf('imported', '{ path: ./shades import, test: 4 }')).toBe(direct);
});

it('a text is imported, and gives the study that the text gives', async () => {
  writeFileSync(join(root, 'rhyme.txt'), 'Round and round the ragged rock\nthe ragged rascal ran.\n'.repeat(30));
  await expect(tuner('data', 'import', 'rhyme.txt', '--tokens', 'characters', '--size', '8x8')).rejects.toThrow(
    /CLI_IMPORT_OPTION: --size is for a folder of images, and rhyme\.txt is imported as a text/,
  );
  const shown = await tuner('data', 'import', 'rhyme.txt', '--tokens', 'characters', '--json');
  expect(JSON.parse(shown)).toMatchObject({ type: 'import', kind: 'text', schema: { lines: 60 } });
  const small = 'model: transformer\nspace: { layers: 1, width: 16, heads: 2 }';
  const direct = await digestOf('text', '{ text: ./rhyme.txt, context: 16 }', small);
  expect(await digestOf('tokens', '{ text: ./rhyme, context: 16 }', small)).toBe(direct);
});
