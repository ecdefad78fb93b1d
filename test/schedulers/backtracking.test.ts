import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import {
  type Backtrack,
  backtrackTargets,
  checkpointsToKeep,
  hasCollapsed,
  haveLastCollapsed,
} from '../../src/schedulers/backtracking.js';
import { parsePbtOptions, pbt } from '../../src/schedulers/index.js';
import type { HistoryEntry, MemberReport } from '../../src/schedulers/scheduler.js';
import { parseSpace } from '../../src/space/index.js';
import { inputOf, itIsAScheduler } from './scheduler-contract.js';

const space = parseSpace({ rate: { float: [0, 1] }, width: { int: [1, 9] } });
const backtrack: Backtrack = { patience: 2, tolerance: 0.05, checkpoints: 1, who: 'worst' };

/** History of a population: the scores of each generation, by trial; `null` where there was none. */
function historyOf(...generations: readonly (readonly (number | null)[])[]): HistoryEntry[] {
  return generations.flatMap((scores, generation) =>
    scores.flatMap((score, trial): HistoryEntry[] => {
      if (score === null) return [];
      const before = generation === 0 ? null : (generations[generation - 1]![trial] ?? null);
      const hyperparameters = { rate: (trial + 1) / 10, width: generation + 1 };
      const fromStep = generation * 100;
      return [{ trial, generation, fromStep, toStep: fromStep + 100, hyperparameters, before, score }];
    }),
  );
}

function membersOf(
  history: readonly HistoryEntry[],
  count: number,
  last = Math.max(...history.map(({ generation }) => generation)),
): MemberReport[] {
  return Array.from({ length: count }, (_, trial): MemberReport => {
    const own = history.filter((one) => one.trial === trial);
    const { hyperparameters, toStep: steps } = own.at(-1)!;
    const score = own.find(({ generation }) => generation === last)?.score ?? null;
    const lineage = own.map(({ generation, toStep, score: scored, hyperparameters: values }) => {
      return { trial, generation, steps: toStep, score: scored, hyperparameters: values, kept: true };
    });
    return { trial, score, hyperparameters, generation: last, steps, lineage };
  });
}

function decide(some: Partial<Backtrack>, ...generations: readonly (readonly (number | null)[])[]) {
  const history = historyOf(...generations);
  const members = membersOf(history, generations[0]!.length, generations.length - 1);
  const options = parsePbtOptions({ population: 4, interval: 100, backtrack: { ...backtrack, ...some } });
  return pbt(options).decide(inputOf(members, { space, history, generation: generations.length - 1 }));
}

const told = (decisions: ReturnType<typeof decide>) =>
  decisions.map((one) => (one.kind === 'exploit' ? [one.parent, one.parentGeneration] : one.kind));

const good = [0.5, 0.6, 0.9, 0.7];
const bad = [0.1, 0.4, 0.2, 0.3];

describe('backtracking', () => {
  itIsAScheduler(() => pbt(parsePbtOptions({ population: 8, interval: 100, backtrack: { patience: 1 } })));

  it('waits for as many collapsed generations as it is told', () => {
    expect(told(decide({}, good, bad))).toEqual([[1, undefined], 'continue', 'continue', 'continue']);
    expect(told(decide({}, good, bad, bad))).toEqual([[2, 0], 'continue', 'continue', 'continue']);
    expect(told(decide({ patience: 1 }, good, bad))).toEqual([[2, 0], 'continue', 'continue', 'continue']);
  });

  it('begins again where one generation was as good as before', () => {
    expect(told(decide({}, good, bad, good, bad))[0]).toEqual([1, undefined]);
  });

  it('tolerates what it is told', () => {
    const worse = [0.1, 0.86, 0.2, 0.3];
    expect(told(decide({}, good, worse, worse))[0]).toEqual([1, undefined]);
    expect(told(decide({ tolerance: 0.03 }, good, worse, worse))[0]).toEqual([2, 0]);
  });

  it('sends everybody back where it is told so', () => {
    expect(told(decide({ who: 'all' }, good, bad, bad))).toEqual(Array(4).fill([2, 0]));
  });

  it('sends back at once when nobody has a score', () => {
    const nobody = [null, null, null, null];
    expect(told(decide({ patience: 3 }, good, nobody))).toEqual(Array(4).fill([2, 0]));
  });

  it("explores from the checkpoint's hyperparameters, and inherits its structural ones", () => {
    const [first] = decide({}, good, bad, bad);
    expect(first).toMatchObject({ kind: 'exploit', hyperparameters: { width: 1 } });
    const [rate] = (first as { changes: readonly { inherited: unknown }[] }).changes;
    expect(rate!.inherited).toBeCloseTo(0.3);
  });

  it('draws among the checkpoints that are kept', () => {
    const all = [0.9, 0.8, 0.7, 0.6];
    const members = membersOf(historyOf(all, bad, bad), 4);
    const options = parsePbtOptions({
      population: 4,
      interval: 100,
      backtrack: { ...backtrack, checkpoints: 2, who: 'all' },
    });
    const parents = Array.from({ length: 20 }, (_, seed) =>
      pbt(options).decide(
        inputOf(members, { space, history: historyOf(all, bad, bad), generation: 2, key: seedKey(seed) }),
      ),
    ).flatMap((decisions) => decisions.map((one) => (one.kind === 'exploit' ? one.parent : -1)));
    expect(new Set(parents)).toEqual(new Set([0, 1]));
  });

  it('goes to no checkpoint that a lineage says is gone', () => {
    const history = historyOf(good, bad, bad);
    const members = membersOf(history, 4).map((one) => {
      return { ...one, lineage: one.lineage.map((entry) => ({ ...entry, kept: entry.score !== 0.9 })) };
    });
    expect(backtrackTargets({ history, members, generation: 2 }, { population: 4, backtrack })).toEqual([]);
  });

  it('does nothing unless it is asked for', () => {
    const history = historyOf(good, bad, bad, bad);
    expect(backtrackTargets({ history, members: membersOf(history, 4), generation: 3 }, { population: 4 })).toEqual([]);
    expect(checkpointsToKeep(history, undefined)).toEqual([]);
  });
});

