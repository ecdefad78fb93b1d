/** Sweeps of several objectives, and with bounds of outcomes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { exportStudy, type ObjectiveSweep, resume, type Sweep, type TunerEvent, tune } from '../../src/index.js';
import { objectiveEntries, StudyStore } from '../../src/store/index.js';
import { foldObjective, foldRecords } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-pareto-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const directory = (name: string) => join(root, name);
const example = fileURLToPath(new URL('../../examples/cantilever.yaml', import.meta.url));

const beam: ObjectiveSweep = {
  study: 'beam',
  model: fileURLToPath(new URL('../../examples/cantilever.js', import.meta.url)),
  objectives: [
    { metric: 'weight', direction: 'minimize' },
    { metric: 'deflection', direction: 'minimize' },
  ],
  outcomes: [{ metric: 'stress', atMost: 300 }],
  sampler: { nsga2: { population: 8 } },
  strategy: { random: { trials: 40, parallel: 3 } },
};

describe('an objective function with several objectives', () => {
  it('gives the same front for one worker and two, of feasible beams only', async () => {
    const [one, two] = [
      await tune(example, { directory: directory('one'), workers: 1 }),
      await tune(example, { directory: directory('two'), workers: 2 }),
    ];
    expect(two.digest).toBe(one.digest);
    expect(two.front).toEqual(one.front);
    expect(one.front!.length).toBeGreaterThan(5);
    expect(one.best!.value).toBe(Math.min(...one.front!.map(({ values }) => values.weight!)));
    const entries = objectiveEntries(StudyStore.read(directory('one'), 'cantilever'))!;
    const { metrics } = foldObjective(entries.map(({ record }) => record));
    for (const { trial, values } of one.front!) {
      expect(metrics.get(trial)!.stress).toBeLessThanOrEqual(300);
      expect(values.deflection).toBeLessThanOrEqual(5);
    }
  });

  it.each(['tpe', 'sobol', 'grid'] as const)('takes the sampler %s, and goes on after an interrupt', async (name) => {
    const sampler = name === 'grid' ? { grid: { points: 6 } } : name;
    const sweep = { ...beam, sampler };
    const whole = await tune(sweep, { directory: directory(name), workers: 2 });
    const abort = new AbortController();
    let told = 0;
    const onEvent = (event: TunerEvent) => {
      const isTold =
        event.type === 'objective' && event.record.kind === 'asktell' && event.record.record.kind === 'told';
      if (isTold && ++told === 15) abort.abort();
    };
    const options = { directory: directory(`${name}-left`), workers: 2 };
    expect((await tune(sweep, { ...options, signal: abort.signal, onEvent })).status).toBe('interrupted');
    expect(await resume('beam', options)).toMatchObject({
      status: 'completed',
      digest: whole.digest,
      front: whole.front,
    });
  });

  it('ends once a beam reaches every target', async () => {
    const [weight, deflection] = beam.objectives!;
    const objectives = [
      { ...weight!, target: 1 },
      { ...deflection!, target: 5 },
    ];
    const summary = await tune(
      { ...beam, objectives, strategy: { random: { trials: 200 } } },
      { directory: directory('target') },
    );
    expect(summary.status).toBe('target');
    expect(summary.front!.some(({ values }) => values.weight! <= 1 && values.deflection! <= 5)).toBe(true);
  });

  it('has no best one where none is feasible, and has not failed', async () => {
    const outcomes = [{ metric: 'stress', atMost: -1 }];
    const { objectives, ...single } = beam;
    const none = {
      ...single,
      objective: objectives![0]!,
      outcomes,
      sampler: 'gp',
      strategy: { random: { trials: 4 } },
    };
    expect(await tune(none, { directory: directory('none') })).toMatchObject({ status: 'completed', best: null });
  });

  it('fails a trial that does not measure all of them', async () => {
    const summary = await tune(
      { ...beam, outcomes: [{ metric: 'price', atMost: 5 }], strategy: { random: { trials: 2 } } },
      { directory: directory('missing') },
    );
    expect(summary.status).toBe('failed');
    const entries = objectiveEntries(StudyStore.read(directory('missing'), 'beam'))!;
    const { trials } = foldObjective(entries.map(({ record }) => record));
    expect(trials[0]!.message).toMatch(
      /what run returns must be an object of numbers with "weight", "deflection", "price"/,
    );
  });
});

describe('a model with several objectives', () => {
  const sweep: Sweep = {
    study: 'spirals',
    model: 'mlp',
    dataset: 'spirals',
    objectives: [
      { metric: 'valAccuracy', direction: 'maximize' },
      { metric: 'valLoss', direction: 'minimize' },
    ],
    space: { hidden: { choice: [16, 32, 64] } },
    sampler: { nsga2: { population: 4 } },
    strategy: { random: { trials: 10, interval: 40, parallel: 3 } },
    budget: { steps: 80 },
    seed: 3,
    training: { compile: 'never' },
  };

  it('gives the same front for one worker and two, and each of its trials can be exported', async () => {
    const one = await tune(sweep, { directory: directory('model-one'), workers: 1 });
    const two = await tune(sweep, { directory: directory('model-two'), workers: 2 });
    expect(two.digest).toBe(one.digest);
    expect(two.front).toEqual(one.front);
    const state = foldRecords(StudyStore.read(directory('model-one'), 'spirals').map(({ record }) => record));
    const kept = readdirSync(join(directory('model-one'), 'spirals', 'checkpoints'));
    expect(new Set(kept)).toEqual(new Set(state.front.map(({ state: { file } }) => file)));
    const last = one.front!.at(-1)!;
    const to = join(root, 'exported');
    await exportStudy('spirals', {
      directory: directory('model-one'),
      to,
      trial: last.trial,
      formats: ['graph-model'],
    });
    const card = JSON.parse(readFileSync(join(to, 'model-card.json'), 'utf8'));
    expect(card).toMatchObject({ trial: last.trial, validation: last.values, objectives: sweep.objectives });
    expect(readFileSync(join(to, 'model-card.md'), 'utf8')).toContain(
      'one of a Pareto front by valAccuracy (maximize), valLoss (minimize)',
    );
    // the same study again
    expect(existsSync(join(to, 'sweep.json'))).toBe(true);
    const again = await tune(join(to, 'sweep.json'), { directory: directory('again'), workers: 2 });
    expect(again.digest).toBe(one.digest);
    const other = state.trials.find(({ trial }) => one.front!.every((point) => point.trial !== trial))!;
    await expect(
      exportStudy('spirals', { directory: directory('model-one'), to: join(root, 'other'), trial: other.trial }),
    ).rejects.toMatchObject({ code: 'TUNER_TRIAL_NOT_KEPT' });
  });

  it('keeps outcomes within bounds, of a single objective too', async () => {
    const { objectives, ...single } = sweep;
    const bounded: Sweep = {
      ...single,
      objective: objectives![0]!,
      outcomes: [{ metric: 'valLoss', atLeast: 0.8 }],
      sampler: { tpe: { startupTrials: 4 } },
    };
    const summary = await tune(bounded, { directory: directory('bounded'), workers: 2 });
    const state = foldRecords(StudyStore.read(directory('bounded'), 'spirals').map(({ record }) => record));
    const segments = state.trials.flatMap((trial) => trial.segments);
    const feasible = segments
      .filter(({ metrics }) => metrics.valLoss! >= 0.8)
      .map(({ metrics }) => metrics.valAccuracy!);
    expect(Math.max(...feasible)).toBeLessThan(Math.max(...segments.map(({ metrics }) => metrics.valAccuracy!)));
    expect(summary.best?.value).toBe(Math.max(...feasible));
  });

  it('is refused where a metric is not the model’s', async () => {
    const wrong = { ...sweep, outcomes: [{ metric: 'valLatency', atMost: 5 }] };
    await expect(tune(wrong, { directory: directory('wrong') })).rejects.toMatchObject({
      code: 'STUDY_METRIC_MISSING',
    });
  });
});
