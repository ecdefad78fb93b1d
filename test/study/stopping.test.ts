import { describe, expect, it } from 'vitest';
import { foldIn, seedKey, uniform } from '../../src/random/index.js';
import type { Observation } from '../../src/samplers/index.js';
import { parseSpace } from '../../src/space/index.js';
import { createStudy, plateau, randomSampler, regret, stepsBudget, wallTime } from '../../src/study/public.js';
import { regretBound } from '../../src/study/regret.js';
import { waitedSinceBest } from '../../src/study/stopping.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const space = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] } });
const key = seedKey(3);

function told(trial: number, losses: readonly number[], more: Partial<Observation> = {}): Observation {
  return { trial, hyperparameters: {}, status: 'complete', losses, violations: [], reports: [], note: null, ...more };
}

/** Random points of a smooth bowl, the first `count` of always the same ones. */
function bowl(count: number): Observation[] {
  return Array.from({ length: count }, (_, trial) => {
    const [x, y] = [uniform(foldIn(key, 'x', trial)), uniform(foldIn(key, 'y', trial))];
    return told(trial, [(x - 0.3) ** 2 + (y - 0.6) ** 2], { hyperparameters: { x, y } });
  });
}

describe('waiting for the best', () => {
  it('counts what was told since it was found', () => {
    expect(waitedSinceBest([])).toBe(0);
    expect(waitedSinceBest([3, 2, 2, 5, 1, 1].map((loss, trial) => told(trial, [loss])))).toBe(1);
    const failed = told(2, [], { status: 'failed' });
    const broken = told(3, [0], { violations: [1] });
    const pruned = told(4, [0], { status: 'pruned' });
    expect(waitedSinceBest([failed, told(1, [3]), failed, broken, pruned])).toBe(3);
  });
});

describe('regret', () => {
  it('bounds what the best may still be missing', () => {
    const bound = regretBound({ space, finished: bowl(40), key });
    const best = Math.min(...bowl(40).map(({ losses }) => losses[0]!));
    // the minimum is 0, so the best loss is the regret
    expect(bound).toBeGreaterThan(best);
    expect(bound).toBeLessThan(0.1);
  });

  it('falls with more trials, and is the same for the same ones', () => {
    const bounds = [20, 40, 80].map((count) => regretBound({ space, finished: bowl(count), key }));
    expect(bounds[1]).toBeLessThan(bounds[0]!);
    expect(bounds[2]).toBeLessThan(bounds[1]!);
    expect(regretBound({ space, finished: bowl(20), key })).toBe(bounds[0]);
  });

  it('scales with the objective', () => {
    const scaled = bowl(30).map((one) => ({ ...one, losses: [one.losses[0]! * 1000] }));
    expect(regretBound({ space, finished: scaled, key })).toBeCloseTo(
      1000 * regretBound({ space, finished: bowl(30), key }),
      4,
    );
  });

  it('is not known of too little', () => {
    const unknown = Number.POSITIVE_INFINITY;
    expect(regretBound({ space, finished: [], key })).toBe(unknown);
    expect(regretBound({ space, finished: bowl(1), key })).toBe(unknown);
    expect(regretBound({ space: parseSpace({ fixed: 1 }), finished: bowl(9), key })).toBe(unknown);
  });

  it('ends a study that has little to gain', async () => {
    const study = createStudy({
      space: { x: { float: [0, 1] } },
      sampler: randomSampler(),
      trials: 300,
      stop: [regret({ threshold: 0.01 })],
    });
    await study.optimize(({ hyperparameters: { x } }) => Math.sin(3 * x));
    expect(study.ended).toBe('regret');
    expect(study.trials.length).toBeGreaterThanOrEqual(20);
    expect(study.best!.value).toBeLessThan(0.05);
  });

  it('is for one objective', () => {
    const study = createStudy({
      space: { x: { float: [0, 1] } },
      directions: ['minimize', 'minimize'],
      stop: [regret({ threshold: 1 })],
    });
    expect(() => study.tell(study.ask(), [1, 1])).toThrow(code('STUDY_ONE_OBJECTIVE_ONLY'));
  });
});

describe('options', () => {
  it.each([
    () => plateau({ trials: 0 }),
    () => plateau({ trials: 3, minDelta: -1 }),
    () => stepsBudget({ steps: 0.5 }),
    () => wallTime({ seconds: 0, now: () => 0 }),
    () => wallTime({ seconds: 1, now: 5 as never }),
    () => regret({ threshold: 0 }),
    () => regret({ threshold: 1, minTrials: 1 }),
    () => regret({ threshold: 1, every: 0 }),
  ])('%s', (make) => {
    expect(make).toThrow(code('STUDY_OPTION_INVALID'));
  });
});
