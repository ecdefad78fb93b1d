import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpace, validateHyperparameters } from '../../src/space/index.js';
import {
  apply,
  digest,
  foldRecords,
  liveStates,
  plan,
  type StudyRecord,
  type StudySettings,
  type StudyState,
  stepsTrained,
} from '../../src/study/index.js';
import { created, settings, simulate, trainedRecord } from '../support/simulate.js';

const random: StudySettings = settings({ strategy: { kind: 'random', trials: 5, interval: 20 } });
const studies: [string, StudySettings][] = [
  ['pbt', settings()],
  ['random search', random],
];

describe.each(studies)('%s', (_, of) => {
  it('ends with the budget trained by every trial', () => {
    const { state } = simulate(of);
    expect(state.ended).toBe('budget');
    for (const { step } of state.trials) expect(step).toBe(50);
    expect(stepsTrained(state)).toBe(50 * state.trials.length);
  });

  it('has one digest, whatever the order in which segments end, and however often it is killed', () => {
    const wanted = digest(simulate(of, { divergence: 0.1 }).state);
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer({ min: 2, max: 60 })), (order, stopAfter) => {
        expect(digest(simulate(of, { order, stopAfter, divergence: 0.1 }).state)).toBe(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('can be folded at every prefix of its records, to a state that has something to do', () => {
    const { records } = simulate(of, { divergence: 0.1 });
    const space = parseSpace(of.space);
    for (let length = 1; length < records.length; length++) {
      expect(plan(foldRecords(records.slice(0, length)), space, 0).kind).not.toBe('done');
    }
  });

  it('proposes and explores only within the space', () => {
    const { state } = simulate(of);
    const space = parseSpace(of.space);
    for (const { segments } of state.trials) {
      for (const { hyperparameters } of segments) validateHyperparameters(space, hyperparameters);
    }
  });

  it('keeps every state that is still needed, and the best', () => {
    const { records } = simulate(of, { divergence: 0.1 });
    const space = parseSpace(of.space);
    for (let length = 1; length < records.length; length++) {
      const state = foldRecords(records.slice(0, length));
      const live = liveStates(state);
      if (state.best) expect(live).toContain(state.best.state.file);
      const next = plan(state, space, 0);
      if (next.kind !== 'run') continue;
      for (const { state: needed } of next.segments) if (needed) expect(live).toContain(needed.file);
    }
  });
});

describe('digest', () => {
  it('changes with the seed, with a hyperparameter, and with the last bit of a metric', () => {
    const base = simulate(settings());
    const other = (change: (record: StudyRecord) => StudyRecord) => digest(foldRecords(base.records.map(change)));
    const wanted = digest(base.state);
    expect(digest(simulate(settings({ seed: 4 })).state)).not.toBe(wanted);
    const nudged = other((record) =>
      record.kind === 'segment' && record.outcome === 'done' && record.generation === 4 && record.trial === 5
        ? { ...record, metrics: { valAccuracy: record.metrics.valAccuracy! * (1 + Number.EPSILON) } }
        : record,
    );
    expect(nudged).not.toBe(wanted);
  });

  it('does not change with clocks, incidents and processes', () => {
    const base = simulate(settings());
    const records: StudyRecord[] = base.records.flatMap((record): StudyRecord[] => [
      record.kind === 'segment' ? { ...record, seconds: 99 } : record,
      { kind: 'started', workers: 4, backend: 'cpu', resumed: true },
      { kind: 'incident', trial: 0, generation: 0, attempt: 1, code: 'X', message: 'm' },
      { kind: 'interrupted', by: 'signal' },
    ]);
    expect(digest(foldRecords(records))).toBe(digest(base.state));
  });
});

describe('a population', () => {
  it('takes over the step and the state of the parent', () => {
    const { state, records } = simulate(settings());
    const copies = state.trials.flatMap(({ copies: list, trial }) => list.map((copy) => ({ trial, ...copy })));
    expect(copies.length).toBeGreaterThan(4);
    const index = records.findIndex((record) => record.kind === 'decided');
    const after = foldRecords(records.slice(0, index + 1));
    const copy = copies.find(({ generation }) => generation === 0)!;
    expect(after.trials[copy.trial]!.state).toEqual(after.trials[copy.parent]!.state);
  });

  it('does not walk through its past to decide', () => {
    const { records } = simulate(settings());
    const last = records.findLastIndex(({ kind }) => kind === 'decided');
    const state = foldRecords(records.slice(0, last));
    const history = () => {
      throw new Error('looked at');
    };
    const unread = Object.defineProperty({ ...state }, 'history', { get: history });
    expect(plan(unread, parseSpace(state.settings.space), 0)).toEqual({ kind: 'record', records: [records[last]] });
  });

  it('replaces a member that failed, and fails when nobody is left', () => {
    const of = settings();
    const space = parseSpace(of.space);
    const start = simulate(of).records.filter(({ kind }) => kind === 'created' || kind === 'proposed');
    const run = (broken: (trial: number) => boolean) => {
      const records: StudyRecord[] = [...start];
      const next = plan(foldRecords(records), space, 0);
      if (next.kind !== 'run') throw new Error('segments are expected');
      for (const segment of next.segments) {
        const { trial, generation } = segment;
        const failed = {
          kind: 'failed',
          trial,
          generation,
          attempts: 3,
          code: 'ENGINE_WORKER_LOST',
          message: 'm',
        } as const;
        records.push(broken(trial) ? failed : trainedRecord([7, 7], segment));
      }
      return { records, next: plan(foldRecords(records), space, 0) };
    };
    const { records, next } = run((trial) => trial === 2);
    if (next.kind !== 'record') throw new Error('decisions are expected');
    const state = foldRecords([...records, ...next.records]);
    expect(state.trials[2]!.copies).toHaveLength(1);
    expect(state.trials.every(({ status }) => status === 'ready')).toBe(true);
    expect(run(() => true).next).toEqual({ kind: 'record', records: [{ kind: 'ended', reason: 'failed' }] });
  });

  it('of which nobody is left goes back to an older checkpoint, a few times in a row', () => {
    const backtrack = { patience: 2, tolerance: 0, checkpoints: 1, who: 'worst' } as const;
    const of = settings({ strategy: { ...settings().strategy, backtrack } as StudySettings['strategy'] });
    const space = parseSpace(of.space);
    const run = (isHealthy: (generation: number) => boolean) => {
      let state = foldRecords([created(of)]);
      for (let next = plan(state, space, 0); next.kind !== 'done'; next = plan(state, space, 0)) {
        if (next.kind === 'record') state = next.records.reduce(apply, state);
        else {
          const ends = next.segments.map((one) => trainedRecord([7, 7], one, isHealthy(one.generation) ? 0 : 1));
          state = ends.reduce(apply, state);
        }
      }
      return state;
    };
    const back = (state: StudyState) =>
      state.decided.map(({ decisions }) =>
        decisions.every((one) => one.kind === 'exploit' && one.parentGeneration === 0),
      );
    const mended = run((generation) => generation === 0 || generation > 2);
    expect(back(mended).slice(0, 4)).toEqual([false, true, true, false]);
    expect(mended.ended).toBe('budget');
    const lost = run((generation) => generation === 0);
    expect(back(lost)).toEqual([false, true, true]);
    expect(lost.ended).toBe('failed');
  });

  it('shares the best of a tie by generation, then by trial, not by who was first', () => {
    const of = settings({ strategy: { kind: 'random', trials: 2, interval: 50 } });
    const start = simulate(of).records.filter(({ kind }) => kind === 'created' || kind === 'proposed');
    const segment = (trial: number): StudyRecord => ({
      kind: 'segment',
      trial,
      generation: 0,
      fromStep: 0,
      toStep: 50,
      seconds: 1,
      outcome: 'done',
      loss: 0,
      metrics: { valAccuracy: 0.5 },
      state: { file: `${trial}`, bytes: 1, sha256: 'x' },
    });
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      expect(foldRecords([...start, ...order.map(segment)]).best!.trial).toBe(0);
    }
  });
});

describe('random search', () => {
  it('leaves a diverged trial out and goes on with the others', () => {
    const { state } = simulate(random, { divergence: 0.3 });
    const diverged = state.trials.filter(({ segments }) => segments.at(-1)!.outcome === 'diverged');
    expect(diverged.length).toBeGreaterThan(0);
    expect(diverged.length).toBeLessThan(5);
    for (const { segments } of diverged) expect(segments.filter(({ outcome }) => outcome !== 'done')).toHaveLength(1);
    expect(state.ended).toBe('budget');
  });
});

describe('a study ends', () => {
  it.each([
    ['maximize', 0.3],
    ['minimize', 0.45],
  ] as const)('when the target is reached (%s), between generations', (direction, target) => {
    const metric = direction === 'maximize' ? 'valAccuracy' : 'valLoss';
    const { state } = simulate(settings({ objective: { metric, direction, target } }));
    expect(state.ended).toBe('target');
    expect(direction === 'maximize' ? state.best!.value >= target : state.best!.value <= target).toBe(true);
    expect(new Set(state.trials.map(({ segments }) => segments.length)).size).toBe(1);
  });

  it('at the wall time, but never in mid-generation, nor before there is a best', () => {
    const of = settings({ budget: { steps: 50, wallSeconds: 10 } });
    const space = parseSpace(of.space);
    const { records } = simulate(of);
    const at = (length: number) => plan(foldRecords(records.slice(0, length)), space, 11);
    expect(at(1 + 6)).toMatchObject({ kind: 'run' });
    expect(at(1 + 6 + 2)).toMatchObject({ kind: 'run' });
    const decided = records.findIndex(({ kind }) => kind === 'decided');
    expect(at(decided + 1)).toEqual({ kind: 'record', records: [{ kind: 'ended', reason: 'wall' }] });
  });
});

describe('a journal that tells no consistent story is refused', () => {
  const records = simulate(settings()).records;
  it.each([
    ['is empty', []],
    ['begins in the middle', records.slice(1)],
    ['begins twice', [created(settings()), created(settings())]],
    ['proposes a trial twice', [...records.slice(0, 2), records[1]!]],
    ['has a segment out of turn', [...records.slice(0, 8), records[7]!]],
    ['has an unknown record', [...records.slice(0, 2), { kind: 'celebrated' } as never]],
  ])('%s', (_, list) => {
    expect(() => foldRecords(list)).toThrow(expect.objectContaining({ code: 'STUDY_JOURNAL_INVALID' }));
  });

  it('names the metric that the model does not report', () => {
    const of = settings({ objective: { metric: 'valAcuracy', direction: 'maximize' } });
    expect(() => simulate(of)).toThrow(
      expect.objectContaining({
        code: 'STUDY_METRIC_MISSING',
        message: expect.stringContaining('Did you mean "valAccuracy"?'),
      }),
    );
  });
});
