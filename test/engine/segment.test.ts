import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset, type SharedDataset } from '../../src/data/index.js';
import { ControlBoard } from '../../src/engine/control-board.js';
import { Engine } from '../../src/engine/index.js';
import { SegmentRunner } from '../../src/engine/segment.js';
import type { SegmentMember, SegmentTask } from '../../src/engine/tasks.js';
import { homeDirectory, install, loadSegmentAddon, type NativePaths } from '../../src/native/index.js';
import { seedKey } from '../../src/random/index.js';
import { findModel } from '../../src/tuner/models.js';

const shape = {
  structural: { hidden: 8 },
  mutable: { learningRate: [0.01, 0.1], momentum: [0.5, 0.9], dropout: [0.1, 0.2] },
  batchSize: 32,
  evaluationBatchSize: 200,
  compile: 'never',
  plannedSteps: 1,
  trials: 3,
  requireTraced: true,
} as const;
const mutableOf = (trial: number) => ({ learningRate: 0.01 * (trial + 1), momentum: 0.9, dropout: 0.1 });

let native: NativePaths;
let dataset: SharedDataset;
let engine: Engine;
beforeAll(async () => {
  native = await install();
  dataset = await loadDataset('spirals', { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() });
  const fail = (what: unknown) => {
    throw new Error(`unexpected: ${JSON.stringify(what)}`);
  };
  const options = { workers: 1, native, datasets: [dataset], modelPath: findModel('mlp'), seed: 1, trials: 3 };
  engine = new Engine({ ...options, onIncident: fail, onUntraced: fail });
});
afterAll(() => engine.close());

/** A trial's state after its first step, trained on its own. */
async function firstState(trial: number): Promise<Uint8Array> {
  const request = { shape, trial, generation: 0, mutable: mutableOf(trial), fromStep: 0, toStep: 1, state: null };
  const outcome = await engine.run(request);
  if (outcome.outcome !== 'done') throw new Error(`trial ${trial} ended as ${outcome.outcome}`);
  return outcome.state;
}

describe('a segment of several members', () => {
  it('gives each what it would get alone, and the failure of one is not the others’', async () => {
    const addon = loadSegmentAddon(native);
    const runner = new SegmentRunner(addon, dataset, seedKey(1), ControlBoard.allocate(3), 'test ', 1e9);
    const states = await Promise.all([0, 1, 2].map(firstState));
    const members = states.map((state, trial): SegmentMember => {
      return { trial, place: trial, generation: 1, mutable: mutableOf(trial), state, target: null };
    });
    const model = await engine.prepare(shape);
    const run = (some: readonly SegmentMember[]) => {
      const task: SegmentTask = { kind: 'segment', fold: 0, model, attempt: 1, fromStep: 1, toStep: 9, members: some };
      return runner.run(task).map((result) => {
        if (result.outcome !== 'done') return result;
        const { seconds, ...value } = result.value as { seconds: number };
        return value;
      });
    };
    const alone = members.map((member) => run([member])[0]);
    expect(alone).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }, { outcome: 'done' }]);
    expect(new Set(alone.map((value) => (value as { loss?: number }).loss)).size).toBe(3);
    expect(run(members)).toEqual(alone);

    const [first, second, third] = members;
    const { state } = second!;
    const broken = new Uint8Array(new SharedArrayBuffer(state.byteLength));
    const together = run([first!, { ...second!, state: broken }, third!]);
    expect(together[1]).toMatchObject({ outcome: 'failed' });
    expect([together[0], together[2]]).toEqual([alone[0], alone[2]]);
  });
});
