import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rung, type RungEntry, ranksAbove, rungSteps } from '../../src/schedulers/rungs.js';

describe('rungSteps', () => {
  it.each<[Parameters<typeof rungSteps>, number[]]>([
    [
      [1, 3, 81],
      [1, 3, 9, 27, 81],
    ],
    [
      [1, 3, 81, 2],
      [9, 27, 81],
    ],
    [[1, 3, 81, 4], [81]],
    [[1, 3, 81, 9], [81]],
    [
      [1, 4, 100],
      [1, 4, 16, 64, 100],
    ],
    [
      [5, 2, 40],
      [5, 10, 20, 40],
    ],
    [[7, 3, 7], [7]],
    [[8, 3, 7], [7]],
    [[1, 2, 1], [1]],
  ])('of %j are %j', (given, expected) => {
    expect(rungSteps(...given)).toEqual(expected);
  });
});

describe('a rung', () => {
  const score = () => fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ noNaN: true }));

  /** Algorithm 2 of the paper, literally: top_k of the rung, without those promoted. */
  function promotableByDefinition(all: readonly RungEntry[], failed: number, promoted: Set<number>, eta: number) {
    const ranked = [...all].sort((a, b) => b.score - a.score || a.trial - b.trial || 0);
    const candidates = ranked.slice(0, Math.floor((all.length + failed) / eta));
    return candidates.find(({ trial }) => !promoted.has(trial));
  }

  it('promotes whom the definition promotes, at any time', () => {
    const happening = fc.oneof(
      { weight: 3, arbitrary: score().map((one) => ({ kind: 'add' as const, score: one })) },
      { weight: 1, arbitrary: fc.constant({ kind: 'fail' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'promote' as const }) },
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.integer({ min: 2, max: 5 }), (happenings, eta) => {
        const rung = new Rung(eta);
        const all: RungEntry[] = [];
        const promoted = new Set<number>();
        let failed = 0;
        for (const [trial, one] of happenings.entries()) {
          if (one.kind === 'add') {
            // numbers that do not rise with time
            const entry = { trial: (trial * 37) % 61, score: one.score === 0 ? 0 : one.score };
            all.push(entry);
            rung.add(entry);
          } else if (one.kind === 'fail') {
            failed++;
            rung.addFailed();
          } else if (rung.promotable()) {
            promoted.add(rung.promotable()!.trial);
            rung.promote();
          }
          expect(rung.promotable()?.trial).toBe(promotableByDefinition(all, failed, promoted, eta)?.trial);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('promotes trials with the same score by number', () => {
    const rung = new Rung(2);
    for (const trial of [5, 3, 9, 1]) rung.add({ trial, score: 0.5 });
    expect(rung.promotable()?.trial).toBe(1);
    rung.promote();
    expect(rung.promotable()?.trial).toBe(3);
    rung.promote();
    expect(rung.promotable()).toBeUndefined();
  });

  it('ranks infinite scores', () => {
    const [up, down] = [
      { trial: 0, score: Number.POSITIVE_INFINITY },
      { trial: 1, score: Number.NEGATIVE_INFINITY },
    ];
    expect(ranksAbove(up, down)).toBe(true);
    expect(ranksAbove(down, { trial: 2, score: Number.NEGATIVE_INFINITY })).toBe(true);
  });
});
