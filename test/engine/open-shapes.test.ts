import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/data/index.js';
import { Engine } from '../../src/engine/index.js';
import {
  homeDirectory,
  install,
  loadSegmentAddon,
  type NativePaths,
  type SegmentAddon,
} from '../../src/native/index.js';
import { findModel } from '../../src/tuner/models.js';

let native: NativePaths;
let addon: SegmentAddon;
let engine: Engine;
beforeAll(async () => {
  native = await install();
  addon = loadSegmentAddon(native);
  const dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() });
  const fail = (what: unknown) => {
    throw new Error(`unexpected: ${JSON.stringify(what)}`);
  };
  engine = new Engine({
    workers: 1,
    native,
    datasets: [dataset],
    modelPath: findModel('mlp'),
    seed: 1,
    trials: 1,
    // room for a few shapes of some megabytes each
    mostOpenBytes: 20e6,
    onIncident: fail,
    onUntraced: fail,
  });
});
afterAll(() => engine.close());

async function train(hidden: number) {
  const outcome = await engine.run({
    shape: {
      structural: { hidden },
      mutable: { learningRate: [0.01, 0.1], momentum: [0.5, 0.9], dropout: [0.1, 0.2] },
      batchSize: 32,
      evaluationBatchSize: 200,
      compile: 'never',
      plannedSteps: 1,
      trials: 1,
      requireTraced: true,
    },
    trial: 0,
    generation: 0,
    mutable: { learningRate: 0.01, momentum: 0.9, dropout: 0.1 },
    fromStep: 0,
    toStep: 2,
    state: null,
  });
  expect(outcome.outcome).toBe('done');
}

describe('shapes that a worker keeps open', () => {
  it('are bounded by their memory, however many are trained, and one that is used again stays', async () => {
    const open: number[] = [];
    const created: number[] = [];
    await train(8);
    for (let hidden = 16; hidden < 28; hidden++) {
      await train(hidden);
      open.push(addon.statistics().programs);
      const before = addon.statistics().programsCreated;
      await train(8);
      created.push(addon.statistics().programsCreated - before);
    }
    // of each shape, a program that trains and one that evaluates
    expect(Math.max(...open)).toBeLessThanOrEqual(2 * 6);
    expect(open.at(-1)).toBe(open.at(-5));
    expect(open.at(-1)).toBeGreaterThanOrEqual(4);
    expect(created.every((count) => count === 0)).toBe(true);
  });
});
