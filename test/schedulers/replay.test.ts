import { describe, expect, it } from 'vitest';
import { nextReplaySegment, parseReplaySchedule, replaySchedule } from '../../src/schedulers/replay.js';
import type { LineageEntry } from '../../src/schedulers/scheduler.js';
import { parseSpace } from '../../src/space/index.js';

const space = parseSpace({ rate: { float: [0.1, 1] }, width: { int: [1, 9] } });

/** Trained by trial 3, copied by trial 1 at step 200. */
const lineage: LineageEntry[] = [
  { trial: 3, generation: 0, steps: 100, score: 0.1, hyperparameters: { rate: 0.5, width: 4 }, kept: false },
  { trial: 3, generation: 1, steps: 200, score: 0.3, hyperparameters: { rate: 0.5, width: 4 }, kept: false },
  { trial: 1, generation: 2, steps: 350, score: 0.4, hyperparameters: { rate: 0.6, width: 4 }, kept: true },
];

describe('replay', () => {
  const schedule = replaySchedule(lineage);

  it('is of the whole lineage, from the root on', () => {
    expect(schedule).toEqual([
      { fromStep: 0, toStep: 100, hyperparameters: { rate: 0.5, width: 4 } },
      { fromStep: 100, toStep: 200, hyperparameters: { rate: 0.5, width: 4 } },
      { fromStep: 200, toStep: 350, hyperparameters: { rate: 0.6, width: 4 } },
    ]);
    expect(replaySchedule([])).toEqual([]);
  });

  it('is followed from its first step to its last', () => {
    const followed = [];
    for (let step = 0, next = nextReplaySegment(schedule, step); next; next = nextReplaySegment(schedule, step)) {
      followed.push(next);
      step = next.toStep;
    }
    expect(followed).toEqual(schedule);
    expect(nextReplaySegment(schedule, 350)).toBeNull();
    expect(nextReplaySegment(schedule, 400)).toBeNull();
    expect(nextReplaySegment(schedule, 230)).toEqual({ ...schedule[2], fromStep: 230 });
  });

  it('can be written down, read, and checked', () => {
    expect(parseReplaySchedule(JSON.parse(JSON.stringify(schedule)), space)).toEqual(schedule);
  });

  it('allows mutable numbers out of range, which a parameter can have before it is introduced', () => {
    const held = schedule.map((one) => ({ ...one, hyperparameters: { ...one.hyperparameters, rate: 0 } }));
    expect(parseReplaySchedule(held, space)).toEqual(held);
  });

  it.each<[unknown, string]>([
    [{}, 'SCHEDULERS_REPLAY_NOT_A_LIST'],
    [[], 'SCHEDULERS_REPLAY_NOT_A_LIST'],
    [[null], 'SCHEDULERS_REPLAY_SEGMENT_INVALID'],
    [[schedule[1]], 'SCHEDULERS_REPLAY_SEGMENT_INVALID'],
    [[schedule[0], schedule[2]], 'SCHEDULERS_REPLAY_SEGMENT_INVALID'],
    [[{ ...schedule[0], toStep: 0 }], 'SCHEDULERS_REPLAY_SEGMENT_INVALID'],
    [[{ ...schedule[0], toStep: 1.5 }], 'SCHEDULERS_REPLAY_SEGMENT_INVALID'],
    [[{ ...schedule[0], hyperparameters: null }], 'SPACE_BAD_HYPERPARAMETERS'],
    [[{ ...schedule[0], hyperparameters: { rate: 0.5 } }], 'SPACE_MISSING_VALUE'],
    [[{ ...schedule[0], hyperparameters: { rate: 0.5, width: 99 } }], 'SPACE_BAD_VALUE'],
    [[{ ...schedule[0], hyperparameters: { rate: 'a', width: 4 } }], 'SPACE_BAD_VALUE'],
    [
      [schedule[0], { ...schedule[1], hyperparameters: { rate: 0.5, width: 5 } }],
      'SCHEDULERS_REPLAY_STRUCTURAL_CHANGES',
    ],
  ])('refuses %j', (given, code) => {
    expect(() => parseReplaySchedule(given, space)).toThrow(expect.objectContaining({ code, kind: 'input' }));
  });
});
