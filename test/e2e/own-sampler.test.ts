/** Sweeps with a sampler of the user's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ObjectiveSweep, resume, type Sweep, type TunerEvent, tune } from '../../src/index.js';
import { objectiveEntries, StudyStore } from '../../src/store/index.js';
import { foldObjective, foldRecords } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-own-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}.mjs`, import.meta.url)) as `${string}.mjs`;
const own = fixture('samplers/neighbour');
type Point = Readonly<Record<string, unknown>>;

/** Names of the hyperparameters in which two points differ. */
const changed = (a: Point, b: Point) => Object.keys(a).filter((name) => a[name] !== b[name]);

describe('an objective function', () => {
  const sweep = (study: string, more: Partial<ObjectiveSweep> = {}): ObjectiveSweep => ({
    study,
    model: fixture('objectives/bowl'),
    objective: { metric: 'loss', direction: 'minimize' },
    sampler: own,
    strategy: { random: { trials: 12, parallel: 1 } },
    ...more,
  });

  it('is tuned by it, also after an interrupt', async () => {
    const whole = await tune(sweep('whole'), { directory: root });
    const entries = objectiveEntries(StudyStore.read(root, 'whole'))!;
    const { trials } = foldObjective(entries.map(({ record }) => record));
    for (const { trial, hyperparameters } of trials.slice(1)) {
      const before = trials.slice(0, trial);
      const best = before.reduce((a, b) => (b.values[0]! < a.values[0]! ? b : a));
      expect(changed(best.hyperparameters, hyperparameters)).toHaveLength(1);
    }
    const abort = new AbortController();
    const onEvent = (event: TunerEvent) => {
      const { record } =
        event.type === 'objective' && event.record.kind === 'asktell' ? event.record : { record: null };
      if (record?.kind === 'told' && record.trial === 5) abort.abort();
    };
    const left = await tune(sweep('left'), { directory: root, signal: abort.signal, onEvent });
    expect(left.status).toBe('interrupted');
    expect(await resume('left', { directory: root })).toMatchObject({ digest: whole.digest });
  });

  it.each<[string, string, string]>([
    ['none', 'none', 'TUNER_SAMPLER_NOT_ONE'],
    ['one that is not there', 'nowhere', 'MODULES_MISSING'],
    ['one that proposes what is not allowed', 'outside', 'SPACE_BAD_VALUE'],
  ])('fails before there is a study with %s', async (_, name, code) => {
    const sampler = fixture(`samplers/${name}`);
    await expect(tune(sweep('refused', { sampler }), { directory: root })).rejects.toMatchObject({ code });
    expect(() => StudyStore.read(root, 'refused')).toThrow();
  });
});

describe('a model', () => {
  const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
    study,
    model: 'mlp',
    dataset: 'spirals',
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    sampler: own,
    strategy: { random: { trials: 6, interval: 30, parallel: 2 } },
    budget: { steps: 30 },
    seed: 5,
    training: { compile: 'never' },
    ...more,
  });

  it('is tuned by it, the same for one worker and two', async () => {
    const [one, two] = [
      await tune(sweep('one'), { directory: root, workers: 1 }),
      await tune(sweep('two'), { directory: root, workers: 2 }),
    ];
    expect(one).toMatchObject({ status: 'completed', digest: two.digest });
    const { trials } = foldRecords(StudyStore.read(root, 'one').map(({ record }) => record));
    const last = trials.at(-1)!.hyperparameters;
    expect(trials.slice(0, -1).some(({ hyperparameters }) => changed(hyperparameters, last).length === 1)).toBe(true);
  });

  it('may be a population that begins with what it proposes', async () => {
    const population = sweep('population', { strategy: { pbt: { population: 3, interval: 15 } } });
    expect(await tune(population, { directory: root })).toMatchObject({ status: 'completed', trials: 3 });
  });
});
