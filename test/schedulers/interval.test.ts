import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Interval,
  isPlateau,
  needsEpochs,
  parseInterval,
  parseSpan,
  segmentSteps,
  trialsToDecide,
} from '../../src/schedulers/interval.js';

describe('parseSpan', () => {
  it.each([
    [125, 125],
    ['125 steps', 125],
    ['1 step', 1],
    ['  50steps ', 50],
    ['2 epochs', { epochs: 2 }],
    ['0.5 epoch', { epochs: 0.5 }],
    [{ epochs: 3 }, { epochs: 3 }],
  ])('reads %j', (given, span) => expect(parseSpan(given)).toEqual(span));

  it.each([
    0,
    -1,
    1.5,
    Number.NaN,
    '125',
    '1.5 steps',
    '0 epochs',
    'epochs',
    '2 hours',
    {},
    { epochs: 0 },
    { epochs: '2' },
    { epochs: 1, steps: 2 },
    null,
    true,
    [1],
  ])('refuses %j', (given) => expect(parseSpan(given)).toBeUndefined());
});

describe('parseInterval', () => {
  it('reads spans and plateaus', () => {
    expect(parseInterval('2 epochs')).toEqual({ epochs: 2 });
    expect(parseInterval({ plateau: { every: '50 steps' } })).toEqual({
      plateau: { patience: 3, minDelta: 0, every: 50 },
    });
    const plateau = { patience: 5, minDelta: 0.001, every: { epochs: 1 } };
    expect(parseInterval({ plateau })).toEqual({ plateau });
  });

  it.each([
    { plateau: {} },
    { plateau: { every: 0 } },
    { plateau: { every: 5, patience: 0 } },
    { plateau: { every: 5, minDelta: -1 } },
    { plateau: { every: 5, pateince: 2 } },
    { plateau: null },
    { plateau: 5 },
  ])('refuses %j', (given) => expect(parseInterval(given)).toBeUndefined());
});

describe('segmentSteps', () => {
  it.each<[Interval, number, number]>([
    [125, 39.0625, 125],
    [{ epochs: 2 }, 39.0625, 78],
    [{ epochs: 0.001 }, 39.0625, 1],
    [{ plateau: { patience: 3, minDelta: 0, every: { epochs: 1 } } }, 10, 10],
    [{ plateau: { patience: 3, minDelta: 0, every: 50 } }, 10, 50],
  ])('of %j with %d steps an epoch is %d', (interval, stepsPerEpoch, steps) => {
    expect(segmentSteps(interval, stepsPerEpoch)).toBe(steps);
    expect(needsEpochs(interval)).toBe(JSON.stringify(interval).includes('epochs'));
  });
});

describe('isPlateau', () => {
  const plateau = { patience: 3, minDelta: 0.01, every: 50 };

  it.each<[(number | null)[], boolean]>([
    [[], false],
    [[0.5], false],
    [[0.5, 0.5, 0.5], false],
    [[0.5, 0.5, 0.5, 0.5], true],
    [[0.5, 0.4, 0.3, 0.505], true],
    [[0.5, 0.4, 0.3, 0.6], false],
    [[0.5, 0.4, 0.6, 0.6, 0.6], false],
    [[0.5, 0.4, 0.6, 0.6, 0.6, 0.6], true],
    [[0.5, 0.505, 0.51, 0.515], true], // each a little better, none by more than 0.01
    [[null, null, null, null], true],
    [[null, 0.1, 0.2, 0.3], false],
  ])('of %j is %j', (bests, expected) => expect(isPlateau(bests, plateau)).toBe(expected));

  it('never is while each result is better by more than the minimum', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.02, max: 1, noNaN: true })), (gains) => {
        let score = 0;
        const bests = gains.map((gain) => {
          score += gain;
          return score;
        });
        expect(isPlateau(bests, plateau)).toBe(false);
      }),
    );
  });
});

describe('trialsToDecide', () => {
  const members = [
    { trial: 2, score: 0.1 },
    { trial: 0, score: null },
    { trial: 1, score: 0.3 },
  ];
  const interval = parseInterval({ plateau: { patience: 2, every: 10 } })!;

  it('is everybody where the interval is a span, or a plateau is reached', () => {
    expect(trialsToDecide(100, members, [])).toEqual([0, 1, 2]);
    expect(trialsToDecide({ epochs: 1 }, members, [])).toEqual([0, 1, 2]);
    expect(trialsToDecide(interval, members, [0.3, 0.2, 0.3])).toEqual([0, 1, 2]);
  });

  it('is who has no score, before', () => {
    expect(trialsToDecide(interval, members, [0.1, 0.3])).toEqual([0]);
  });
});