describe('hasCollapsed', () => {
  it('cannot be before there was something better', () => {
    expect(hasCollapsed(historyOf(bad), 0, { ...backtrack, patience: 1 })).toBe(false);
    expect(hasCollapsed(historyOf(bad, good), 1, { ...backtrack, patience: 1 })).toBe(false);
    expect(hasCollapsed([], 0, backtrack)).toBe(false);
  });
});

describe('haveLastCollapsed', () => {
  const scored = (...scores: readonly number[]) =>
    scores.map((score, trial): HistoryEntry => {
      return { trial, generation: 0, fromStep: 0, toStep: 1, hyperparameters: {}, before: null, score };
    });

  it.each([
    [[0.5, 0.9, 0.8, 0.7], 2, 0, true],
    [[0.5, 0.9, 0.8, 0.7], 2, 0.1, false],
    [[0.5, 0.9, 0.8, 0.9], 2, 0, false],
    [[0.9, 0.8, 0.95, 0.7], 3, 0, false],
    [[0.9, 0.8], 2, 0, false],
    [[0.9, 0.8], 1, 0, true],
    [[], 1, 0, false],
    [[-1 / 0, 0.8], 1, 0, false],
    [[1 / 0, 0.9, Number.NaN, 1 / 0], 2, 0, true],
  ])('of %j, the last %d, with a tolerance of %d, is %j', (scores, count, tolerance, expected) => {
    expect(haveLastCollapsed(scored(...scores), count, { tolerance })).toBe(expected);
  });

  it('is of an asynchronous population whose last results have, by its members together', () => {
    const history = scored(0.9, 0.8, 0.7, 0.6, 0.5);
    const members = membersOf(history, 5);
    const targets = (population: number) =>
      backtrackTargets({ history, members, generation: 0 }, { population, backtrack, asynchronous: true });
    expect(targets(2)).toEqual([history[0]]);
    expect(targets(3)).toEqual([]);
  });
});

describe('checkpointsToKeep', () => {
  const anyHistory = fc
    .array(fc.array(fc.oneof(fc.constantFrom(0.1, 0.2, 0.3), fc.constant(null)), { minLength: 3, maxLength: 3 }), {
      maxLength: 8,
    })
    .map((generations) => historyOf(...generations));

  it('has whatever it will ever need again: what is dropped once never comes back', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 1, max: 4 }), (history, checkpoints) => {
        const options = { ...backtrack, checkpoints };
        const name = ({ trial, generation }: HistoryEntry) => `${trial}:${generation}`;
        const last = checkpointsToKeep(history, options).map(name);
        for (const kept of last) {
          const recorded = history.findIndex((one) => name(one) === kept);
          for (let end = recorded + 1; end <= history.length; end++) {
            expect(checkpointsToKeep(history.slice(0, end), options).map(name)).toContain(kept);
          }
        }
        expect(last.length).toBe(Math.min(checkpoints, history.length));
      }),
    );
  });
});
