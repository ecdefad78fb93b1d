import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, type Key, seedKey } from '../../src/random/index.js';
import { type Decision, type MemberReport, type PbtOptions, parsePbtOptions, pbt } from '../../src/schedulers/index.js';
import { quantileCount } from '../../src/schedulers/selection.js';
import { type Hyperparameters, parseSpace, type Space } from '../../src/space/index.js';
import { chiSquare, chiSquareLimit, tally } from '../random/goodness-of-fit.js';
import { anyKey, anyMembers, everyKind, inputOf, itIsAScheduler, member } from './scheduler-contract.js';

function options(some: Partial<PbtOptions> = {}): PbtOptions {
  return parsePbtOptions({ population: 8, interval: 100, ...some });
}

function decide(
  members: readonly MemberReport[],
  some: Partial<PbtOptions> = {},
  { key = seedKey(7), space = everyKind, generation = 2 }: { key?: Key; space?: Space; generation?: number } = {},
): Decision[] {
  return pbt(options(some)).decide(inputOf(members, { space, key, generation }));
}

const kinds = (decisions: readonly Decision[]) => decisions.map(({ kind }) => kind);
const healthy = ({ score }: MemberReport) => Number.isFinite(score);

/** A population whose trial i has the i-th score. */
const population = (scores: readonly (number | null)[], steps = 100) =>
  scores.map((score, trial) => member(trial, score, foldIn(seedKey(1), trial), steps));

