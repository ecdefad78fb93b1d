import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpace, validateHyperparameters } from '../../src/space/index.js';
import {
  digest,
  foldRecords,
  liveStates,
  plan,
  type StudySettings,
  stepsTrained,
  type TrialwiseStrategy,
} from '../../src/study/index.js';
import { settings } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';

const rungs = { minSteps: 6, reduction: 3 };
const strategies: Record<string, TrialwiseStrategy> = {
  'ASHA by promotion': { kind: 'asha', trials: 20, parallel: 4, options: rungs },
  'ASHA by stopping': { kind: 'asha', trials: 20, parallel: 4, options: { ...rungs, variant: 'stopping' } },
  'ASHA with evaluations on the way': { kind: 'asha', trials: 12, parallel: 3, interval: 4, options: rungs },
  'successive halving': { kind: 'successiveHalving', trials: 18, parallel: 5, options: { ...rungs, trials: 18 } },
  Hyperband: { kind: 'hyperband', trials: 17, parallel: 4, options: rungs },
  BOHB: { kind: 'bohb', trials: 17, parallel: 4, interval: 7, options: rungs },
  PASHA: { kind: 'pasha', trials: 15, parallel: 4, options: rungs },
  'median stopping': { kind: 'median', trials: 14, parallel: 4, options: { interval: 10, startupTrials: 3 } },
  'percentile stopping': { kind: 'percentile', trials: 14, parallel: 4, options: { interval: 10, percentile: 40 } },
  patience: { kind: 'patience', trials: 8, parallel: 4, options: { interval: 10, reports: 2 } },
  'random search in order': { kind: 'random', trials: 8, parallel: 3, interval: 20 },
};
const of = (strategy: TrialwiseStrategy, more: Partial<StudySettings> = {}) =>
  settings({ strategy, budget: { steps: 50 }, ...more });
const cases = Object.entries(strategies);

