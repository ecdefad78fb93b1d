/** Models of tables with embedded categories, of series, texts and images: from raw files to what the study measured, again. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatasetReference, loadDataset, splitView } from '../../src/data/index.js';
import { exportStudy, type PredictOptions, predict, type Sweep, tune } from '../../src/index.js';
import { homeDirectory } from '../../src/native/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-predict-models-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const directory = join(root, 'studies');

const file = (name: string, contents: string) => {
  writeFileSync(join(root, name), contents);
  return join(root, name);
};

async function predicted(from: string, input: string, options: Partial<PredictOptions> = {}): Promise<string> {
  const parts: Buffer[] = [];
  const write = async (piece: string | Uint8Array) => void parts.push(Buffer.from(piece));
  await predict(from, { input, directory, write, ...options });
  return Buffer.concat(parts).toString('utf8');
}

const rowsFrom = async (from: string, input: string, options: Partial<PredictOptions> = {}) => {
  const text = await predicted(from, input, { format: 'jsonl', ...options });
  return text
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row));
};

/** Trains with 1 and 2 workers, which must come to the same, and exports: the folder and what the study measured. */
async function exported(sweep: Sweep): Promise<{ folder: string; validation: Record<string, number> }> {
  const options = { directory, requireTraced: true };
  const one = await tune(sweep, { ...options, workers: 1 });
  const two = await tune({ ...sweep, study: `${sweep.study}-two` }, { ...options, workers: 2 });
  expect(two.digest).toBe(one.digest);
  const { study } = one;
  const folder = join(root, `${study} exported`);
  await exportStudy(study, { to: folder, directory });
  return { folder, validation: JSON.parse(readFileSync(join(folder, 'model-card.json'), 'utf8')).validation };
}

const validationRows = async (reference: DatasetReference) => {
  const dataset = await loadDataset(reference, { cacheDirectory: homeDirectory(), baseDirectory: root });
  return { dataset, rows: [...splitView(dataset, 'validation')] };
};

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('tabular, with columns of categories by index', () => {
  const houses = Array.from({ length: 240 }, (_, row) => {
    const area = 50 + ((row * 37) % 101);
    const town = ['Ulm', 'Bonn', 'Rom'][row % 3]!;
    const state = row % 13 === 0 ? '' : ['poor', 'fair', 'good', 'new'][(row * 7) % 4]!;
    const price = 2000 * area + (town === 'Ulm' ? 50_000 : 0) + (state === 'new' ? 80_000 : 0);
    return { area, town, state, price, dear: price > 230_000 ? 'yes' : 'no' };
  });
  const dataset = (target: 'price' | 'dear') => ({
    path: file(
      `${target}.csv`,
      ['town,area,state,target', ...houses.map((h) => `${h.town},${h.area},${h.state},${h[target]}`)].join('\n'),
    ),
    target: 'target',
    categories: 'index' as const,
  });
  const sweep = (target: 'price' | 'dear', metric: string, direction: 'minimize' | 'maximize'): Sweep => ({
    study: `tabular-${target}`,
    model: 'tabular',
    dataset: dataset(target),
    objective: { metric, direction },
    space: {
      layers: 2,
      width: 16,
      members: 4,
      frequencies: 8,
      embedding: 4,
      frequencyScale: 0.3,
      regularisation: 'none',
    },
    strategy: { pbt: { population: 2, interval: 60 } },
    budget: { steps: 120 },
    training: { batchSize: 32, evaluationBatchSize: 27 },
  });

  it('predicts numbers from raw rows as the study measured them', async () => {
    const { folder, validation } = await exported(sweep('price', 'valRmse', 'minimize'));
    const { rows } = await validationRows(dataset('price'));
    const found = await rowsFrom(folder, join(root, 'price.csv'));
    const rmse = Math.sqrt(mean(rows.map((row) => (found[row].prediction - houses[row]!.price) ** 2)));
    expect(Math.abs(rmse / validation.valRmse! - 1)).toBeLessThan(1e-4);
    // the deviation of prices is about 70,000
    expect(rmse).toBeLessThan(50_000);
  });

  it('predicts classes, also of categories that were never seen', async () => {
    const { folder, validation } = await exported(sweep('dear', 'valLoss', 'minimize'));
    const { rows } = await validationRows(dataset('dear'));
    const found = await rowsFrom(folder, join(root, 'dear.csv'));
    const loss = mean(rows.map((row) => -Math.log(found[row].probabilities[houses[row]!.dear])));
    expect(loss).toBeCloseTo(validation.valLoss!, 5);
    const notices: string[] = [];
    const odd = file('odd.csv', 'area,town,state\n80,Wien,new\n');
    const [row] = await rowsFrom(folder, odd, { onNotice: (notice) => notices.push(notice) });
    expect(row.probabilities.yes + row.probabilities.no).toBeCloseTo(1, 6);
    expect(notices).toEqual(['1 row has a value of town that was not seen in training, such as "Wien"']);
  });
});

