import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { objectiveCandidate, readObjectiveSweep } from '../src/tuner/objective/read-sweep.js';
import { readSweep, sourceOf } from '../src/tuner/sweep-file.js';

const folder = fileURLToPath(new URL('../examples/', import.meta.url));
const others = [
  'two-parameters.js',
  'objective.js',
  'objective.yaml',
  'objective-near-best.yaml',
  'cantilever.js',
  'cantilever.yaml',
];
const files = readdirSync(folder).filter((name) => /\.(yaml|json|ts|js)$/.test(name) && !others.includes(name));

describe('examples', () => {
  it.each(files)('%s is a sweep', async (name) => {
    const { settings } = await readSweep(`${folder}${name}`);
    expect(settings.budget.steps).toBeGreaterThan(0);
  });

  it('objective.yaml is a sweep of an objective function', async () => {
    const source = await sourceOf(`${folder}objective.yaml`);
    expect(objectiveCandidate(source)).toBe(`${folder}objective.js`);
    expect(readObjectiveSweep(source)).toMatchObject({ trials: 100, strategy: { kind: 'asha' }, steps: 81 });
  });

  it('objective-near-best.yaml is one with a scheduler of its own', async () => {
    const source = await sourceOf(`${folder}objective-near-best.yaml`);
    expect(objectiveCandidate(source)).toBe(`${folder}objective.js`);
    expect(readObjectiveSweep(source)).toMatchObject({ trials: 60, strategy: { kind: 'own' }, steps: 81 });
  });

  it('cantilever.yaml is one of several objectives', async () => {
    const source = await sourceOf(`${folder}cantilever.yaml`);
    expect(objectiveCandidate(source)).toBe(`${folder}cantilever.js`);
    expect(readObjectiveSweep(source)).toMatchObject({
      sampler: { kind: 'nsga2' },
      objectives: [{}, {}],
      outcomes: [{}, {}],
    });
  });

  it('compare population-based and random search with equal compute', async () => {
    const read = async (name: string) => (await readSweep(`${folder}${name}`)).settings;
    const pbt = await read('mnist-10k-pbt-population-8-generations-20.yaml');
    const random = await read('mnist-10k-random-trials-8.yaml');
    expect(pbt.strategy).toMatchObject({ kind: 'pbt', population: 8, interval: 125 });
    expect(random.strategy).toMatchObject({ kind: 'random', trials: 8 });
    const { study: _, strategy: __, ...same } = pbt;
    expect(random).toMatchObject(same);
  });
});
