import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn } from '../../../src/random/index.js';
import { sampleSpace } from '../../../src/space/index.js';
import { createStudy, medianStopping, randomSampler, type Sampler } from '../../../src/study/public.js';
import { bowl, Pool, plane, steppedObjective, turns } from './support.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

/** Its proposals depend on everything in the history. */
const curious: Sampler = {
  name: 'curious',
  propose: ({ space, key, history }) => {
    const seen = history.map(({ status, losses, reports }) => JSON.stringify([status, losses, reports])).join();
    return { hyperparameters: sampleSpace(space, foldIn(key, seen)) };
  },
};

const study = (parallel: number, scheduled: boolean) =>
  createStudy({
    space: plane,
    seed: 9,
    sampler: curious,
    trials: 24,
    deterministic: true,
    parallel,
    maxSteps: 8,
    ...(scheduled ? { scheduler: medianStopping({ startupTrials: 2 }) } : {}),
  });

describe.each([
  ['with a scheduler', true],
  ['without a scheduler', false],
])('a deterministic study %s', (_, scheduled) => {
  it('is the same for any timing and any number of workers', async () => {
    const alone = study(4, scheduled);
    await alone.optimize(steppedObjective(new Pool(1, 0), 8));
    expect(alone.trials.map(({ status }) => status)).not.toContain('running');
    if (scheduled) expect(alone.trials.some(({ status }) => status === 'pruned')).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.nat(), async (workers, timing) => {
        const other = study(4, scheduled);
        await other.optimize(steppedObjective(new Pool(workers, timing), 8));
        expect(other.journal).toEqual(alone.journal);
      }),
      { numRuns: 30 },
    );
  });

  it('would not be the same without', async () => {
    const run = async (timing: number) => {
      const plain = createStudy({ space: plane, seed: 9, sampler: curious, trials: 24, parallel: 4 });
      const pool = new Pool(4, timing);
      await plain.optimize(async (trial) => {
        await pool.work();
        return bowl(trial.hyperparameters);
      });
      return plain.journal;
    };
    expect(await run(1)).not.toEqual(await run(2));
  });
});

describe('without reports', () => {
  it('trial k is asked for when trials 0 to k - parallel were told, in order', async () => {
    const plain = createStudy({ space: plane, sampler: randomSampler(), trials: 9, deterministic: true, parallel: 3 });
    await plain.optimize(async (trial) => {
      await turns((trial.number * 7) % 11);
      return bowl(trial.hyperparameters);
    });
    const story = plain.journal.flatMap((record) => ('trial' in record ? [`${record.kind} ${record.trial}`] : []));
    const wanted = ['asked 0', 'asked 1', 'asked 2'];
    for (let trial = 0; trial < 9; trial++) {
      wanted.push(`told ${trial}`);
      if (trial + 3 < 9) wanted.push(`asked ${trial + 3}`);
    }
    expect(story).toEqual(wanted);
  });

  it('by hand, a result that comes early counts when its turn has come', () => {
    const plain = createStudy({ space: plane, sampler: randomSampler(), trials: 5, deterministic: true, parallel: 2 });
    const [first, second] = [plain.ask(), plain.ask()];
    expect(plain.canAsk).toBe(false);
    expect(() => plain.ask()).toThrow(code('STUDY_ASK_TOO_EARLY'));
    plain.tell(second, 2);
    expect(plain.trials[1]!.status).toBe('running');
    expect(plain.canAsk).toBe(false);
    expect(plain.running.map(({ number }) => number)).toEqual([0]);
    plain.tell(first, 1);
    expect(plain.trials.map(({ status }) => status)).toEqual(['complete', 'running']);
    expect(plain.ask().number).toBe(2);
    expect(plain.trials[1]!.status).toBe('complete');
  });
});

describe('with a scheduler', () => {
  it('a verdict must be awaited', () => {
    const scheduled = study(1, true);
    const trial = scheduled.ask();
    const other = study(2, true);
    const [first] = [other.ask(), other.ask()];
    void trial.report(1, 1);
    void first!.report(1, 1);
    void first!.report(2, 1);
    expect(() => first!.report(3, 1)).toThrow(code('STUDY_REPORT_NOT_AWAITED'));
    expect(() => other.tell(first!, 1)).toThrow(code('STUDY_REPORT_NOT_AWAITED'));
  });

  it('as many trials must run as the study has places', async () => {
    await expect(async () => study(3, true).optimize(() => 1, { parallel: 2 })).rejects.toThrow(
      code('STUDY_OPTION_INVALID'),
    );
  });

  it('an objective that throws keeps nobody waiting', async () => {
    const scheduled = study(3, true);
    const run = scheduled.optimize(async (trial) => {
      await turns(trial.number);
      if (trial.number === 4) throw new Error('broken');
      await trial.report(1, 1);
      await trial.report(2, 1);
      return 1;
    });
    await expect(run).rejects.toThrow('broken');
    expect(scheduled.trials.map(({ status }) => status)).not.toContain('running');
  });
});
