import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AskTellRecord,
  createStudy,
  medianStopping,
  plateau,
  randomSampler,
  restoreStudy,
} from '../../../src/study/public.js';
import { bowl, curve, Pool, plane, steppedObjective } from './support.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

const parts = () => ({
  sampler: randomSampler(),
  scheduler: medianStopping({ startupTrials: 3 }),
  stop: [plateau({ trials: 15 })],
});

const create = () => createStudy({ space: plane, seed: 2, maxSteps: 6, trials: 40, enqueue: [{ a: 1 }], ...parts() });

function run(trial: Parameters<Parameters<ReturnType<typeof create>['optimize']>[0]>[0]): number | undefined {
  for (let step = 1; step <= 6; step++) {
    if (trial.report(step, curve(trial.hyperparameters, step)) === 'stop') return;
  }
  return bowl(trial.hyperparameters);
}

const text = (journal: readonly AskTellRecord[]) => journal.map((record) => JSON.stringify(record)).join('\n');

describe('a journal', () => {
  it('is a study again at every prefix, and goes on as it did', async () => {
    const study = create();
    await study.optimize(run);
    const whole = study.journal;
    expect(study.ended).toBe('plateau');
    expect(whole.some((record) => record.kind === 'reported' && record.verdict === 'stop')).toBe(true);
    for (let length = 2; length <= whole.length; length++) {
      const restored = restoreStudy(whole.slice(0, length), { space: plane, ...parts() });
      await restored.optimize(run);
      expect(restored.journal).toEqual(whole);
    }
  });

  it('of trials that ran in parallel is replayed in the order in which things happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (timing, cut) => {
        const pool = new Pool(3, timing);
        const study = create();
        await study.optimize(
          async (trial) => {
            for (let step = 1; step <= 6; step++) {
              await pool.work();
              if (trial.report(step, curve(trial.hyperparameters, step)) === 'stop') return;
            }
            return bowl(trial.hyperparameters);
          },
          { parallel: 3 },
        );
        const whole = study.journal;
        const restored = restoreStudy(text(whole), { ...parts(), verify: true });
        expect(restored.journal).toEqual(whole);
        expect(restored.trials).toEqual(study.trials);
        const at = 2 + (cut % (whole.length - 1));
        // a result that ended the study ends the restored one too
        const prefix = whole.slice(0, whole[at]?.kind === 'ended' ? at + 1 : at);
        expect(restoreStudy(whole.slice(0, at), { ...parts(), verify: true }).journal).toEqual(prefix);
      }),
      { numRuns: 15 },
    );
  });

  it('of a deterministic study goes on as if nothing had happened, wherever it was cut', async () => {
    const study = () =>
      createStudy({ space: plane, seed: 2, maxSteps: 6, trials: 20, deterministic: true, parallel: 3, ...parts() });
    const whole = study();
    await whole.optimize(steppedObjective(new Pool(3, 0), 6));
    for (let length = 1; length <= whole.journal.length; length++) {
      const restored = restoreStudy(whole.journal.slice(0, length), { space: plane, deterministic: true, ...parts() });
      await restored.optimize(steppedObjective(new Pool(2, length), 6));
      expect(restored.journal).toEqual(whole.journal);
    }
  });

  it('may end in a torn line, as text', async () => {
    const study = create();
    await study.optimize(run, { trials: 5 });
    const lines = text(study.journal);
    for (const end of ['', '\n', '\n{"kind":"as', '\n{"kind":"asked","trial":5']) {
      expect(restoreStudy(lines + end, parts()).journal).toEqual(study.journal);
    }
    expect(restoreStudy(lines.split('\n'), parts()).journal).toEqual(study.journal);
  });

  it('hands out again what was not told, and answers repeated reports as before', () => {
    const study = create();
    const trial = study.ask();
    trial.report(1, 5);
    trial.report(3, 4);
    const restored = restoreStudy(study.journal, { space: plane, ...parts() });
    const [again] = restored.running;
    expect(again!.hyperparameters).toEqual(trial.hyperparameters);
    expect(again!.seed).toBe(trial.seed);
    expect([again!.report(1, 5), again!.report(3, 4), again!.report(4, 3)]).toEqual(Array(3).fill('continue'));
    expect(restored.trials[0]!.reports.map(({ step }) => step)).toEqual([1, 3, 4]);
  });

  it('can go on with more trials', async () => {
    const study = createStudy({ space: plane, trials: 4, sampler: randomSampler() });
    await study.optimize((trial) => bowl(trial.hyperparameters));
    const restored = restoreStudy(study.journal, { space: plane, trials: 7, sampler: randomSampler() });
    expect(restored.ended).toBeNull();
    await restored.optimize((trial) => bowl(trial.hyperparameters));
    expect([restored.ended, restored.trials.length]).toEqual(['trials', 7]);
    expect(restoreStudy(restored.journal, { sampler: randomSampler() }).trials).toEqual(restored.trials);
  });

  it('is handed out record by record', async () => {
    const kept: AskTellRecord[] = [];
    const study = createStudy({ space: plane, sampler: randomSampler(), onRecord: (record) => kept.push(record) });
    await study.optimize((trial) => bowl(trial.hyperparameters), { trials: 3 });
    expect(kept).toEqual(study.journal);
  });

  it('keeps infinite values', () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    study.ask().report(1, Number.NEGATIVE_INFINITY);
    study.ask().report(1, Number.NaN);
    study.tell(0, Number.POSITIVE_INFINITY);
    expect(restoreStudy(text(study.journal), { sampler: randomSampler() }).trials).toEqual(study.trials);
  });
});

