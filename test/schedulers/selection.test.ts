import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { parsePbtOptions, pbt } from '../../src/schedulers/index.js';
import type { MemberReport } from '../../src/schedulers/scheduler.js';
import type { Exploit } from '../../src/schedulers/selection.js';
import { chiSquare, chiSquareLimit, tally } from '../random/goodness-of-fit.js';
import { anyMembers, inputOf, itIsAScheduler, member } from './scheduler-contract.js';

const scheduler = (exploit: Exploit, some: object = {}) =>
  pbt(parsePbtOptions({ population: 8, interval: 100, exploit, ...some }));

/** A member whose lineage has these scores, the last one being its own. */
function withScores(trial: number, scores: readonly number[]): MemberReport {
  const report = member(trial, scores.at(-1)!, foldIn(seedKey(3), trial));
  const { hyperparameters } = report;
  const lineage = scores.map((score, generation) => {
    return { trial, generation, steps: 10 * (generation + 1), score, hyperparameters, kept: false };
  });
  return { ...report, lineage };
}

const parents = (exploit: Exploit, members: readonly MemberReport[], some: object = {}, generation = 2) =>
  scheduler(exploit, some)
    .decide(inputOf(members, { generation }))
    .map((one) => (one.kind === 'exploit' ? one.parent : one.kind));

describe('a tournament', () => {
  itIsAScheduler(() => scheduler('tournament'));

  it('never replaces the best, and replaces others by better ones only', () => {
    fc.assert(
      fc.property(anyMembers(2), fc.nat(1000), (members, generation) => {
        const healthy = members.filter((one) => Number.isFinite(one.score));
        for (const decision of scheduler('tournament').decide(inputOf(members, { generation }))) {
          const own = members.find(({ trial }) => trial === decision.trial)!;
          if (decision.kind !== 'exploit') continue;
          const parent = healthy.find(({ trial }) => trial === decision.parent)!;
          if (Number.isFinite(own.score)) expect(parent.score!).toBeGreaterThan(own.score!);
        }
      }),
    );
  });

  it('draws each other member as often', () => {
    const members = [0, 1, 2, 3, 4].map((score, trial) => withScores(trial, [score]));
    const drawn = Array.from({ length: 2000 }, (_, generation) => parents('tournament', members, {}, generation)[0]);
    // everybody is better than trial 0
    expect(
      chiSquare(
        tally(
          drawn.map((one) => (one as number) - 1),
          4,
        ),
      ),
    ).toBeLessThan(Math.max(chiSquareLimit(3), 30));
  });

  it('replaces one without a score by any that has one', () => {
    const members = [member(0, null, seedKey(1)), withScores(1, [0.1]), withScores(2, [0.9])];
    const drawn = new Set(
      Array.from({ length: 50 }, (_, generation) => parents('tournament', members, {}, generation)[0]),
    );
    expect(drawn).toEqual(new Set([1, 2]));
  });
});

describe('a t-test', () => {
  itIsAScheduler(() => scheduler('ttest'));
  const noisy = (around: number) => Array.from({ length: 10 }, (_, i) => around + (i % 2 === 0 ? 0.1 : -0.1));

  it('replaces who is significantly worse', () => {
    expect(parents('ttest', [withScores(0, noisy(0)), withScores(1, noisy(1))])).toEqual([1, 'continue']);
  });

  it('lets go on who is worse by no more than noise', () => {
    expect(parents('ttest', [withScores(0, noisy(0)), withScores(1, noisy(0.02))])).toEqual(['continue', 'continue']);
    const lenient = { significance: 0.9 };
    expect(parents('ttest', [withScores(0, noisy(0)), withScores(1, noisy(0.02))], lenient)).toEqual([1, 'continue']);
  });

  it('judges by means, not by the last score', () => {
    const [low, high] = [withScores(0, [...noisy(0).slice(1), 1.7]), withScores(1, noisy(1.5))];
    expect(low.score).toBeGreaterThan(high.score!);
    expect(parents('ttest', [low, high])).toEqual([1, 'continue']);
  });

  it('looks at the last scores only, as many as it is told', () => {
    const members = [withScores(0, [...noisy(9), ...noisy(0)]), withScores(1, [...noisy(-9), ...noisy(1)])];
    expect(parents('ttest', members)).toEqual([1, 'continue']);
    expect(parents('ttest', members, { window: 20 })).toEqual(['continue', 0]);
  });

  it('has no opinion of a single score', () => {
    expect(parents('ttest', [withScores(0, [0]), withScores(1, noisy(1))])).toEqual(['continue', 'continue']);
  });
});

describe('deciding one at a time', () => {
  const members = [0.5, 0.1, 0.9, 0.4].map((score, trial) => withScores(trial, [score]));
  const decide = (ready: number[], given = members) =>
    scheduler('truncation', { asynchronous: true }).decide(inputOf(given, { ready }));

  it('is said of the scheduler', () => {
    expect(scheduler('truncation').synchronous).toBe(true);
    expect(scheduler('truncation', { asynchronous: true }).synchronous).toBe(false);
  });

  it('judges a member against the last results of the others', () => {
    expect(decide([1])).toMatchObject([{ kind: 'exploit', trial: 1, parent: 2 }]);
    expect(decide([3])).toEqual([{ kind: 'continue', trial: 3 }]);
    expect(decide([])).toEqual([]);
  });

  it('lets the first go on, while nobody else has reported', () => {
    expect(decide([1], [members[1]!])).toEqual([{ kind: 'continue', trial: 1 }]);
    expect(decide([1], members.slice(0, 2))).toMatchObject([{ kind: 'exploit', trial: 1, parent: 0 }]);
  });

  it('replaces a failed member at once, or fails it where nobody else has reported', () => {
    const failed = member(7, null, seedKey(1));
    expect(decide([7], [failed, members[0]!])).toMatchObject([{ kind: 'exploit', trial: 7, parent: 0 }]);
    expect(decide([7], [failed])).toMatchObject([{ kind: 'fail', trial: 7 }]);
  });
});
