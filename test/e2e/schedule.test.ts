/** What is tuned while a population runs: schedules, commands, strategies beyond truncation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { changeStudy, resume, type Sweep, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';
import { foldRecords, type StudyRecord } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner schedule '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { hidden: 16 },
  strategy: { pbt: { population: 4, interval: 20, quantile: 0.5 } },
  budget: { steps: 200 },
  seed: 5,
  training: { compile: 'never' },
  ...more,
});

let folders = 0;
async function run(given: Sweep, more: TuneOptions = {}) {
  const records: StudyRecord[] = [];
  const onEvent = (event: TunerEvent) => void (event.type === 'record' && records.push(event.record));
  const directory = join(root, `run ${folders++}`);
  const summary = await tune(given, { directory, workers: 2, onEvent, ...more });
  return { summary, records, directory, state: () => foldRecords(records) };
}

const schedule: Sweep['schedule'] = [
  { at: 3, introduce: { dropout: { float: [0.1, 0.4], start: 0 } } },
  { at: 5, freeze: ['learningRate'] },
  { at: 6, interval: 40 },
];

describe('a schedule', () => {
  it('holds, introduces, freezes, and changes the interval; with any number of workers', async () => {
    const { summary, state } = await run(sweep('schedule', { schedule }));
    const { trials, decided } = state();
    const segments = trials.flatMap((trial) => trial.segments);
    const dropouts = (generation: number) =>
      segments.filter((one) => one.generation === generation).map(({ hyperparameters }) => hyperparameters.dropout);
    for (const generation of [0, 1, 2]) expect(new Set(dropouts(generation))).toEqual(new Set([0]));
    expect(dropouts(3).some((value) => Number(value) >= 0.1 && Number(value) <= 0.4)).toBe(true);
    const changes = (from: number, to: number) =>
      decided
        .filter(({ generation }) => generation >= from && generation < to)
        .flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'exploit' ? one.changes : [])))
        .filter(({ name }) => name === 'learningRate');
    expect(changes(0, 4).some(({ how }) => how === 'perturbed')).toBe(true);
    expect(changes(4, 99).every(({ how }) => how === 'inherited')).toBe(true);
    const lengths = trials[0]!.segments.map(({ fromStep, toStep }) => toStep - fromStep);
    expect(lengths).toEqual([20, 20, 20, 20, 20, 20, 40, 40]);
    const again = await run(sweep('again', { schedule }), { workers: 1 });
    expect(again.summary.digest).toBe(summary.digest);
  });

  it('ends the study at a target of its own', async () => {
    const { summary, state } = await run(sweep('target', { schedule: [{ at: 4, target: 0.34 }] }));
    expect(summary.status).toBe('target');
    expect(state().trials[0]!.segments.length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['a parameter that is not there', { at: 1, freeze: ['dropOut'] }, /dropOut.*dropout/],
    ['a structural one', { at: 1, freeze: ['hidden'] }, /hidden/],
    ['an interval that is none', { at: 1, interval: '2 hours' as never }, /epochs/],
    ['no moment', { freeze: ['dropout'] } as never, /\(a generation\) or step/],
  ])('is refused with %s', async (_, entry, message) => {
    await expect(run(sweep('refused', { schedule: [entry] }))).rejects.toThrow(message);
  });
});

describe('a change of a study', () => {
  it('is taken up when a study that stands is resumed, and journaled', async () => {
    const abort = new AbortController();
    let decisions = 0;
    const onEvent = (event: TunerEvent) => {
      if (event.type === 'record' && event.record.kind === 'decided' && ++decisions === 3) abort.abort();
    };
    const { directory } = await run(sweep('changed'), { onEvent, signal: abort.signal });
    await expect(changeStudy('changed', { freeze: 'nothing' }, { directory })).rejects.toThrow(/nothing/);
    await changeStudy('changed', { freeze: ['momentum', 'learningRate', 'dropout'] }, { directory });
    const records: StudyRecord[] = [];
    const summary = await resume('changed', {
      directory,
      onEvent: (event) => void (event.type === 'record' && records.push(event.record)),
    });
    expect(summary.status).toBe('completed');
    const { commands, decided } = foldRecords(records);
    expect(commands).toEqual([expect.objectContaining({ kind: 'freeze', generation: 3 })]);
    const later = decided.filter(({ generation }) => generation >= 3).flatMap(({ decisions: all }) => all);
    const explored = later.flatMap((one) => (one.kind === 'exploit' ? one.changes : [])).map(({ how }) => how);
    expect(new Set(explored)).toEqual(new Set(['inherited']));
    await expect(changeStudy('changed', { target: 1 }, { directory })).rejects.toThrow(/ended/);
  });
});

describe('strategies', () => {
  it.each([
    ['pb2', { pb2: { population: 4, interval: 20, quantile: 0.5 } }],
    ['tournament', { pbt: { population: 4, interval: 20, exploit: 'tournament' } }],
    [
      't-test, all resampled',
      { pbt: { population: 4, interval: 20, exploit: 'ttest', window: 2, significance: 0.5, explore: 'resample' } },
    ],
    ['backtracking', { pbt: { population: 4, interval: 20, backtrack: { patience: 1, checkpoints: 2, who: 'all' } } }],
  ] as [string, Sweep['strategy']][])('%s gives the same digest with 1 and 2 workers', async (_, strategy) => {
    const one = await run(sweep('one', { strategy }), { workers: 1 });
    const two = await run(sweep('two', { strategy }));
    expect(two.summary.digest).toBe(one.summary.digest);
    expect(one.summary.status).toBe('completed');
    expect(one.state().decided.some(({ decisions }) => decisions.some(({ kind }) => kind === 'exploit'))).toBe(true);
  });

  it('backtracking goes back to checkpoints that were kept', async () => {
    const strategy = {
      pbt: { population: 4, interval: 20, backtrack: { patience: 1, checkpoints: 2, who: 'all' } },
    } as const;
    const wild = { learningRate: { float: [0.5, 1] }, momentum: { float: [0.9, 0.99] }, hidden: 16 } as const;
    const { state } = await run(sweep('back', { strategy, space: wild, budget: { steps: 400 } }));
    const back = state().trials.flatMap(({ copies }) =>
      copies.filter(({ parentGeneration }) => parentGeneration !== undefined),
    );
    expect(back.length).toBeGreaterThan(0);
    for (const { generation, parentGeneration } of back) expect(parentGeneration).toBeLessThanOrEqual(generation);
    expect(back.some(({ generation, parentGeneration }) => parentGeneration! < generation)).toBe(true);
  });
});

describe('a sweep proposes', () => {
  it('points to try first, then those of a sampler, all of which keep the constraints', async () => {
    const { state } = await run(
      sweep('proposals', {
        sampler: 'sobol',
        constraints: ['learningRate * momentum <= 0.4'],
        enqueue: [{ learningRate: 0.125, momentum: 0.75 }],
        strategy: { random: { trials: 6, interval: 20 } },
        budget: { steps: 20 },
      }),
    );
    const proposed = state().trials.map(({ hyperparameters }) => hyperparameters);
    expect(proposed[0]).toMatchObject({ learningRate: 0.125, momentum: 0.75 });
    for (const { learningRate, momentum } of proposed)
      expect(Number(learningRate) * Number(momentum)).toBeLessThanOrEqual(0.4);
  });
});
