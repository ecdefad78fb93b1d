import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldIn, type Key, seedKey, shuffled } from '../../src/random/index.js';
import type { MemberReport, Scheduler } from '../../src/schedulers/index.js';
import type { DecideInput, HistoryEntry, LineageEntry } from '../../src/schedulers/scheduler.js';
import { contains, type Hyperparameters, parseSpace, sample } from '../../src/space/index.js';

/** Every kind of parameter, structural and mutable. */
export const everyKind = parseSpace({
  rate: { float: [1e-4, 1], scale: 'log' },
  momentum: { float: [-0.5, 0.99] },
  dropout: { float: [0, 0.5], step: 0.05 },
  width: { float: [1, 4], structural: true },
  depth: { int: [1, 6] },
  repeats: { int: [0, 5], structural: false },
  patience: { int: [1, 1000], scale: 'log', step: 3, structural: false },
  act: { choice: ['relu', 'tanh', 'gelu'] },
  augmentation: { choice: ['none', 1, true], structural: false },
  nesterov: { boolean: true, structural: false },
  batchSize: 64,
});

const score = () =>
  fc.oneof(
    { weight: 3, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) }, // ties
    { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
  );

/** A population with distinct trial numbers and hyperparameters drawn from `everyKind`. */
export const anyMembers = (minLength = 0, maxLength = 14): fc.Arbitrary<MemberReport[]> =>
  fc
    .record({
      scores: fc.array(score(), { minLength, maxLength }),
      seed: fc.nat(),
      first: fc.nat(20),
      stride: fc.integer({ min: 1, max: 4 }),
      steps: fc.nat(1000),
    })
    .map(({ scores, seed, first, stride, steps }) =>
      scores.map((one, i) => member(first + i * stride, one, foldIn(seedKey(seed), i), steps)),
    );

/** A member with hyperparameters of `everyKind`, drawn with `key`, and a lineage of its own. */
export function member(trial: number, ofScore: number | null, key: Key, steps = 100): MemberReport {
  const drawn = everyKind.parameters.map((parameter) => [
    parameter.name,
    sample(parameter, foldIn(key, parameter.name)),
  ]);
  const hyperparameters = Object.fromEntries(drawn);
  const lineage = ownLineage(trial, ofScore, hyperparameters, steps);
  return { trial, score: ofScore, hyperparameters, generation: 2, steps, lineage };
}

/** Three generations of the trial itself, which ended a little worse before; two, if the last one has no score. */
function ownLineage(
  trial: number,
  score: number | null,
  hyperparameters: Hyperparameters,
  steps: number,
): LineageEntry[] {
  const scores = [0.1, 0.05, 0].map((less) => (score ?? 0) - less);
  return scores
    .map((one, generation) => {
      return {
        trial,
        generation,
        steps: ((generation + 1) * steps) / 3,
        score: one,
        hyperparameters,
        kept: generation === 2,
      };
    })
    .slice(0, score === null ? 2 : 3);
}

/** What a study hands over where all members decide together. */
export function inputOf(members: readonly MemberReport[], some: Partial<DecideInput> = {}): DecideInput {
  const ready = members.map(({ trial }) => trial);
  const history = members
    .flatMap(({ lineage }) => lineage.map((entry, i) => historyEntry(entry, lineage[i - 1])))
    .sort((a, b) => a.generation - b.generation || a.trial - b.trial);
  return { space: everyKind, key: seedKey(7), generation: 2, members, ready, frozen: new Set(), history, ...some };
}

function historyEntry(entry: LineageEntry, parent: LineageEntry | undefined): HistoryEntry {
  const { trial, generation, steps, score, hyperparameters } = entry;
  const fromStep = parent?.steps ?? 0;
  return { trial, generation, fromStep, toStep: steps, hyperparameters, before: parent?.score ?? null, score };
}

export const anyKey = () => fc.maxSafeNat().map(seedKey);

/** What every scheduler must do; the tests of a scheduler begin with a call of this. */
export function itIsAScheduler(make: () => Scheduler): void {
  const decide = (key: Key, members: readonly MemberReport[], scheduler = make(), some: Partial<DecideInput> = {}) =>
    scheduler.decide(inputOf(members, { key, ...some }));

  it('decides once for each member, by trial number', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(), (key, members) => {
        const trials = members.map(({ trial }) => trial).sort((a, b) => a - b);
        expect(decide(key, members).map(({ trial }) => trial)).toEqual(trials);
      }),
    );
  });

  it('decides the same in whatever order members are given', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(), (key, members) => {
        expect(decide(key, shuffled(key, members))).toEqual(decide(key, members));
      }),
    );
  });

  it('decides the same for the same key, whatever it decided before', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(), anyMembers(), (key, members, others) => {
        const used = make();
        decide(key, others, used);
        expect(decide(key, members, used)).toEqual(decide(key, members));
      }),
    );
  });

  it('leaves its input as it was', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(), (key, members) => {
        const before = structuredClone(members);
        decide(key, members);
        expect(members).toEqual(before);
      }),
    );
  });

  it('gives every copy an allowed value for every parameter, and a parent that has a score', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(2), (key, members) => {
        for (const decision of decide(key, members)) {
          if (decision.kind !== 'exploit') continue;
          const { hyperparameters, parent, parentGeneration } = decision;
          expect(Object.keys(hyperparameters)).toEqual(everyKind.parameters.map(({ name }) => name));
          for (const parameter of everyKind.parameters) {
            expect(contains(parameter, hyperparameters[parameter.name])).toBe(true);
          }
          if (parentGeneration !== undefined) continue;
          expect(Number.isFinite(members.find(({ trial }) => trial === parent)?.score)).toBe(true);
          expect(parent).not.toBe(decision.trial);
        }
      }),
    );
  });

  it('decides on who is ready only, and on each alone as it would among all', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(1), (key, members) => {
        const all = decide(key, members);
        for (const { trial } of members) {
          const alone = decide(key, members, make(), { ready: [trial] });
          expect(alone.map((one) => [one.trial, one.kind])).toEqual([
            [trial, all.find((one) => one.trial === trial)!.kind],
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the parent's value of what is frozen", () => {
    const frozen = new Set(['rate', 'repeats', 'augmentation']);
    fc.assert(
      fc.property(anyKey(), anyMembers(2), (key, members) => {
        for (const decision of decide(key, members, make(), { frozen })) {
          if (decision.kind !== 'exploit' || decision.parentGeneration !== undefined) continue;
          const parent = members.find(({ trial }) => trial === decision.parent)!;
          for (const name of frozen) expect(decision.hyperparameters[name]).toBe(parent.hyperparameters[name]);
        }
      }),
    );
  });

  it('decides what can be written down and read again', () => {
    fc.assert(
      fc.property(anyKey(), anyMembers(), (key, members) => {
        const decisions = decide(key, members);
        expect(JSON.parse(JSON.stringify(decisions))).toEqual(decisions);
      }),
    );
  });
}
