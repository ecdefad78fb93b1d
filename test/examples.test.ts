import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSweep } from '../src/tuner/sweep-file.js';

const folder = fileURLToPath(new URL('../examples/', import.meta.url));
const files = readdirSync(folder).filter((name) => /\.(yaml|json|ts|js)$/.test(name) && name !== 'two-parameters.js');

describe('examples', () => {
  it.each(files)('%s is a sweep', async (name) => {
    const { settings } = await readSweep(`${folder}${name}`);
    expect(settings.budget.steps).toBeGreaterThan(0);
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
