import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from '../../src/schedulers/ranking.js';
import type { MemberReport } from '../../src/schedulers/scheduler.js';
import { anyMembers } from './scheduler-contract.js';

const lossOf = ({ score }: MemberReport) => (Number.isFinite(score) ? -score! : Number.POSITIVE_INFINITY);

/** Ranked by comparing members. */
function byHand(members: readonly MemberReport[]): MemberReport[] {
  return [...members].sort((a, b) => (lossOf(a) === lossOf(b) ? a.trial - b.trial : lossOf(a) - lossOf(b)));
}

const membersOf = (scores: readonly (number | null)[]): MemberReport[] =>
  scores.map((score, trial) => ({ trial, score, hyperparameters: {}, generation: 0, steps: 1, lineage: [] }));

/** The float that many steps above. */
function above(value: number, steps: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0]! += BigInt(steps);
  return new Float64Array(bits.buffer)[0]!;
}

/** Scores of which many are the same, or next to each other as floats. */
const close = fc
  .record({ around: fc.constantFrom(0.97, -0.97, 1e300, -1e-300, 0), steps: fc.nat(3) })
  .map(({ around, steps }) => above(around, steps));
const anyScore = fc.oneof(
  close,
  fc.double(),
  fc.constantFrom(null, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE),
);

describe('rank', () => {
  it('is by score, then by trial number, with those without a score last', () => {
    fc.assert(
      fc.property(anyMembers(), (members) => {
        const { ranked, healthyCount, byTrial, ranks } = rank(members);
        expect(ranked).toEqual(byHand(members));
        expect(healthyCount).toBe(members.filter((one) => Number.isFinite(one.score)).length);
        expect(byTrial.map((_, i) => ranked[ranks[i]!])).toEqual(byTrial);
      }),
      { numRuns: 500 },
    );
  });

  it('tells scores apart to the last bit', () => {
    fc.assert(
      fc.property(fc.array(anyScore, { maxLength: 60 }), (scores) => {
        const members = membersOf(scores);
        expect(rank(members).ranked.map(({ trial }) => trial)).toEqual(byHand(members).map(({ trial }) => trial));
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for a thousand members, many of which have one score', () => {
    const members = membersOf(
      Array.from({ length: 1000 }, (_, i) => (i % 7 === 3 ? null : ((i * 37) % 50) / 50 - 0.5)),
    );
    expect(rank(members).ranked).toEqual(byHand(members));
  });

  it('takes 0 and -0 as the same', () => {
    expect(rank(membersOf([0, -0, 0, -0])).ranked.map(({ trial }) => trial)).toEqual([0, 1, 2, 3]);
  });
});
