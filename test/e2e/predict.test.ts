import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnView, loadDataset, splitView } from '../../src/data/index.js';
import { exportStudy, type PredictOptions, predict, type Sweep, tune } from '../../src/index.js';
import { homeDirectory } from '../../src/native/index.js';
import { predictInPython, pythonMissing } from '../support/python.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-predict-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const directory = join(root, 'studies');
const csv = join(root, 'houses.csv');

/** Prices of houses, with a missing value, categories, a date and a skewed number: one row in each line. */
const rows = Array.from({ length: 300 }, (_, i) => {
  const area = 50 + ((i * 37) % 101);
  const town = ['Ulm', 'Bonn', 'Köln, Süd'][i % 3]!;
  const income = i % 11 === 0 ? '' : String(Math.round(1000 * Math.exp((i % 17) / 4)));
  const sold = new Date(Date.UTC(2020, 0, 1 + 3 * i)).toISOString().slice(0, 10);
  const price = 2000 * area + (town === 'Ulm' ? 50_000 : 0) + 30 * (i % 7);
  return { area, town, income, sold, price, dear: price > 230_000 ? 'yes' : 'no' };
});

const line = (cells: readonly (string | number)[]) =>
  cells.map((cell) => (String(cell).includes(',') ? `"${cell}"` : cell)).join();
const table = (
  columns: readonly (keyof (typeof rows)[number])[],
  list: readonly Partial<(typeof rows)[number]>[] = rows,
) => `${[line(columns), ...list.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\n')}\n`;

const sweep = (study: string, target: 'price' | 'dear', metric: string): Sweep => ({
  study,
  model: 'mlp',
  dataset: {
    path: csv,
    target,
    ignore: [target === 'price' ? 'dear' : 'price'],
    test: 0.1,
    encode: { income: 'log', town: { hash: 16 }, sold: 'date', area: 'quantile' },
  },
  objective: { metric, direction: metric === 'valLoss' ? 'minimize' : 'maximize' },
  space: { hidden: 16, dropout: 0, learningRate: { float: [0.01, 0.2], scale: 'log' } },
  strategy: { pbt: { population: 2, interval: 50 } },
  budget: { steps: 150 },
  seed: 5,
  training: { compile: 'never', evaluationBatchSize: 16 },
});

const numbers = join(root, 'a folder of numbers');
const classes = join(root, 'classes');
const digests = new Map<string, string>();
let metrics: Readonly<Record<'validation' | 'test', Record<string, number>>>;

beforeAll(async () => {
  writeFileSync(csv, table(['area', 'town', 'income', 'sold', 'price', 'dear']));
  for (const [study, target, metric, to] of [
    ['numbers', 'price', 'valLoss', numbers],
    ['classes', 'dear', 'valAccuracy', classes],
  ] as const) {
    digests.set(study, (await tune(sweep(study, target, metric), { directory, workers: 2 })).digest);
    await exportStudy(study, { to, directory });
  }
  const card = JSON.parse(readFileSync(join(classes, 'model-card.json'), 'utf8'));
  metrics = { validation: card.validation, test: card.test.metrics };
});

async function predicted(from: string, input: string, options: Partial<PredictOptions> = {}): Promise<string> {
  const parts: Buffer[] = [];
  const write = async (piece: string | Uint8Array) => void parts.push(Buffer.from(piece));
  await predict(from, { input, directory, write, ...options });
  return Buffer.concat(parts).toString(options.format === 'arrow' ? 'latin1' : 'utf8');
}

const jsonRows = async (from: string, input: string, options: Partial<PredictOptions> = {}) => {
  const text = await predicted(from, input, { format: 'jsonl', ...options });
  return text
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row));
};

const load = (target: 'price' | 'dear') => {
  const reference = sweep('x', target, 'valLoss').dataset;
  return loadDataset(reference, { cacheDirectory: homeDirectory(), baseDirectory: root });
};

