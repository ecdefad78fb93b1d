import { describe, expect, it } from 'vitest';
import { foldIn, type Key, normal, seedKey, uniform } from '../../src/random/index.js';
import { parsePbtOptions, pbt } from '../../src/schedulers/index.js';
import { pb2 } from '../../src/schedulers/pb2.js';
import { cholesky, TimeVaryingGaussianProcess } from '../../src/schedulers/pb2-gp.js';
import { parsePb2Options } from '../../src/schedulers/pb2-options.js';
import type { HistoryEntry, LineageEntry, MemberReport, Scheduler } from '../../src/schedulers/scheduler.js';
import { type Hyperparameters, parseSpace, sampleSpace } from '../../src/space/index.js';
import { inputOf, itIsAScheduler } from './scheduler-contract.js';

const options = (some: object = {}) => parsePb2Options({ population: 8, interval: 100, ...some });
const space = parseSpace({
  rate: { float: [1e-4, 1], scale: 'log' },
  momentum: { float: [0, 1] },
  noise: { choice: ['none', 'some'], structural: false },
});

describe('cholesky', () => {
  it('gives a factor whose square is the matrix', () => {
    const rows = [[4], [2, 5], [0.6, 1.9, 3]].map((row) => Float64Array.from(row));
    const factor = cholesky(rows);
    const entry = (i: number, j: number) =>
      factor[i]!.subarray(0, j + 1).reduce((sum, x, k) => sum + x * factor[j]![k]!, 0);
    for (const [i, row] of rows.entries())
      for (const [j, value] of row.entries()) expect(entry(i, j)).toBeCloseTo(value, 12);
  });
});

describe('the time-varying Gaussian process', () => {
  const places = Array.from({ length: 40 }, (_, i) => ({ x: [uniform(foldIn(seedKey(1), i))], t: i / 8 }));
  const wave = places.map(({ x }, i) => Math.sin(6 * x[0]!) + 0.05 * normal(foldIn(seedKey(2), i)));

  it('predicts a smooth function between the places that it has seen', () => {
    const predict = new TimeVaryingGaussianProcess(places, wave).predictorAt(5);
    for (const x of [0.2, 0.4, 0.6, 0.8]) expect(Math.abs(predict([x]).mean - Math.sin(6 * x))).toBeLessThan(0.2);
  });

  it('is less sure far from what it has seen, in space and in time', () => {
    const near = places.filter(({ x }) => x[0]! < 0.5);
    const process = new TimeVaryingGaussianProcess(near, wave.slice(0, near.length));
    expect(process.predictorAt(5)([1]).deviation).toBeGreaterThan(process.predictorAt(5)([0.25]).deviation);
    const drifting = places.map(({ x, t }) => Math.sin(6 * x[0]! + 2 * t));
    const fading = new TimeVaryingGaussianProcess(places, drifting);
    expect(fading.predictorAt(50)([0.5]).deviation).toBeGreaterThan(fading.predictorAt(5)([0.5]).deviation);
  });

  it('becomes surer near a pending place, and predicts the same mean everywhere', () => {
    const process = new TimeVaryingGaussianProcess(places.slice(0, 6), wave.slice(0, 6));
    const before = process.predictorAt(5)([0.9]);
    process.addPending({ x: [0.9], t: 5 });
    const after = process.predictorAt(5)([0.9]);
    expect(after.mean).toBe(before.mean);
    expect(after.deviation).toBeLessThan(before.deviation);
  });

  it('survives equal places and equal results', () => {
    const same = Array.from({ length: 10 }, () => ({ x: [0.5], t: 1 }));
    const { mean, deviation } = new TimeVaryingGaussianProcess(same, Array(10).fill(0)).predictorAt(1)([0.5]);
    expect(mean).toBe(0);
    expect(Number.isFinite(deviation)).toBe(true);
  });
});