describe('a series', () => {
  const times = Array.from({ length: 200 }, (_, time) => ({
    day: `2020-${time}`,
    load: 500 + 100 * Math.sin(time / 3),
    heat: Math.cos(time / 5),
  }));
  const csv = (count: number) =>
    ['heat,day,load', ...times.slice(0, count).map((t) => `${t.heat},${t.day},${t.load}`)].join('\n');
  const [window, horizon, ahead] = [6, 2, 20];
  let folder: string;
  let validation: Record<string, number>;

  beforeAll(async () => {
    const path = file('load.csv', csv(times.length));
    ({ folder, validation } = await exported({
      study: 'series',
      model: 'gru',
      dataset: { series: path, columns: ['load', 'heat'], target: 'load', window, horizon, validation: ahead },
      objective: { metric: 'valRmse', direction: 'minimize' },
      space: { units: 8, layers: 1, regularisation: 'none' },
      strategy: { pbt: { population: 2, interval: 60 } },
      budget: { steps: 120 },
      training: { batchSize: 16, evaluationBatchSize: 7 },
    }));
  });

  it('is forecast from the last rows of a table, as the study measured it', async () => {
    const errors: number[] = [];
    for (let time = times.length - ahead; time < times.length; time++) {
      const stdin = Readable.from([Buffer.from(csv(time - horizon + 1))]);
      const found = await rowsFrom(folder, '-', { stdin });
      expect(found).toHaveLength(1);
      errors.push((found[0].prediction - times[time]!.load) ** 2);
    }
    expect(Math.abs(Math.sqrt(mean(errors)) / validation.valRmse! - 1)).toBeLessThan(1e-4);
    expect(validation.valRmse).toBeLessThan(60);
  });

  it('reads only the last rows, and needs as many as the window', async () => {
    const short = ['load,heat', ...times.slice(-window).map((t) => `${t.load},${t.heat}`)].join('\n');
    const alone = await predicted(folder, file('short.csv', short));
    expect(alone).toBe(await predicted(folder, join(root, 'load.csv')));
    const shorter = file('shorter.csv', short.split('\n').slice(0, -1).join('\n'));
    await expect(predicted(folder, shorter)).rejects.toMatchObject({
      code: 'DATA_SERIES_SHORT',
      message: expect.stringContaining('reads the last 6 times'),
    });
    const gap = file('gap.csv', `${short},\n5,\n`.replace(',\n', '\n'));
    await expect(predicted(folder, gap)).rejects.toMatchObject({ code: 'DATA_ROW_CELL' });
    const lacking = file('lacking.csv', 'load\n1\n2\n3\n4\n5\n6\n');
    await expect(predicted(folder, lacking)).rejects.toMatchObject({ code: 'DATA_ROW_COLUMNS' });
  });

  it('says in its card what it forecasts', () => {
    const card = readFileSync(join(folder, 'model-card.md'), 'utf8');
    expect(card).toContain('load, in its own unit, 2 times after the last one that is read');
  });
});

describe.each(['characters', 'bytes'] as const)('a text of %s', (tokens) => {
  const letters = 'abcdefgh'.repeat(60);
  const context = 8;
  const token = (character: string) =>
    tokens === 'bytes' ? character.charCodeAt(0).toString(16).padStart(2, '0') : character;
  let folder: string;
  let validation: Record<string, number>;

  beforeAll(async () => {
    const path = file('letters.txt', letters);
    ({ folder, validation } = await exported({
      study: `text-${tokens}`,
      model: 'transformer',
      dataset: { text: path, context, stride: 3, tokens, validation: 2 * context },
      objective: { metric: 'valLoss', direction: 'minimize' },
      space: { layers: 2, width: 16, heads: 2, regularisation: 'none', warmup: 5, learningRate: 0.01 },
      strategy: { random: { trials: 1, interval: 60 } },
      budget: { steps: 120 },
      training: { batchSize: 16, evaluationBatchSize: 4 },
    }));
  });

  it('has the next token predicted, behind prompts of any length, as the study measured it', async () => {
    const losses: number[] = [];
    const prompts: string[] = [];
    const first = letters.length - 2 * context;
    // each window begins with a token before the part for validation
    for (let at = first; at < letters.length; at++) {
      const window = first - 1 + Math.floor((at - first) / context) * context;
      prompts.push(letters.slice(window, at));
    }
    const path = file(`prompts-${tokens}.jsonl`, prompts.map((x) => JSON.stringify({ x })).join('\n'));
    for (const [index, { probabilities }] of (await rowsFrom(folder, path)).entries()) {
      losses.push(-Math.log(probabilities[token(letters[first + index]!)]));
    }
    expect(mean(losses)).toBeCloseTo(validation.valLoss!, 5);
    expect(validation.valLoss).toBeLessThan(0.5);
  });

  it('is a prompt, of which the last tokens count', async () => {
    const prompt = file('prompt.txt', letters.slice(0, 21));
    const [row, ...others] = await rowsFrom(folder, prompt);
    expect(others).toEqual([]);
    expect(row.prediction).toBe(token('f'));
    const stdin = Readable.from([Buffer.from(letters.slice(13, 21))]);
    expect(await rowsFrom(folder, '-', { stdin })).toEqual([row]);
  });

  it('is continued, always alike for one seed', async () => {
    const prompt = file('prompt.txt', 'defghabcdef');
    const go = (continuation: NonNullable<PredictOptions['continuation']>) =>
      predicted(folder, prompt, { continuation });
    expect(await go({ count: 12, temperature: 0 })).toBe('ghabcdefghab');
    const hot = { count: 40, temperature: 5, seed: 1 };
    const drawn = await go(hot);
    expect(drawn).toHaveLength(40);
    expect(await go(hot)).toBe(drawn);
    expect(await go({ ...hot, seed: 2 })).not.toBe(drawn);
    const rows = file('rows.jsonl', '{"x":"ab"}\n{"x":"abc"}');
    const lines = await predicted(folder, rows, { continuation: { count: 3, temperature: 0 } });
    expect(lines).toBe('{"prediction":"cde"}\n{"prediction":"def"}\n');
    await expect(go({ count: 1, temperature: -1 })).rejects.toMatchObject({ code: 'TUNER_BAD_TEMPERATURE' });
  });

  it('has tokens that the model knows, and one at least', async () => {
    await expect(predicted(folder, file('empty.jsonl', '{"x":""}'))).rejects.toMatchObject({ code: 'DATA_ROW_SHAPE' });
    if (tokens === 'bytes') return;
    await expect(predicted(folder, file('odd.txt', 'abcZ'))).rejects.toMatchObject({
      code: 'DATA_ROW_CELL',
      message: expect.stringContaining('"Z"'),
    });
  });
});

