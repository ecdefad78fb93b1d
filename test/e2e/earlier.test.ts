/** Sweeps that learn from an earlier study. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ObjectiveSweep, resume, type StudySummary, type Sweep, type TunerEvent, tune } from '../../src/index.js';
import { objectiveEntries, StudyStore } from '../../src/store/index.js';
import { foldObjective, foldRecords } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-earlier-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const options = { directory: root, workers: 2 };
const settingsOf = (study: string) => {
  const entries = StudyStore.read(root, study);
  const objective = objectiveEntries(entries);
  return objective === null
    ? foldRecords(entries.map(({ record }) => record)).settings
    : foldObjective(objective.map(({ record }) => record)).settings;
};

const bowl = (study: string, more: Partial<ObjectiveSweep> = {}): ObjectiveSweep => ({
  study,
  model: fileURLToPath(new URL('../fixtures/objectives/bowl.mjs', import.meta.url)),
  objective: { metric: 'loss', direction: 'minimize' },
  strategy: { random: { trials: 8, parallel: 2 } },
  ...more,
});

describe('an objective function', () => {
  let first: StudySummary;
  beforeAll(async () => {
    first = await tune(bowl('first', { strategy: { random: { trials: 30 } } }), options);
  });

  it('tries the best of an earlier study first, and learns from all of it', async () => {
    const summary = await tune(bowl('second', { earlier: { study: 'first', try: 2 }, seed: 1 }), options);
    expect(summary.trials).toBe(8);
    const settings = settingsOf('second');
    expect(settings.earlier).toMatchObject({ study: 'first', try: 2 });
    expect(settings.earlier!.trials).toHaveLength(30);
    const entries = objectiveEntries(StudyStore.read(root, 'second'))!;
    const { trials, journal } = foldObjective(entries.map(({ record }) => record));
    expect(trials[0]!.hyperparameters).toEqual(first.best!.hyperparameters);
    expect(journal.filter(({ kind }) => kind === 'imported')).toHaveLength(30);
    // from the model of 30 trials at once, not from a design of startup trials
    expect(summary.best!.value).toBeLessThan(2);
  });

  it('keeps what means something where the space has changed, of another metric too', async () => {
    const objective = { metric: 'steps', direction: 'maximize' } as const;
    await tune(bowl('changed', { earlier: { study: 'first' }, objective, space: { a: { float: [0, 2] } } }), options);
    const { trials } = settingsOf('changed').earlier!;
    expect(trials.some(({ hyperparameters }) => Object.keys(hyperparameters).join() === 'a,b')).toBe(true);
    expect(trials.some(({ hyperparameters }) => Object.keys(hyperparameters).join() === 'b')).toBe(true);
    for (const { values } of trials) expect(values[0]).toBeGreaterThanOrEqual(3);
  });

  it('needs the earlier study no more once it has begun', async () => {
    const sweep = (study: string) => bowl(study, { earlier: { study: 'first', try: 1 }, seed: 2 });
    const whole = await tune(sweep('whole'), options);
    const abort = new AbortController();
    let told = 0;
    const onEvent = (event: TunerEvent) => {
      const isTold =
        event.type === 'objective' && event.record.kind === 'asktell' && event.record.record.kind === 'told';
      if (isTold && ++told === 3) abort.abort();
    };
    expect((await tune(sweep('left'), { ...options, signal: abort.signal, onEvent })).status).toBe('interrupted');
    rmSync(join(root, 'first'), { recursive: true });
    expect(await resume('left', options)).toMatchObject({ status: 'completed', digest: whole.digest });
  });

  it.each<[string, Partial<ObjectiveSweep>, string]>([
    ['a study that is not there', { earlier: { study: 'nobody' } }, 'STORE_STUDY_MISSING'],
    [
      'a metric that it has not',
      { earlier: { study: 'second' }, outcomes: [{ metric: 'price', atMost: 1 }] },
      'TUNER_EARLIER_NOTHING',
    ],
    ['a count of -1', { earlier: { study: 'second', try: -1 } }, 'TUNER_SWEEP_INVALID'],
  ])('is refused with %s', async (_, more, code) => {
    await expect(tune(bowl('refused', more), options)).rejects.toMatchObject({ code });
  });
});

describe('a model', () => {
  const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
    study,
    model: 'mlp',
    dataset: 'spirals',
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    space: { hidden: { choice: [16, 32] } },
    sampler: { tpe: { startupTrials: 4 } },
    strategy: { random: { trials: 6, interval: 30, parallel: 3 } },
    budget: { steps: 60 },
    seed: 5,
    training: { compile: 'never' },
    ...more,
  });
  const stateOf = (study: string, directory = root) =>
    foldRecords(StudyStore.read(directory, study).map(({ record }) => record));
  let first: StudySummary;

  beforeAll(async () => {
    first = await tune(
      sweep('model', { strategy: { median: { trials: 10, interval: 20, startupTrials: 2 } } }),
      options,
    );
  });

  it('learns from an earlier study, of any strategy and metric, the same for any number of workers', async () => {
    const digests = [];
    for (const workers of [1, 3]) {
      const study = `learnt-${workers}`;
      const learning = sweep(study, {
        earlier: { study: 'model', try: 1 },
        objective: { metric: 'valLoss', direction: 'minimize' },
      });
      digests.push((await tune(learning, { ...options, workers })).digest);
    }
    expect(digests[0]).toBe(digests[1]);
    const { settings, trials } = stateOf('learnt-1');
    const earlier = stateOf('model');
    expect(settings.earlier!.trials).toHaveLength(10);
    const complete = earlier.trials.filter(({ status }) => status === 'complete');
    const best = complete.reduce((a, b) => {
      return b.segments.at(-1)!.metrics.valLoss! < a.segments.at(-1)!.metrics.valLoss! ? b : a;
    });
    expect(trials[0]!.hyperparameters).toEqual(best.hyperparameters);
    // it is part of the result
    const alone = await tune(sweep('alone', { objective: { metric: 'valLoss', direction: 'minimize' } }), options);
    expect(alone.digest).not.toBe(digests[0]);
  });

  it('lets a population begin with what a sampler learnt there', async () => {
    const population = sweep('population', {
      earlier: { study: 'model', try: 1 },
      strategy: { pbt: { population: 4, interval: 30 } },
    });
    const summary = await tune(population, options);
    expect(summary.status).toBe('completed');
    expect(stateOf('population').trials).toHaveLength(4);
    rmSync(join(root, 'model'), { recursive: true });
    const again = await tune({ ...population, study: 'again', earlier: { study: 'population', try: 2 } }, options);
    expect(stateOf('again').settings.earlier!.trials.every(({ status }) => status === 'complete')).toBe(true);
    expect(again.status).toBe('completed');
    expect(first.trials).toBe(10);
  });
});