/** A population's run on a made-up task: the score improves the more, the nearer a rate is to its best one at that time. */
function run(scheduler: Scheduler, key: Key, count: number, generations: number) {
  let members = Array.from({ length: count }, (_, trial) => {
    const hyperparameters: Hyperparameters = sampleSpace(space, foldIn(key, 'start', trial));
    return { trial, score: 0, hyperparameters, lineage: [] as LineageEntry[] };
  });
  const history: HistoryEntry[] = [];
  const chosen: Hyperparameters[][] = [];
  for (let generation = 0; generation < generations; generation++) {
    const steps = (generation + 1) * 100;
    // the best rate falls from 0.1 to 0.001, the best momentum is 0.7
    const bestRate = -1 - (2 * generation) / generations;
    const reports = members.map(({ trial, score: before, hyperparameters, lineage }): MemberReport => {
      const off = (Math.log10(hyperparameters.rate as number) - bestRate) ** 2 / 4;
      const gain = Math.exp(-off - 4 * ((hyperparameters.momentum as number) - 0.7) ** 2);
      const score = before + gain;
      const known = generation === 0 ? null : before;
      history.push({ trial, generation, fromStep: steps - 100, toStep: steps, hyperparameters, before: known, score });
      const entry = { trial, generation, steps, score, hyperparameters, kept: true };
      return { trial, score, hyperparameters, generation, steps, lineage: [...lineage, entry] };
    });
    const decisions = scheduler.decide(inputOf(reports, { space, key, generation, history: [...history] }));
    chosen.push(decisions.flatMap((one) => (one.kind === 'exploit' ? [one.hyperparameters] : [])));
    members = decisions.map((one) => {
      const from = reports[one.kind === 'exploit' ? one.parent : one.trial]!;
      const hyperparameters = one.kind === 'exploit' ? one.hyperparameters : from.hyperparameters;
      return { trial: one.trial, score: from.score!, hyperparameters, lineage: [...from.lineage] };
    });
  }
  return { best: Math.max(...members.map(({ score }) => score)), chosen };
}

describe('pb2', () => {
  itIsAScheduler(() => pb2(options({ memory: 8 })));

  it('explores as PBT does while no improvement is known', () => {
    const reports = Array.from({ length: 8 }, (_, trial): MemberReport => {
      const hyperparameters = sampleSpace(space, foldIn(seedKey(4), trial));
      return { trial, score: trial, hyperparameters, generation: 0, steps: 100, lineage: [] };
    });
    const input = inputOf(reports, { space, history: [] });
    expect(pb2(options()).decide(input)).toEqual(pbt(parsePbtOptions({ population: 8, interval: 100 })).decide(input));
  });

  it('says of what a model chose that it was chosen, and explores unordered choices as PBT does', () => {
    const { chosen } = run(pb2(options()), seedKey(5), 8, 4);
    expect(chosen.flat()).toHaveLength(8);
    const reports = [0, 1, 2, 3].map((trial): MemberReport => {
      const hyperparameters = { rate: 0.1, momentum: 0.5, noise: 'none' };
      return { trial, score: trial, hyperparameters, generation: 2, steps: 300, lineage: [] };
    });
    const history = [0, 1, 2, 3].map((trial): HistoryEntry => {
      const { hyperparameters } = reports[trial]!;
      return { trial, generation: 1, fromStep: 100, toStep: 200, hyperparameters, before: 0, score: trial };
    });
    const [first] = pb2(options()).decide(inputOf(reports, { space, history, frozen: new Set(['momentum']) }));
    expect(first).toMatchObject({ kind: 'exploit', hyperparameters: { momentum: 0.5 } });
    const hows = (first as { changes: readonly { name: string; how: string }[] }).changes;
    expect(hows.find(({ name }) => name === 'rate')!.how).toBe('chosen');
    expect(hows.find(({ name }) => name === 'noise')!.how).not.toBe('chosen');
  });

  it('sends copies of one decision to different places', () => {
    for (const copies of run(pb2(options({ kappa: 2 })), seedKey(6), 12, 5).chosen.slice(1)) {
      expect(new Set(copies.map(({ rate, momentum }) => `${rate} ${momentum}`)).size).toBe(copies.length);
    }
  });

  it('finds a moving optimum faster than PBT does, over seeds', () => {
    const seeds = Array.from({ length: 7 }, (_, seed) => foldIn(seedKey(seed), 'task'));
    const best = (scheduler: Scheduler) => seeds.map((key) => run(scheduler, key, 8, 16).best);
    const plain = pbt(parsePbtOptions({ population: 8, interval: 100 }));
    const [modelled, perturbed] = [best(pb2(options({ memory: 48 }))), best(plain)];
    const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[3]!;
    expect(median(modelled)).toBeGreaterThan(median(perturbed));
  });
});