describe('a folder of images', () => {
  const folderOfImages = join(root, 'photos');
  const names: string[] = [];
  let folder: string;
  let validation: Record<string, number>;
  const reference = { folder: folderOfImages, size: [8, 8] as [number, number], validation: 12 };

  beforeAll(async () => {
    for (const [label, kind] of ['dark', 'light'].entries()) {
      mkdirSync(join(folderOfImages, kind), { recursive: true });
      for (let index = 0; index < 24; index++) {
        const name = `${kind}/${String(index).padStart(2, '0')}.${index % 2 === 0 ? 'png' : 'jpg'}`;
        const pixels = Uint8Array.from({ length: 10 * 9 * 3 }, (_, i) => label * 100 + ((i * 31 + index * 17) % 90));
        await sharp(pixels, { raw: { width: 9, height: 10, channels: 3 } }).toFile(join(folderOfImages, name));
        names.push(name);
      }
    }
    ({ folder, validation } = await exported({
      study: 'images',
      model: 'cnn',
      dataset: reference,
      objective: { metric: 'valLoss', direction: 'minimize' },
      space: { width: 4, depth: 2, averaging: 0.5, learningRate: 0.01 },
      strategy: { pbt: { population: 2, interval: 10 } },
      budget: { steps: 20 },
      training: { batchSize: 8, evaluationBatchSize: 5 },
    }));
  });

  it('is predicted image by image, with its files, as the study measured it', async () => {
    const found = await rowsFrom(folder, folderOfImages);
    expect(found.map((row) => row.file)).toEqual(names);
    const { rows } = await validationRows(reference);
    const loss = mean(rows.map((row) => -Math.log(found[row].probabilities[names[row]!.split('/')[0]!])));
    expect(loss).toBeCloseTo(validation.valLoss!, 5);
    const [header, first] = (await predicted(folder, folderOfImages)).split('\n');
    expect(header).toBe('file,prediction,probability of dark,probability of light');
    expect(first).toMatch(/^dark\/00\.png,(dark|light),0\.\d+,0\.\d+$/);
  });

  it('may be one without classes, or one image', async () => {
    const all = await rowsFrom(folder, folderOfImages);
    const light = await rowsFrom(folder, join(folderOfImages, 'light'));
    expect(light.map((row) => row.file)).toEqual(names.slice(24).map((name) => name.slice('light/'.length)));
    expect(light[3].probabilities.light).toBeCloseTo(all[27].probabilities.light, 5);
    const [one] = await rowsFrom(folder, join(folderOfImages, 'light/03.jpg'));
    expect(one).toMatchObject({ file: '03.jpg', prediction: light[3].prediction });
  });

  it('must have images that can be read', async () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    await expect(predicted(folder, empty)).rejects.toMatchObject({ code: 'DATA_IMAGES_NONE' });
    const broken = file('broken.png', 'not an image');
    await expect(predicted(folder, broken)).rejects.toMatchObject({ code: 'DATA_IMAGE_UNREADABLE' });
    const tabular = join(root, 'tabular-price exported');
    await expect(predicted(tabular, folderOfImages)).rejects.toMatchObject({ code: 'DATA_ROW_NOT_IMAGES' });
    const nowhere = predicted(folder, folderOfImages, { continuation: { count: 1 } });
    await expect(nowhere).rejects.toMatchObject({ code: 'TUNER_NOT_CONTINUABLE' });
  });
});
