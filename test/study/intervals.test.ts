import { describe, expect, it } from 'vitest';
import { parseSpace } from '../../src/space/index.js';
import { digest, foldRecords, generationCount, type PbtStrategy, type StudySettings } from '../../src/study/index.js';
import { settings, simulate } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';

const pbt = (interval: PbtStrategy['interval'], more: Partial<PbtStrategy> = {}): PbtStrategy => ({
  kind: 'pbt',
  population: 6,
  interval,
  quantile: 0.25,
  resample: 0.25,
  factors: [0.8, 1.2],
  burnIn: 0,
  ...more,
});
const training = { batchSize: 8, evaluationBatchSize: 8, compile: 'never', rows: 80 } as const;
const of = (strategy: PbtStrategy, more: Partial<StudySettings> = {}) =>
  settings({ strategy, training, budget: { steps: 100 }, ...more });

describe('an interval in epochs', () => {
  it('is as many steps as they have: rows divided by the batch size, rounded', () => {
    const ends = (epochs: number) =>
      simulate(of(pbt({ epochs }))).state.trials[0]!.segments.map(({ toStep }) => toStep);
    expect(ends(2)).toEqual([20, 40, 60, 80, 100]);
    expect(ends(3.33)).toEqual([33, 66, 99, 100]);
    expect(ends(0.01)[1]).toBe(2);
  });

  it('goes by the trial’s own batch size where that is tuned', () => {
    const space = { ...settings().space, batchSize: { choice: [8, 16] } };
    const { state } = simulate(of(pbt({ epochs: 2 }), { space }));
    const lengths = state.trials.flatMap(({ segments }) =>
      segments.map(({ fromStep, toStep, hyperparameters }) => [hyperparameters.batchSize, toStep - fromStep]),
    );
    expect(lengths).toContainEqual([8, 20]);
    expect(lengths).toContainEqual([16, 10]);
    for (const [batchSize, steps] of lengths) expect(steps).toBeLessThanOrEqual(batchSize === 8 ? 20 : 10);
  });

  it('suits asynchronous populations too', () => {
    const study = of(pbt({ epochs: 2 }, { asynchronous: true }));
    const { state } = simulateWorkers(study, { count: 2 });
    expect(state.trials[0]!.segments[0]!.toStep).toBe(20);
    expect(digest(simulateWorkers(study, { count: 5, luck: 3, killAfter: [4] }).state)).toBe(digest(state));
  });
});

describe('a plateau', () => {
  const exploits = (minDelta: number, patience = 2) => {
    const { state } = simulate(of(pbt({ plateau: { patience, minDelta, every: 10 } })));
    return state.decided.map(({ decisions }) => decisions.some(({ kind }) => kind === 'exploit'));
  };

  it('is waited for: nobody is replaced while the best score improves', () => {
    expect(exploits(0)).not.toContain(true);
  });

  it('lets the population decide, and is looked for again from then on', () => {
    // nothing improves by so much: the first result is compared with, then two segments are waited
    expect(exploits(10)).toEqual([false, false, true, false, true, false, true, false, true]);
    expect(exploits(10, 1)).toEqual([false, true, true, true, true, true, true, true, true]);
  });

  it('replaces who has no score at once', () => {
    const { state } = simulate(of(pbt({ plateau: { patience: 50, minDelta: 0, every: 10 } })), { divergence: 0.15 });
    const copied = state.trials.flatMap(({ trial, copies }) => copies.map(({ generation }) => ({ trial, generation })));
    const lost = state.trials.flatMap(({ trial, segments }) =>
      segments.filter(({ score }) => score === null).map(({ generation }) => ({ trial, generation })),
    );
    expect(copied.length).toBeGreaterThan(2);
    expect(copied).toEqual(lost.filter(({ generation }) => generation < 9));
  });
});

describe('how many generations there are', () => {
  const space = parseSpace(settings().space);

  it('is foreseen with a schedule that changes the interval', () => {
    const schedule = [{ kind: 'interval', interval: 25, from: { generation: 2 } }] as const;
    const { records, state } = simulate(of(pbt(10), { schedule }));
    const last = Math.max(...state.trials.map(({ segments }) => segments.length));
    // 10, 20, then 45, 70, 95, 100
    expect(last).toBe(6);
    for (let length = 7; length < records.length; length++) {
      expect(generationCount(foldRecords(records.slice(0, length)), space)).toBe(6);
    }
  });

  it('follows a command', () => {
    const { records } = simulate(of(pbt(10)));
    const at = records.findIndex(({ kind }) => kind === 'decided') + 1;
    const command = { kind: 'interval', interval: 30, generation: 1, step: 10 } as const;
    const then = foldRecords([...records.slice(0, at), { kind: 'command', command }]);
    expect(generationCount(then, space)).toBe(4);
  });
});
