import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnView, loadDataset, splitView } from '../../src/data/index.js';
import { exportStudy, tune } from '../../src/index.js';
import { homeDirectory } from '../../src/native/index.js';

// plain tfjs on its own JavaScript backend: nothing native in this process
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tfjs;

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-export-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const to = join(root, 'best model');
const directory = join(root, 'studies');
let best: number;

beforeAll(async () => {
  const summary = await tune(
    {
      study: 'exported',
      model: 'mlp',
      dataset: 'spirals',
      objective: { metric: 'valAccuracy', direction: 'maximize' },
      space: { hidden: { choice: [16, 32] } },
      strategy: { pbt: { population: 4, interval: 100 } },
      budget: { steps: 400 },
      seed: 2,
      training: { compile: 'never' },
    },
    { directory, workers: 2 },
  );
  best = summary.best!.value;
  await exportStudy('exported', { to, directory });
});

/** Loads a model folder as a browser would, from its manifest. */
function load(folder: string): Promise<tfjs.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest;
  const data = Buffer.concat(paths.map((path: string) => readFileSync(join(folder, path))));
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }));
}

describe('an exported model', () => {
  it('is loaded by plain tfjs, and predicts what the study measured', async () => {
    await tf.setBackend('cpu');
    const model = await load(to);
    const dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: root });
    const rows = splitView(dataset, 'validation');
    const [x, y] = [columnView(dataset, 'x'), columnView(dataset, 'y')];
    const width = x.length / dataset.rowCount;
    const { scale, offset } = dataset.features;
    const values = [...rows].flatMap((row) =>
      [...x.subarray(row * width, (row + 1) * width)].map((v) => v * scale + offset),
    );
    const predicted = (model.predict(tf.tensor2d(values, [rows.length, width])) as tfjs.Tensor2D).argMax(-1).dataSync();
    const right = [...rows].filter((row, index) => y[row] === predicted[index]).length;
    expect(right / rows.length).toBeCloseTo(best, 6);
  });

  it('comes with a model card that names seed, digest and schedule', () => {
    const card = readFileSync(join(to, 'model-card.md'), 'utf8');
    expect(card).toMatch(/seed 2; study digest `[0-9a-f]{64}`/);
    expect(card).toMatch(/\| 0–100 \|/);
    expect(card).toContain(`valAccuracy: ${best}`);
  });

  it('never replaces a folder that is there', async () => {
    await expect(exportStudy('exported', { to, directory })).rejects.toMatchObject({ code: 'TUNER_EXPORT_EXISTS' });
  });

  it('needs a study', async () => {
    await expect(exportStudy('nobody', { to: join(root, 'x'), directory })).rejects.toMatchObject({
      code: 'STORE_STUDY_MISSING',
    });
  });
});
