import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/samplers/index.js';
import { parseSpace } from '../../src/space/index.js';
import {
  createStudy,
  earlierTrials,
  type Hyperparameters,
  randomSampler,
  restoreStudy,
  type Sampler,
} from '../../src/study/public.js';
import { mapToSpace } from '../../src/study/warm-start.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

function earlier() {
  const study = createStudy({
    space: { rate: { float: [0, 10] }, act: { choice: ['relu', 'tanh'] } },
    direction: 'maximize',
    enqueue: [{ rate: 1 }, { rate: 2 }, { rate: 3 }, { rate: 4 }, { rate: 9, act: 'relu' }, { rate: 5 }],
  });
  for (const told of [1, 5, 'failed', 3, 9] as const) study.tell(study.ask(), told);
  const pruned = study.ask();
  pruned.report(1, Number.NaN);
  pruned.report(2, 7);
  study.tell(pruned, 'pruned');
  study.ask();
  return study;
}

/** What the sampler saw last. */
function spy(): Sampler & { seen: readonly Observation[] } {
  const inner = randomSampler();
  const sampler = {
    name: 'spy',
    seen: [] as readonly Observation[],
    propose: (input: Parameters<Sampler['propose']>[0]) => {
      sampler.seen = input.history;
      return inner.propose(input);
    },
  };
  return sampler;
}

describe('trials of an earlier study', () => {
  it('are those that it told', () => {
    expect(earlierTrials(earlier().journal).map(({ status, values }) => [status, values])).toEqual([
      ['complete', [1]],
      ['complete', [5]],
      ['failed', []],
      ['complete', [3]],
      ['complete', [9]],
      ['pruned', [7]],
    ]);
  });

  it('teach the sampler, before its own, without what the space does not allow', () => {
    const sampler = spy();
    const study = createStudy({
      space: { rate: { float: [0, 5] }, act: { choice: ['relu', 'gelu'] } },
      direction: 'maximize',
      sampler,
      earlier: earlierTrials(earlier().journal),
    });
    study.tell(study.ask(), 4);
    study.ask();
    expect(sampler.seen.map(({ trial }) => trial)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(sampler.seen.map(({ losses }) => losses[0])).toEqual([-1, -5, undefined, -3, -9, -7, -4]);
    // 9 is out of range now, relu is not
    expect(sampler.seen[4]!.hyperparameters).toEqual({ act: 'relu' });
  });

  it('are none of the new one', () => {
    const study = createStudy({
      space: { rate: { float: [0, 10] } },
      direction: 'maximize',
      target: 8,
      sampler: randomSampler(),
      earlier: earlierTrials(earlier().journal),
    });
    expect([study.best, study.ended, study.trials]).toEqual([null, null, []]);
    expect(study.ask().number).toBe(0);
  });

  it('can be tried first, the best ones', () => {
    const study = createStudy({
      space: { rate: { float: [0, 8] }, depth: { int: [1, 3], default: 2 } },
      direction: 'maximize',
      sampler: randomSampler(),
      earlier: earlierTrials(earlier().journal),
      tryEarlier: 2,
    });
    // the best one had a rate of 9 and nothing else that means something here
    expect([study.ask(), study.ask()].map(({ hyperparameters }) => hyperparameters)).toEqual([
      { rate: 2, depth: 2 },
      { rate: 4, depth: 2 },
    ]);
  });

  it('are in the journal', () => {
    const study = createStudy({
      space: { rate: { float: [0, 5] } },
      direction: 'maximize',
      sampler: randomSampler(),
      earlier: earlierTrials(earlier().journal),
    });
    study.tell(study.ask(), 1);
    const restored = restoreStudy(study.journal, { sampler: randomSampler(), verify: true });
    expect(restored.journal).toEqual(study.journal);
    expect(earlierTrials(restored.journal)).toHaveLength(1);
  });

  it('must have as many values as the study has objectives', () => {
    const trials = earlierTrials(earlier().journal);
    expect(() =>
      createStudy({ space: { rate: { float: [0, 5] } }, directions: ['minimize', 'minimize'], earlier: trials }),
    ).toThrow(code('STUDY_OPTION_INVALID'));
  });
});

describe('mapping to another space', () => {
  const space = parseSpace({
    kind: { choice: ['flat', 'deep'] },
    depth: { int: [2, 8], when: { kind: 'deep' }, step: 2 },
    rate: { float: [0, 1] },
  });
  it.each<[Hyperparameters, Hyperparameters | null]>([
    [
      { kind: 'deep', depth: 4, rate: 0.5, old: 1 },
      { kind: 'deep', depth: 4, rate: 0.5 },
    ],
    [{ kind: 'deep', depth: 5, rate: 2 }, { kind: 'deep' }],
    [{ kind: 'flat', depth: 4 }, { kind: 'flat' }],
    [{ kind: 'wide', depth: 4, rate: 0 }, { rate: 0 }],
    [{ rate: 7, constructor: 1 }, null],
  ])('%j becomes %j', (given, wanted) => {
    expect(mapToSpace(space, given)).toEqual(wanted);
  });
});