describe('predictions from raw rows', () => {
  it('are those that the study measured: classes', async () => {
    const dataset = await load('dear');
    const found = await jsonRows(classes, csv);
    expect(found).toHaveLength(300);
    for (const split of ['validation', 'test'] as const) {
      const own = [...splitView(dataset, split)];
      const right = own.filter((row) => found[row].prediction === rows[row]!.dear).length;
      const loss = own.reduce((sum, row) => sum - Math.log(found[row].probabilities[rows[row]!.dear]), 0) / own.length;
      const prefix = split === 'test' ? 'test' : 'val';
      expect(right / own.length).toBeCloseTo(metrics[split][`${prefix}Accuracy`]!, 6);
      expect(loss).toBeCloseTo(metrics[split][`${prefix}Loss`]!, 5);
    }
  });

  it('are those that the study measured: numbers, in their own unit', async () => {
    const dataset = await load('price');
    const card = JSON.parse(readFileSync(join(numbers, 'model-card.json'), 'utf8'));
    const found = await jsonRows(numbers, csv);
    for (const [split, wanted] of [
      ['validation', card.validation.valLoss],
      ['test', card.test.metrics.testLoss],
    ] as const) {
      const own = [...splitView(dataset, split)];
      const loss = own.reduce((sum, row) => sum + (found[row].prediction - rows[row]!.price) ** 2, 0) / own.length;
      expect(Math.abs(loss / wanted - 1)).toBeLessThan(1e-4);
    }
    // it has learned something: the deviation of prices is about 60,000
    expect(Math.sqrt(card.test.metrics.testLoss)).toBeLessThan(40_000);
  });

  it('are the same from the study, and from the folder alone on another machine', async () => {
    const elsewhere = join(root, 'elsewhere');
    cpSync(numbers, elsewhere, { recursive: true });
    const alone = await predicted(elsewhere, csv, { directory: join(root, 'no studies here') });
    expect(await predicted('numbers', csv)).toBe(alone);
  });

  it('do not depend on what they come in, nor on the order of columns', async () => {
    const wanted = await predicted(classes, csv);
    const shuffled = join(root, 'shuffled.csv');
    writeFileSync(shuffled, table(['sold', 'income', 'area', 'dear', 'town']));
    const lines = join(root, 'rows.jsonl');
    writeFileSync(
      lines,
      rows.map(({ income, ...row }) => JSON.stringify(income ? { ...row, income } : row)).join('\n'),
    );
    expect(await predicted(classes, shuffled)).toBe(wanted);
    expect(await predicted(classes, lines, { format: 'csv' })).toBe(wanted);
    const stdin = Readable.from([Buffer.from(table(['area', 'town', 'income', 'sold']))]);
    expect(await predicted(classes, '-', { stdin })).toBe(wanted);
    const jsonStdin = Readable.from([Buffer.from(readFileSync(lines))]);
    expect(await predicted(classes, '-', { stdin: jsonStdin, format: 'csv' })).toBe(wanted);
  });

  it('are written as CSV, JSON lines and Arrow, with the same values', async () => {
    const [header, first] = (await predicted(classes, csv)).split('\n');
    expect(header).toBe('prediction,probability of no,probability of yes');
    const [json] = await jsonRows(classes, csv);
    expect(first).toBe(`${json.prediction},${json.probabilities.no},${json.probabilities.yes}`);
    expect(json.probabilities.no + json.probabilities.yes).toBeCloseTo(1, 6);
    const arrow = tableFromIPC(Buffer.from(await predicted(classes, csv, { format: 'arrow' }), 'latin1'));
    expect(arrow.numRows).toBe(300);
    expect(arrow.get(0)!.toJSON()).toEqual({
      prediction: json.prediction,
      'probability of no': Math.fround(json.probabilities.no),
      'probability of yes': Math.fround(json.probabilities.yes),
    });
  });

  it('are there for categories and values that were never seen, with a notice', async () => {
    const odd = join(root, 'odd.csv');
    writeFileSync(
      odd,
      table(['area', 'town', 'income', 'sold'], [{ area: 9999, town: 'Rom', sold: '1950-01-01' }, {}]),
    );
    const found = await jsonRows(numbers, odd);
    expect(found.every(({ prediction }) => Number.isFinite(prediction))).toBe(true);
  });

  it('need all columns, and cells that can be read, and say which', async () => {
    const short = join(root, 'short.csv');
    writeFileSync(short, 'area,tovn,income\n1,Ulm,5\n');
    await expect(predicted(numbers, short)).rejects.toMatchObject({
      code: 'DATA_ROW_COLUMNS',
      message: expect.stringMatching(/lack "town", "sold".*"tovn"/i),
    });
    const bad = join(root, 'bad.csv');
    writeFileSync(bad, 'area,town,income,sold\n1,Ulm,5,2020-01-01\nlarge,Ulm,5,2020-01-01\n');
    await expect(predicted(numbers, bad)).rejects.toMatchObject({
      code: 'DATA_ROW_CELL',
      message: expect.stringContaining('"area" must hold a finite number, and has "large" in row 2'),
    });
  });

  it('need a study or an export', async () => {
    await expect(predicted(join(root, 'nowhere'), csv)).rejects.toMatchObject({ code: 'TUNER_NOT_PREDICTABLE' });
    await expect(predicted(root, csv)).rejects.toMatchObject({ code: 'TUNER_NOT_PREDICTABLE' });
  });
});

