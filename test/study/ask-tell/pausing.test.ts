import { describe, expect, it } from 'vitest';
import { asha, type FidelityScheduler, hyperband, pasha, successiveHalving } from '../../../src/schedulers/index.js';
import { createStudy, type Journal, restoreStudy, type Study } from '../../../src/study/public.js';

const space = { x: { float: [0, 1] } } as const;
const schedulers: [string, () => FidelityScheduler][] = [
  ['successive halving', () => successiveHalving({ trials: 9, minSteps: 1, reduction: 3 })],
  ['Hyperband', () => hyperband({ minSteps: 1, reduction: 3, variant: 'synchronous' })],
  ['ASHA by promotion', () => asha({ minSteps: 1, reduction: 3, variant: 'promotion' })],
  ['PASHA', () => pasha({ minSteps: 1, reduction: 3 })],
];

const options = (scheduler: FidelityScheduler) =>
  ({ space, scheduler, maxSteps: 9, trials: 15, parallel: 3, seed: 4, deterministic: true, pausable: true }) as const;

/** Runs what there is, each trial from where it was when it was paused. */
async function run(study: Study<{ x: number }, true>, saved = new Map<number, number>()) {
  const runs: [trial: number, from: number][] = [];
  await study.optimize(async (trial) => {
    const from = saved.get(trial.number) ?? 0;
    runs.push([trial.number, from]);
    for (let step = from + 1; step <= 9; step++) {
      // so that trials come in another order each time
      for (let turn = 0; turn < (trial.number * 7 + step) % 5; turn++) await Promise.resolve();
      saved.set(trial.number, step);
      if ((await trial.report(step, (trial.hyperparameters.x - 0.3) ** 2 + 1 / step)) !== 'continue') return undefined;
    }
    return (trial.hyperparameters.x - 0.3) ** 2 + 1 / 9;
  });
  return runs;
}

describe.each(schedulers)('a study that %s pauses', (name, scheduler) => {
  it('runs paused trials again from where they were, and ends when nobody is left to go on', async () => {
    const study = createStudy(options(scheduler()));
    const runs = await run(study);
    expect(study.ended).toBe('trials');
    const statuses = study.trials.map(({ status }) => status);
    // PASHA ends when more steps would not change the order of the best
    if (name !== 'PASHA') expect(statuses).toContain('complete');
    expect(statuses).not.toContain('running');
    const resumed = study.journal.filter(({ kind }) => kind === 'resumed');
    expect(resumed.length).toBeGreaterThan(0);
    expect(runs).toHaveLength(study.trials.length + resumed.length);
    expect(runs.filter(([, from]) => from > 0)).toHaveLength(resumed.length);
    // each step of each trial is reported once
    for (const { reports } of study.trials)
      expect(reports.map(({ step }) => step)).toEqual(reports.map((_, at) => at + 1));
    // who goes on was better at that step than most of those who did not
    const [best, ...others] = study.trials.toSorted((a, b) => b.reports.length - a.reports.length);
    const isBetter = others.filter(({ reports }) => best!.reports[0]!.value <= reports[0]!.value);
    expect(isBetter.length).toBeGreaterThan(others.length / 2);
  });

  it('is the same from any place of its journal on', async () => {
    const whole = createStudy(options(scheduler()));
    await run(whole);
    const wanted = JSON.stringify(whole.journal);
    for (let length = 1; length < whole.journal.length; length += 5) {
      const journal: Journal = whole.journal.slice(0, length);
      const study = restoreStudy(journal, { space, scheduler: scheduler(), deterministic: true, verify: true });
      // what a trial saved is as old as its last report that counts
      const saved = study.trials.map(({ number, reports }) => [number, reports.at(-1)?.step ?? 0] as const);
      await run(study, new Map(saved));
      expect(JSON.stringify(study.journal), `from ${length} records on`).toBe(wanted);
    }
  });
});

describe('a study that may be paused', () => {
  it('has to be deterministic', () => {
    const [, scheduler] = schedulers[0]!;
    expect(() => createStudy({ space, scheduler: scheduler(), maxSteps: 9, pausable: true })).toThrow(/pausable/);
    expect(() => createStudy({ space, scheduler: scheduler(), maxSteps: 9, deterministic: true })).toThrow(
      /pauses them/,
    );
  });

  it('takes nothing of a trial while it is paused', async () => {
    const [, scheduler] = schedulers[0]!;
    const study = createStudy({ ...options(scheduler()), parallel: 1 });
    const trial = study.ask();
    expect(await trial.report(1, 1)).toBe('pause');
    expect(trial.paused).toBe(true);
    expect(study.trials[0]!.status).toBe('paused');
    expect(() => study.tell(trial, 1)).toThrow(/must be running/);
    expect(() => trial.report(2, 1)).toThrow(/must be running/);
    expect(study.ask().number).toBe(1);
  });
});
