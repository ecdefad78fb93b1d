/** A table as other programs write it, by the command line alone: imported, trained on, and predicted from as it was read. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

it('is imported, trained on, and predicted from', async () => {
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
