/** The toy of Jaderberg et al. 2017, section 4 (figure 2), as a test; `bench/quality/toy.mjs` says what it is. */
import { describe, expect, it } from 'vitest';
import { bestQuality, toyRuns } from '../../bench/quality/toy.mjs';
import * as random from '../../src/random/index.js';
import { explore } from '../../src/schedulers/explore.js';
import { parsePbtOptions, pbt } from '../../src/schedulers/index.js';
import { parseSpace } from '../../src/space/index.js';

const runs = toyRuns({ pbt, parsePbtOptions, explore, parseSpace, ...random });
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

/** The best quality at the end, of each seed, sorted. */
function results(name: keyof typeof runs): number[] {
  return seeds.map((seed) => bestQuality(runs[name](seed)).at(-1)!).sort((a, b) => a - b);
}

describe('the toy of the PBT paper', () => {
  const [both, exploring, exploiting] = [results('PBT'), results('explore only'), results('exploit only')];
  const grid = results('grid search')[0]!;
  const median = (list: readonly number[]) => list[Math.floor(list.length / 2)]!;

  it('leaves grid search at the quality of one parameter that never moved', () => {
    expect(grid).toBeLessThan(1.2 - 0.81);
    expect(grid).toBeGreaterThan(1.2 - 0.81 - 0.001);
  });

  it('is better than grid search after the same steps, for every seed', () => {
    expect(Math.min(...both)).toBeGreaterThan(grid);
  });

  it('comes near the optimum of 1.2 for most seeds', () => {
    expect(median(both)).toBeGreaterThan(1.1);
  });

  it('is better than grid search with exploring or exploiting alone, and better still with both', () => {
    expect(median(exploring)).toBeGreaterThan(grid);
    expect(median(exploiting)).toBeGreaterThan(grid);
    expect(median(both)).toBeGreaterThan(median(exploring));
    expect(median(both)).toBeGreaterThan(median(exploiting));
  });

  it('moves along one axis at a time where members only exploit', () => {
    for (const path of runs['exploit only'](0)) {
      for (let step = 1; step < path.length; step++) {
        const [before, after] = [path[step - 1]!, path[step]!];
        // between two decisions, that is: a copy jumps
        if ((step - 1) % 4 !== 0) expect(before[0] === after[0] || before[1] === after[1]).toBe(true);
      }
    }
  });
});
