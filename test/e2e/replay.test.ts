/** Schedules that were found, on fresh models; and functions of one's own that explore. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type ExploreFunction,
  resume,
  type Sweep,
  type TuneOptions,
  type TunerEvent,
  tune,
  uniform,
} from '../../src/index.js';
import { foldRecords, type StudyRecord } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner replay '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { hidden: 16 },
  strategy: { pbt: { population: 3, interval: 20, quantile: 0.4 } },
  budget: { steps: 80 },
  seed: 5,
  training: { compile: 'never' },
  ...more,
});

async function run(given: Sweep, more: TuneOptions = {}) {
  const records: StudyRecord[] = [];
  const onEvent = (event: TunerEvent) => void (event.type === 'record' && records.push(event.record));
  const summary = await tune(given, { directory: root, workers: 2, onEvent, ...more });
  return { summary, state: foldRecords(records) };
}

describe('a replay', () => {
  it('trains fresh models under the schedule that led to the best, also with another seed', async () => {
    const { state: found } = await run(sweep('found'));
    const strategy = { replay: { study: 'found', trials: 2 } } as const;
    const { space: _, ...without } = sweep('replayed', { strategy, seed: 9 });
    const { summary, state } = await run(without);
    expect(summary).toMatchObject({ status: 'completed', trials: 2 });
    const wanted = [];
    const { trial, generation } = found.best!;
    const last = found.history.items.find((one) => one.trial === trial && one.generation === generation);
    for (let at = last ?? null; at !== null; at = at.previous) {
      wanted.unshift({ toStep: at.toStep, hyperparameters: at.hyperparameters });
    }
    expect(wanted.length).toBeGreaterThan(1);
    for (const { segments } of state.trials) {
      expect(segments.map(({ toStep, hyperparameters }) => ({ toStep, hyperparameters }))).toEqual(wanted);
    }
    const [first, second] = state.trials.map(({ segments }) => segments[0]!.loss);
    expect(first).not.toBe(second);
    const again = await run({ ...without, study: 'again' }, { workers: 1 });
    expect(again.summary.digest).toBe(summary.digest);
  });

  it('of a study or a trial that is not there is refused before a study is made', async () => {
    const of = (replay: { study: string; trial?: number }) => run(sweep('nothing', { strategy: { replay } }));
    await expect(of({ study: 'fuond' })).rejects.toMatchObject({ code: 'STORE_STUDY_MISSING' });
    await expect(of({ study: 'found', trial: 7 })).rejects.toMatchObject({ code: 'TUNER_REPLAY_NOTHING' });
  });
});

describe('a function that explores', () => {
  const source = `export default ({ parameter, value, key }) =>
    parameter.name === 'learningRate' ? Math.min(parameter.high, value * (1 + key[0] / 2 ** 32)) : value;`;

  it('is loaded from a module, also to resume, and its values are used', async () => {
    const path = join(root, 'explore.mjs');
    writeFileSync(path, source);
    const strategy = { pbt: { population: 3, interval: 20, quantile: 0.4, explore: path as './explore.mjs' } };
    const { summary, state } = await run(sweep('module', { strategy }));
    const changes = state.trials.flatMap(({ copies }) => copies.flatMap((copy) => copy.changes));
    expect(changes.filter(({ how }) => how === 'chosen').length).toBeGreaterThan(0);
    const abort = new AbortController();
    let decided = 0;
    const onEvent = (event: TunerEvent) => {
      if (event.type === 'record' && event.record.kind === 'decided' && ++decided === 1) abort.abort();
    };
    const options = { directory: root, workers: 1, onEvent, signal: abort.signal };
    await tune(sweep('left', { strategy }), options);
    expect(await resume('left', { directory: root })).toMatchObject({ digest: summary.digest });
  });

  it('may be in the sweep itself, and is then asked for to resume', async () => {
    const explore: ExploreFunction = ({ value, key }) =>
      typeof value === 'number' ? value * (0.9 + 0.1 * uniform(key)) : value;
    const strategy = { pbt: { population: 3, interval: 20, quantile: 0.4, explore } };
    const abort = new AbortController();
    const onEvent = (event: TunerEvent) =>
      void (event.type === 'record' && event.record.kind === 'decided' && abort.abort());
    const space = { hidden: 16, momentum: 0, learningRate: { float: [1e-9, 1] as [number, number] } };
    await tune(sweep('code', { strategy, space }), { directory: root, signal: abort.signal, onEvent });
    await expect(resume('code', { directory: root })).rejects.toMatchObject({ code: 'TUNER_EXPLORE_MISSING' });
    expect(await resume('code', { directory: root, explore })).toMatchObject({ status: 'completed' });
  });

  it('is refused where the module has none', async () => {
    const path = join(root, 'none.mjs');
    writeFileSync(path, 'export default 3;');
    const strategy = { pbt: { population: 3, explore: path as './none.mjs' } };
    await expect(run(sweep('none', { strategy }))).rejects.toMatchObject({ code: 'TUNER_EXPLORE_NOT_A_FUNCTION' });
  });
});