describe('pbt', () => {
  itIsAScheduler(() => pbt(options()));

  const quantile = () => fc.double({ min: 0.01, max: 0.5, noNaN: true });

  it('replaces nobody of the best, and copies from the best only', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(2), quantile(), (key, members, share) => {
        const decisions = decide(members, { quantile: share }, { key });
        const count = quantileCount(share, members.length);
        // no worse than `count` others, by an order written down anew
        const rank = (one: MemberReport) =>
          members.filter(
            (other) =>
              healthy(other) &&
              (!healthy(one) || other.score! > one.score! || (other.score === one.score && other.trial < one.trial)),
          ).length;
        const best = new Set(members.filter((one) => healthy(one) && rank(one) < count).map(({ trial }) => trial));
        for (const decision of decisions) {
          if (best.has(decision.trial)) expect(decision.kind).toBe('continue');
          if (decision.kind === 'exploit') expect(best.has(decision.parent)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('replaces the worst, and all without a score; nobody else', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(2), quantile(), (key, members, share) => {
        fc.pre(members.some(healthy));
        const decisions = decide(members, { quantile: share }, { key });
        const replaced = new Set(decisions.filter(({ kind }) => kind === 'exploit').map(({ trial }) => trial));
        const sick = members.filter((one) => !healthy(one));
        expect(replaced.size).toBe(Math.max(quantileCount(share, members.length), sick.length));
        for (const { trial } of sick) expect(replaced.has(trial)).toBe(true);
        const kept = members.filter(({ trial }) => !replaced.has(trial)).map(({ score }) => score!);
        for (const { trial, score } of members.filter(healthy)) {
          if (replaced.has(trial)) expect(score).toBeLessThanOrEqual(Math.min(...kept));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('fails every member when none has a score, and only then', () => {
    expect(decide(population([null, null, Number.NaN]))).toEqual(
      [0, 1, 2].map((trial) => ({ kind: 'fail', trial, reason: 'no member has a score, so there is none to copy' })),
    );
    fc.assert(
      fc.property(anyMembers(), (members) => {
        const failed = kinds(decide(members)).includes('fail');
        expect(failed).toBe(members.length > 0 && !members.some(healthy));
      }),
    );
  });

  it('copies the only member that has a score over all others', () => {
    const decisions = decide(population([null, null, 0.1, null]));
    expect(decisions.map((one) => (one.kind === 'exploit' ? one.parent : one.kind))).toEqual([2, 2, 'continue', 2]);
  });

  it('lets a member alone go on, or fails it', () => {
    expect(kinds(decide(population([0.5])))).toEqual(['continue']);
    expect(kinds(decide(population([null])))).toEqual(['fail']);
    expect(decide([])).toEqual([]);
  });

  it('replaces no member with a score before burn-in, and those without one always', () => {
    const scores = [0.1, 0.9, null, 0.5];
    expect(kinds(decide(population(scores, 99), { burnIn: 100 }))).toEqual([
      'continue',
      'continue',
      'exploit',
      'continue',
    ]);
    expect(kinds(decide(population([0.1, 0.9, 0.3, 0.5], 99), { burnIn: 100 }))).toEqual(Array(4).fill('continue'));
    expect(kinds(decide(population([0.1, 0.9, 0.3, 0.5], 100), { burnIn: 100 }))[0]).toBe('exploit');
  });

  it('breaks ties by trial number, the lower one first', () => {
    const decisions = decide(population([0.5, 0.5, 0.5, 0.5]));
    expect(decisions.map((one) => (one.kind === 'exploit' ? one.parent : one.kind))).toEqual([
      'continue',
      'continue',
      'continue',
      0,
    ]);
  });

  it.each([
    [0.25, 8, 2],
    [0.25, 4, 1],
    [0.25, 10, 3],
    [0.2, 10, 2],
    [0.07, 100, 7],
    [0.5, 2, 1],
    [0.5, 3, 1],
    [0.01, 5, 1],
    [1e-12, 5, 1],
    [0.5, 1, 0],
    [0.25, 0, 0],
  ])('holds, in a quantile of %d of %d members, %d', (share, members, count) => {
    expect(quantileCount(share, members)).toBe(count);
  });

  it('draws parents uniformly from the best', () => {
    const members = population([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const parents = Array.from({ length: 2000 }, (_, generation) =>
      decide(members, {}, { generation, space: parseSpace({}) }).flatMap((one) =>
        one.kind === 'exploit' ? [one.parent - 9] : [],
      ),
    ).flat();
    expect(parents).toHaveLength(6000);
    expect(chiSquare(tally(parents, 3))).toBeLessThan(Math.max(chiSquareLimit(2), 28));
  });

  it('decides anew for each generation, trial and key', () => {
    const members = population([0.1, 0.2, 0.8, 0.9, 0.3, 0.4, 0.5, 0.6]);
    const rates = (key: Key, generation: number) =>
      decide(members, { resample: 1 }, { key, generation }).flatMap((one) =>
        one.kind === 'exploit' ? [one.hyperparameters.rate] : [],
      );
    const all = [...rates(seedKey(1), 0), ...rates(seedKey(1), 1), ...rates(seedKey(2), 0)];
    expect(new Set(all).size).toBe(6);
  });

  it('decides a small population as worked out by hand', () => {
    const space = parseSpace({
      rate: { float: [0.01, 1], scale: 'log' },
      repeats: { int: [1, 8], structural: false },
      noise: { choice: ['none', 'some', 'much'], structural: false },
      hidden: { choice: [64, 128, 256] },
      act: 'relu',
    });
    const report = (trial: number, score: number, hyperparameters: Hyperparameters) =>
      ({
        trial,
        score,
        hyperparameters: { ...hyperparameters, act: 'relu' },
        generation: 0,
        steps: 125,
        lineage: [],
      }) as const;
    const members = [
      report(0, 0.7, { rate: 0.1, repeats: 4, noise: 'none', hidden: 64 }),
      report(1, 0.2, { rate: 0.9, repeats: 8, noise: 'much', hidden: 128 }),
      report(2, 0.9, { rate: 0.8, repeats: 1, noise: 'some', hidden: 256 }),
      report(3, 0.5, { rate: 0.05, repeats: 2, noise: 'none', hidden: 64 }),
    ];
    // a quarter of four: trial 1 copies trial 2; the only factor is 1.3, and nothing is resampled
    const worked = decide(members, { resample: 0, factors: [1.3] }, { space });
    expect(worked).toEqual([
      { kind: 'continue', trial: 0 },
      {
        kind: 'exploit',
        trial: 1,
        parent: 2,
        hyperparameters: { rate: 1, repeats: 2, noise: 'much', hidden: 256, act: 'relu' },
        changes: [
          { name: 'rate', from: 0.9, inherited: 0.8, to: 1, how: 'perturbed', factor: 1.3, atBound: true }, // 1.04
          { name: 'repeats', from: 8, inherited: 1, to: 2, how: 'perturbed', factor: 1.3 }, // 1.3 rounds to 1 again
          { name: 'noise', from: 'much', inherited: 'some', to: 'much', how: 'perturbed', factor: 1.3 },
          { name: 'hidden', from: 128, inherited: 256, to: 256, how: 'inherited' },
        ],
      },
      { kind: 'continue', trial: 2 },
      { kind: 'continue', trial: 3 },
    ]);
  });

  // recorded: a change here changes every study
  it('always decides the same', () => {
    const decisions = decide(population([0.1, 0.2, 0.8, 0.9, 0.3, 0.4, 0.5, 0.6]));
    const copies = decisions.flatMap((one) =>
      one.kind === 'exploit' ? [[one.trial, one.parent, JSON.stringify(Object.values(one.hyperparameters))]] : [],
    );
    expect(copies).toMatchInlineSnapshot(`
      [
        [
          0,
          2,
          "[0.0003684440305833127,-0.009801835470861242,0.3,3.345174071239637,2,4,7,"tanh",true,false,64]",
        ],
        [
          1,
          2,
          "[0.00024562935372220845,0.3062360942404033,0.3,3.345174071239637,2,2,7,"tanh","none",false,64]",
        ],
      ]
    `);
  });
});