describe('an export', () => {
  it('has the same bytes each time, and looks at the test split once', async () => {
    const again = join(root, 'again');
    await exportStudy('numbers', { to: again, directory });
    const files = (folder: string) => {
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
      return names
        .filter((name) => /\./.test(name))
        .map((name) => [name, readFileSync(join(folder, name)).toString('hex')]);
    };
    expect(files(again)).toEqual(files(numbers));
    const { evaluations } = JSON.parse(readFileSync(join(directory, 'numbers/test-evaluations.json'), 'utf8'));
    expect(evaluations).toHaveLength(1);
    const card = JSON.parse(readFileSync(join(again, 'model-card.json'), 'utf8'));
    expect(card.test).toEqual({ metrics: evaluations[0].metrics, earlierEvaluations: 0 });
  });

  it('brings the sweep that gives the same study again', async () => {
    const { digest } = await tune(join(numbers, 'sweep.json'), { directory: join(root, 'again studies'), workers: 1 });
    expect(digest).toBe(digests.get('numbers'));
  });

  it('has the formats that are asked for', async () => {
    const to = join(root, 'one format');
    await exportStudy('numbers', { to, directory, formats: ['saved-model'] });
    expect([existsSync(join(to, 'saved-model/saved_model.pb')), existsSync(join(to, 'model.json'))]).toEqual([
      true,
      false,
    ]);
    await expect(predicted(to, csv)).rejects.toMatchObject({ code: 'TUNER_NOT_PREDICTABLE' });
    await expect(exportStudy('numbers', { to: join(root, 'x'), directory, formats: ['onyx'] })).rejects.toMatchObject({
      code: 'TUNER_UNKNOWN_FORMAT',
      message: expect.stringContaining('"onnx"'),
    });
  });

  it.skipIf(pythonMissing !== undefined)(
    `predicts the same in Python's TensorFlow${pythonMissing === undefined ? '' : ` (${pythonMissing})`}`,
    async () => {
      const dataset = await load('price');
      const x = columnView(dataset, 'x');
      const width = x.length / dataset.rowCount;
      const folder = resolve(numbers, 'saved-model');
      const question = { values: [...x], type: 'float32', shape: [dataset.rowCount, width] } as const;
      const [answer] = predictInPython([{ folder, inputs: { x: question } }]);
      const found = await jsonRows(numbers, csv);
      for (const [row, { prediction }] of found.entries()) {
        expect(Math.abs(answer!.values[row]! / prediction - 1)).toBeLessThan(1e-5);
      }
    },
    300_000,
  );
});
