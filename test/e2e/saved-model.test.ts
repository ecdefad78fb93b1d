import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { exportStudy, resume, type Sweep, tune } from '../../src/index.js';
import { StudyStore } from '../../src/store/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-saved-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const data = process.env.TFJS_TUNER_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/layers/', import.meta.url));

const sweep = (study: string, model: string, training: Sweep['training'] = {}): Sweep => ({
  study,
  model: join(fixtures, model),
  dataset: 'mnist-test',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  strategy: { random: { trials: 2, interval: 30 } },
  budget: { steps: 60 },
  seed: 5,
  training,
});

const run = (one: Sweep, workers = 2) =>
  tune(one, { directory: root, dataDirectory: data, workers, requireTraced: true });

describe.skipIf(!hasData())('a saved model, written by others, tunes unchanged', () => {
  it('a folder that Keras and its converter wrote: convolutions, batch normalization, dropout, a regulariser', async () => {
    const one = await run(sweep('keras-cnn', 'keras-cnn'), 1);
    const two = await run(sweep('keras-cnn-again', 'keras-cnn/model.json'), 2);
    expect(two.digest).toBe(one.digest);
    // ten classes: guessing is right in a tenth of the rows
    expect(one.best!.value).toBeGreaterThan(0.2);
    // compiled with Adam: its settings are what is tuned
    expect(Object.keys(one.best!.hyperparameters)).toEqual(['learningRate', 'beta1', 'beta2', 'epsilon']);
  });

  it('a functional model that Keras wrote, which takes [28, 28] and puts out logits', async () => {
    const summary = await run({ ...sweep('functional', 'keras-functional'), budget: { steps: 300 } });
    expect(Object.keys(summary.best!.hyperparameters)).toEqual(['learningRate', 'momentum']);
    expect(summary.best!.value).toBeGreaterThan(0.3);
  });

  it("the model of tfjs's own example mnist-node", async () => {
    const summary = await run(sweep('mnist-node', 'tfjs-example-mnist-node/model.json'));
    expect(Object.keys(summary.best!.hyperparameters)).toEqual(['learningRate']);
    expect(summary.best!.value).toBeGreaterThan(0.3);
  });

  it('takes another optimizer, loss and batch size by name', async () => {
    const training = { optimizer: 'RMSprop', loss: 'mse', batchSize: 32, initialWeights: 'fresh' } as const;
    const summary = await run(sweep('renamed', 'keras-cnn', training));
    expect(Object.keys(summary.best!.hyperparameters)).toEqual(['learningRate', 'decay', 'momentum', 'epsilon']);
  });

  it('tunes with optimizer, loss and batch size as hyperparameters', async () => {
    const space = {
      optimizer: { choice: ['adam', 'momentum', 'RMSprop'] },
      loss: { choice: ['sparse_categorical_crossentropy', 'mse'] },
      batchSize: { choice: [32, 64] },
    } as const;
    const pbt = { pbt: { population: 6, interval: 20, quantile: 0.34 } };
    const one = await run({ ...sweep('chosen', 'keras-cnn'), strategy: pbt, space }, 1);
    const two = await run({ ...sweep('chosen-two', 'keras-cnn'), strategy: pbt, space }, 2);
    expect(two.digest).toBe(one.digest);
    expect(one.best!.hyperparameters).toMatchObject({
      optimizer: expect.stringMatching(/^(adam|momentum|RMSprop)$/),
      loss: expect.stringMatching(/^(sparse_categorical_crossentropy|mse)$/),
      batchSize: expect.toSatisfy((size) => size === 32 || size === 64),
    });
    const journal = StudyStore.read(root, 'chosen').map(({ record }) => record);
    const proposed = journal.flatMap((record) =>
      record.kind === 'proposed' ? [record.hyperparameters.optimizer] : [],
    );
    expect(new Set(proposed).size).toBeGreaterThan(1);
    const unknown = { ...sweep('unknown', 'keras-cnn'), space: { optimizer: { choice: ['adam', 'adamm'] } } } as const;
    await expect(run(unknown)).rejects.toMatchObject({ code: 'TRIAL_UNKNOWN_OPTIMIZER' });
  });

  it('keeps frozen layers as they are, for transfer to other data', async () => {
    const folder = join(root, 'frozen model');
    cpSync(join(fixtures, 'keras-cnn'), folder, { recursive: true });
    const path = join(folder, 'model.json');
    const topology = JSON.parse(readFileSync(path, 'utf8'));
    const { layers } = topology.modelTopology.model_config.config;
    for (const layer of layers.slice(0, -1)) layer.config.trainable = false;
    writeFileSync(path, JSON.stringify(topology));
    const frozen = { ...sweep('frozen', ''), model: folder };
    const one = await run(frozen, 1);
    const two = await run({ ...frozen, study: 'frozen-two' }, 2);
    expect(two.digest).toBe(one.digest);
    await exportStudy('frozen', { to: join(root, 'frozen exported'), directory: root, dataDirectory: data });
    const [before, after] = [weightsOf(folder), weightsOf(join(root, 'frozen exported'))];
    const unchanged = [...after].filter(([name, weight]) => before.get(name)!.equals(weight)).map(([name]) => name);
    const last = layers.at(-1).config.name;
    expect(unchanged.sort()).toEqual([...before.keys()].filter((name) => !name.startsWith(`${last}/`)).sort());
    expect(after.size - unchanged.length).toBe(2);
  });

  it('is refused at resume once its files have changed', async () => {
    const folder = join(root, 'model');
    cpSync(join(fixtures, 'keras-cnn'), folder, { recursive: true });
    const controller = new AbortController();
    const one = { ...sweep('changed', ''), model: folder };
    const summary = await tune(one, {
      directory: root,
      dataDirectory: data,
      workers: 1,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'record' && event.record.kind === 'segment') controller.abort();
      },
    });
    expect(summary.status).toBe('interrupted');
    const weights = join(folder, 'group1-shard1of1.bin');
    const bytes = readFileSync(weights);
    bytes[100]! ^= 1;
    writeFileSync(weights, bytes);
    const again = resume('changed', { directory: root, dataDirectory: data, workers: 1 });
    await expect(again).rejects.toMatchObject({ code: 'TUNER_MODEL_CHANGED' });
    bytes[100]! ^= 1;
    writeFileSync(weights, bytes);
    expect((await resume('changed', { directory: root, dataDirectory: data, workers: 1 })).status).toBe('completed');
  });
});

/** The bytes of each weight of a saved model, by its name. */
function weightsOf(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const { weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  for (const { paths, weights } of weightsManifest as Manifest) {
    const bytes = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
    let at = 0;
    for (const { name, shape } of weights) {
      const size = 4 * shape.reduce((a, b) => a * b, 1);
      found.set(name, bytes.subarray(at, at + size));
      at += size;
    }
  }
  return found;
}

type Manifest = { paths: string[]; weights: { name: string; shape: number[] }[] }[];

function hasData(): boolean {
  try {
    return readFileSync(join(data, 't10k-labels-idx1-ubyte.gz')).length > 0;
  } catch {
    console.warn(`no data in ${data}: saved models are not trained`);
    return false;
  }
}