describe('a journal that is not this study, or no consistent story, is refused', () => {
  const study = create();
  for (let count = 0; count < 3; count++) study.tell(study.ask(), count);
  const records = study.journal;
  it.each<[string, readonly unknown[]]>([
    ['is empty', []],
    ['begins in the middle', records.slice(1)],
    ['begins twice', [records[0], ...records]],
    ['has an unknown record', [...records, { kind: 'celebrated' }]],
    ['has something else', [...records, null]],
    ['asks for a trial twice', [...records, records.find(({ kind }) => kind === 'asked')]],
    ['tells a trial twice', [...records, records.find(({ kind }) => kind === 'told')]],
    [
      'reports a trial that ended',
      [...records, { kind: 'reported', trial: 0, step: 1, value: 1, verdict: 'continue' }],
    ],
    ['is of another format', [{ ...records[0], format: 99 }, ...records.slice(1)]],
    ['is broken in the middle', [JSON.stringify(records[0]), '{"kind":"as', JSON.stringify(records[2])]],
  ])('%s', (_, list) => {
    expect(() => restoreStudy(list as never, parts())).toThrow(code('STUDY_JOURNAL_INVALID'));
  });

  it.each<[string, object]>([
    ['another sampler', { ...parts(), sampler: { ...randomSampler(), name: 'other' } }],
    ['no scheduler', { ...parts(), scheduler: undefined }],
    ['other rules', { ...parts(), stop: [] }],
    ['another space', { ...parts(), space: { a: { float: [0, 1] } } }],
  ])('%s', (_, options) => {
    expect(() => restoreStudy(records, options as never)).toThrow(code('STUDY_REPLAY_DIFFERS'));
  });

  it('verdicts that the scheduler would not give', () => {
    const trial = study.ask();
    trial.report(1, 1);
    const changed = study.journal.map((one) => (one.kind === 'reported' ? { ...one, verdict: 'stop' as const } : one));
    expect(() => restoreStudy(changed, parts())).toThrow(code('STUDY_REPLAY_DIFFERS'));
  });

  it('proposals that the sampler would not make, where that is verified', () => {
    const changed = records.map((one) => {
      return one.kind === 'asked' && one.trial === 2 ? { ...one, hyperparameters: { a: 0, b: 0 } } : one;
    });
    expect(restoreStudy(changed, parts()).trials[2]!.hyperparameters).toEqual({ a: 0, b: 0 });
    expect(() => restoreStudy(changed, { ...parts(), verify: true })).toThrow(code('STUDY_REPLAY_DIFFERS'));
  });
});
