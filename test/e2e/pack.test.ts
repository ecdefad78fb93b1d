import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner user '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// npm stands beside the Node that runs the tests, or is found on the path
const npm = (args: string[], cwd: string) => {
  return execFileSync('npm', [...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

const sweep = (study: string, model: string) => `import { defineSweep, float } from 'tfjs-tuner';

export default defineSweep({
  study: '${study}',
  model: '${model}',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { learningRate: float(0.01, 1, { scale: 'log' }) },
  strategy: { pbt: { population: 2, interval: 20 } },
  budget: { steps: 40 },
});
`;

const model = `import * as tf from '@tensorflow/tfjs';
import { defineModel, float, sgd, softmaxCrossEntropy, trainableVariables } from 'tfjs-tuner/model';

const units: number = 3;
export default defineModel({
  space: { learningRate: float(0.01, 1) },
  build({ data }) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [...data.featureShape] })] });
    const optimizer = sgd(trainableVariables(model));
    const losses = (x: tf.Tensor, y: tf.Tensor1D) => softmaxCrossEntropy(y, model.apply(x) as tf.Tensor2D);
    return {
      model,
      step: ({ x, y }, h) => optimizer.minimize(() => losses(x, y).mean(), { learningRate: h.learningRate }),
      evaluate: ({ x, y }) => ({ loss: losses(x, y), accuracy: tf.equal((model.apply(x) as tf.Tensor2D).argMax(-1), y).cast('float32') }),
    };
  },
});
`;

beforeAll(() => {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [{ filename: string }];
  const user = join(folder, 'an empty folder');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true }');
  npm(['install', join(folder, packed.filename)], user);
  writeFileSync(join(user, 'sweep.ts'), sweep('typescript', 'mlp'));
  writeFileSync(join(user, 'sweep.mjs'), sweep('javascript', 'mlp'));
  writeFileSync(join(user, 'model.ts'), model);
  writeFileSync(join(user, 'own.ts'), sweep('own', './model.ts'));
});

/** Runs the installed command on the Node that runs the tests; returns the last line of `--json`. */
function tuner(...args: string[]): Record<string, unknown> {
  const user = join(folder, 'an empty folder');
  const main = join(user, 'node_modules/tfjs-tuner/dist/src/cli/main.js');
  const output = execFileSync(process.execPath, [main, ...args, '--json'], { cwd: user, encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

describe('the packed package, installed in an empty folder', () => {
  it('has no install scripts and no native download', () => {
    const installed = join(folder, 'an empty folder/node_modules');
    expect(readdirSync(join(installed, '.bin'))).toContain('tfjs-tuner');
    expect(readdirSync(join(installed, '@tensorflow'))).not.toContain('tfjs-node-gpu');
  });

  it.each(['sweep.ts', 'sweep.mjs'])('runs a ten-line sweep: %s', (file) => {
    expect(tuner('run', file)).toMatchObject({ type: 'summary', status: 'completed', trials: 2, steps: 80 });
  });

  it("runs the user's own model in TypeScript, and exports it", () => {
    expect(tuner('run', 'own.ts')).toMatchObject({ status: 'completed' });
    tuner('export', 'own', '--to', 'best');
    expect(readdirSync(join(folder, 'an empty folder/best')).sort()).toEqual([
      'encoder.json',
      'graph-model',
      'group1-shard1of1.bin',
      'model-card.json',
      'model-card.md',
      'model.json',
      'saved-model',
      'sweep.json',
    ]);
  });

  it('ships every model, compiled, with its README', () => {
    const installed = join(folder, 'an empty folder/node_modules/tfjs-tuner');
    const models = readdirSync(join(root, 'native-models'));
    for (const name of models) {
      expect(readdirSync(join(installed, 'native-models', name))).toEqual(['README.md']);
      expect(readdirSync(join(installed, 'dist/native-models', name))).toContain('model.js');
    }
    expect(tuner('models', 'list')).toEqual({ type: 'model', name: models.sort().at(-1) });
  });

  it('resolves its parts by name', () => {
    const user = join(folder, 'an empty folder');
    writeFileSync(
      join(user, 'parts.mjs'),
      `import 'tfjs-tuner'; import 'tfjs-tuner/space'; console.log(typeof (await import('tfjs-tuner/model')).defineModel);`,
    );
    const output = execFileSync(process.execPath, [join(user, 'parts.mjs')], { cwd: dirname(user), encoding: 'utf8' });
    expect(output.trim()).toBe('function');
  });
});