describe.each(cases)('%s', (_, strategy) => {
  const study = of(strategy);

  it('is the same for any number of workers, whatever segments take, and however often it is killed', () => {
    const faults = { divergence: 0.05, failure: 0.05 };
    const wanted = simulateWorkers(study, { count: 1, ...faults });
    expect(wanted.state.ended).toBe('budget');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
        (count, luck, killAfter) => {
          const { state } = simulateWorkers(study, { count, luck, killAfter, ...faults });
          expect(digest(state)).toBe(digest(wanted.state));
          expect(stepsTrained(state)).toBe(stepsTrained(wanted.state));
          expect(state.best).toEqual(wanted.state.best);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('keeps all its places at work, as long as there are trials', () => {
    expect(simulateWorkers(study, { count: 100 }).mostAtOnce).toBe(strategy.parallel);
    expect(simulateWorkers(study, { count: 2 }).mostAtOnce).toBe(2);
  });

  it('starts its trials, proposed within the space, and none beyond its budget', () => {
    const { state } = simulateWorkers(study, { count: 3 });
    const space = parseSpace(study.space);
    expect(state.trials).toHaveLength(strategy.trials);
    // PASHA goes no further than rankings are in doubt
    const furthest = strategy.kind === 'pasha' ? 'paused' : 'complete';
    expect(state.trials.some(({ status }) => status === furthest)).toBe(true);
    for (const { segments, step } of state.trials) {
      expect(step).toBeLessThanOrEqual(50);
      expect(segments.map(({ fromStep }) => fromStep)).toEqual([
        0,
        ...segments.slice(0, -1).map(({ toStep }) => toStep),
      ]);
      for (const { hyperparameters } of segments) validateHyperparameters(space, hyperparameters);
    }
  });

  it('keeps every state that is still needed, the paused ones too, and frees what is over', () => {
    const { records, state } = simulateWorkers(study, { count: 3, divergence: 0.1 });
    const space = parseSpace(study.space);
    for (let length = 1; length < records.length; length += 3) {
      const then = foldRecords(records.slice(0, length));
      const live = liveStates(then);
      if (then.best) expect(live).toContain(then.best.state.file);
      for (const { status, state: kept } of then.trials) if (status === 'paused') expect(live).toContain(kept!.file);
      const next = plan(then, space, 0);
      expect(next.kind).not.toBe('done');
      if (next.kind !== 'run') continue;
      for (const { state: needed } of next.segments) if (needed) expect(live).toContain(needed.file);
    }
    const paused = state.trials.filter(({ status }) => status === 'paused').length;
    expect(liveStates(state).size).toBeLessThanOrEqual(paused + 1);
  });
});

describe('samplers that learn', () => {
  it.each(['tpe', 'gp', 'cmaEs', 'evolution', 'bohb'] as const)('%s decides by results that count', (name) => {
    const study = of({ kind: 'random', trials: 24, parallel: 3, interval: 25 }, { sampler: name, seed: 1 });
    const wanted = simulateWorkers(study, { count: 1 });
    for (const count of [2, 5]) {
      const again = simulateWorkers(study, { count, luck: count, killAfter: [7, 20] });
      expect(digest(again.state)).toBe(digest(wanted.state));
    }
    const { state } = simulateWorkers({ ...study, sampler: 'random' }, { count: 1 });
    expect(digest(state)).not.toBe(digest(wanted.state));
  });

  it('have options of their own', () => {
    const study = of({ kind: 'random', trials: 12, parallel: 1, interval: 50 });
    const tpe = (startupTrials: number) =>
      simulateWorkers({ ...study, sampler: { name: 'tpe', options: { startupTrials } } }, { count: 1 }).state;
    expect(digest(tpe(2))).not.toBe(digest(tpe(10)));
  });

  it('do better than random search with ASHA, over ten seeds', () => {
    const strategy = { kind: 'asha', trials: 40, parallel: 4, options: rungs } as const;
    const best = (sampler: 'tpe' | 'random') =>
      Array.from({ length: 10 }, (_, seed) => simulateWorkers(of(strategy, { sampler, seed }), { count: 1 }))
        .map(({ state }) => state.best!.value)
        .reduce((sum, value) => sum + value, 0) / 10;
    expect(best('tpe')).toBeGreaterThan(best('random'));
  });

  it('try the points of the sweep first', () => {
    const point = { learningRate: 0.1, momentum: 0.5, units: 8 };
    const study = of({ kind: 'random', trials: 3, parallel: 1, interval: 50 }, { sampler: 'tpe', enqueue: [point] });
    expect(simulateWorkers(study, { count: 1 }).state.trials[0]!.hyperparameters).toEqual(point);
  });
});

describe('a study that decides trial by trial ends', () => {
  const asha: TrialwiseStrategy = { kind: 'asha', trials: 200, parallel: 4, options: rungs };
  const run = (more: Partial<StudySettings>) => simulateWorkers(of(asha, more), { count: 3 }).state;

  it('at its target, at the same moment for any number of workers', () => {
    const objective = { metric: 'valAccuracy', direction: 'maximize', target: 0.6 } as const;
    const state = run({ objective });
    expect(state.ended).toBe('target');
    expect(state.best!.value).toBeGreaterThanOrEqual(0.6);
    expect(state.trials.length).toBeLessThan(200);
    const other = simulateWorkers(of(asha, { objective }), { count: 8, luck: 3, killAfter: [5, 9] }).state;
    expect(digest(other)).toBe(digest(state));
  });

  it('once all trials together have trained its steps', () => {
    const state = run({ budget: { steps: 50, totalSteps: 700 } });
    expect(state.ended).toBe('budget');
    expect(stepsTrained(state)).toBeGreaterThanOrEqual(700);
    expect(stepsTrained(state)).toBeLessThan(750);
  });

  it('at a plateau', () => {
    const state = run({ stop: { plateau: { trials: 3, minDelta: 0.5 } } });
    expect(state.ended).toBe('plateau');
  });

  it('when little can be gained any more', () => {
    const strategy: TrialwiseStrategy = { kind: 'random', trials: 100, parallel: 2, interval: 50 };
    const study = of(strategy, { sampler: 'gp', stop: { regret: { threshold: 0.5, minTrials: 10 } } });
    const { state } = simulateWorkers(study, { count: 2 });
    expect(state.ended).toBe('regret');
    expect(state.trials.length).toBeLessThan(100);
  });

  it('as failed, when nothing was ever trained', () => {
    const { state } = simulateWorkers(of(asha), { count: 4, divergence: 1 });
    expect(state).toMatchObject({ ended: 'failed', best: null });
    expect(state.trials).toHaveLength(200);
    expect(state.trials.every(({ status }) => status === 'out')).toBe(true);
  });

  it('when the time is up, with what it has', () => {
    const study = of(asha, { budget: { steps: 50, wallSeconds: 10 } });
    const space = parseSpace(study.space);
    const { records } = simulateWorkers(study, { count: 2 });
    const first = records.findIndex(({ kind }) => kind === 'verdict');
    const before = foldRecords(records.slice(0, first));
    expect(plan(before, space, 11)).not.toMatchObject({ records: [{ kind: 'ended' }] });
    const after = foldRecords(records.slice(0, first + 1));
    expect(plan(after, space, 11)).toEqual({ kind: 'record', records: [{ kind: 'ended', reason: 'wall' }] });
  });
});

describe('a journal', () => {
  it('is refused whose decisions the strategy would not have made', () => {
    const study = of(strategies['ASHA by promotion']!);
    const { records } = simulateWorkers(study, { count: 2 });
    const at = records.findIndex(({ kind }) => kind === 'resumed');
    const changed = records.toSpliced(at, 1, { ...(records[at] as { kind: 'resumed'; trial: number }), toStep: 33 });
    const then = foldRecords(changed.slice(0, at + 1));
    expect(() => plan(then, parseSpace(study.space), 0)).toThrow(/would not have decided/);
  });

  it('asked twice, decides the same', () => {
    const study = of(strategies.Hyperband!);
    const space = parseSpace(study.space);
    const { records } = simulateWorkers(study, { count: 3 });
    for (let length = 1; length < records.length; length++) {
      const then = foldRecords(records.slice(0, length));
      const first = plan(then, space, 0);
      expect(plan(then, space, 0)).toEqual(first);
      expect(plan(foldRecords(structuredClone(records.slice(0, length))), space, 0)).toEqual(first);
    }
  });
});
