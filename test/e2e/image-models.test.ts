import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStudy, type Sweep, type TunerEvent, tune } from '../../src/index.js';
import { type TinyImages, writeImages } from '../support/image-file.js';

// plain tfjs on its own JavaScript backend: nothing native in this process
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tfjs;

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-images-'));
const directory = join(root, 'studies');
beforeAll(() => tf.setBackend('cpu'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Loads a model folder as a browser would, from its manifest. */
function load(folder: string): Promise<tfjs.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const [{ paths, weights }] = weightsManifest;
  const data = Buffer.concat(paths.map((path: string) => readFileSync(join(folder, path))));
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }));
}

interface Case {
  readonly model: string;
  readonly images: TinyImages;
  readonly objective: Sweep['objective'];
  readonly space: NonNullable<Sweep['space']>;
  /** Of one row of predictions. */
  readonly predicts: readonly number[];
}

const accuracy = { metric: 'valAccuracy', direction: 'maximize' } as const;
const loss = { metric: 'valLoss', direction: 'minimize' } as const;

const cases: readonly [string, Case][] = [
  [
    'cnn: one channel, ten classes, odd sides',
    {
      model: 'cnn',
      images: { shape: [11, 9, 1], target: { classes: 10 } },
      objective: accuracy,
      space: { width: { choice: [4, 8] }, depth: 2 },
      predicts: [10],
    },
  ],
  [
    'resnet: three channels, a number',
    {
      model: 'resnet',
      images: { shape: [8, 8, 3], target: 'number' },
      objective: loss,
      space: { width: 4, blocks: 1 },
      predicts: [1],
    },
  ],
  [
    'autoencoder: convolutional, no target',
    {
      model: 'autoencoder',
      images: { shape: [9, 7, 3], target: 'none' },
      objective: loss,
      space: { network: 'convolutional', hidden: 16, code: 4 },
      predicts: [9, 7, 3],
    },
  ],
  [
    'autoencoder: dense, two classes',
    {
      model: 'autoencoder',
      images: { shape: [6, 6, 1], target: { classes: 2 } },
      objective: loss,
      space: { hidden: 64, code: { choice: [4, 8] } },
      predicts: [6, 6, 1],
    },
  ],
];

describe.each(cases)('%s', (name, { model, images, objective, space, predicts }) => {
  const file = join(root, `${name}.arrow`);
  const study = (workers: number): Sweep => ({
    study: `${name.replaceAll(/[^a-z]+/g, '-')}-${workers}`,
    model,
    dataset: file,
    objective,
    space,
    strategy: { pbt: { population: 2, interval: 4, quantile: 0.5 } },
    budget: { steps: 8 },
    seed: 4,
    training: { batchSize: 6, evaluationBatchSize: 8 },
  });

  it('has the same digest for 1 and 2 workers, and exports what plain tfjs predicts with', async () => {
    await writeImages(file, images);
    const [one, two] = [study(1), study(2)];
    const first = await tune(one, { directory, workers: 1, requireTraced: true });
    const second = await tune(two, { directory, workers: 2, requireTraced: true });
    expect(first.status).toBe('completed');
    expect(second.digest).toBe(first.digest);
    const to = join(root, `${name} exported`);
    await exportStudy(first.study, { to, directory });
    const predictions = (await load(to)).predict(tf.ones([3, ...images.shape])) as tfjs.Tensor;
    expect(predictions.shape).toEqual([3, ...predicts]);
    expect([...predictions.dataSync()].every(Number.isFinite)).toBe(true);
  });
});

describe('the toy of the PBT paper', () => {
  const examples = fileURLToPath(new URL('../../examples', import.meta.url));

  it('is solved by two members that copy each other, and by neither alone', async () => {
    const qualities: number[] = [];
    const onEvent = (event: TunerEvent) => {
      if (event.type !== 'record' || event.record.kind !== 'segment' || event.record.outcome !== 'done') return;
      if (event.record.generation === 0) qualities.push(event.record.metrics.valQuality!);
    };
    const run = { directory, requireTraced: true, onEvent } as const;
    const together = await tune(join(examples, 'quadratic-pbt.yaml'), run);
    const alone = await tune(join(examples, 'quadratic-grid.yaml'), run);
    expect(together.best!.value).toBeGreaterThan(1.19);
    expect(alone.best!.value).toBeLessThan(0.5);
    // one θ stays at 0.9, and 200 steps of 0.01 leave 0.98^200 of the other
    expect(alone.best!.value).toBeCloseTo(1.2 - 0.9 ** 2 * (1 + 0.98 ** 400), 4);
    // after one segment of 4 steps each member has moved by its own surrogate
    for (const quality of qualities) expect(quality).toBeCloseTo(1.2 - 0.9 ** 2 * (1 + 0.98 ** 8), 4);
    expect(qualities.length).toBe(4);
  });
});
