import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpace, validateHyperparameters } from '../../src/space/index.js';
import {
  digest,
  foldRecords,
  liveStates,
  type Plan,
  type PopulationStrategy,
  plan,
  type StudyRecord,
  type StudySettings,
} from '../../src/study/index.js';
import { settings, trainedRecord } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';

const common = { population: 5, interval: 10, quantile: 0.25, resample: 0.25, factors: [0.8, 1.2], burnIn: 0 };
const strategies: Record<string, PopulationStrategy> = {
  PBT: { kind: 'pbt', ...common, asynchronous: true },
  'PBT by tournament': { kind: 'pbt', ...common, exploit: 'tournament', asynchronous: true },
  PB2: { kind: 'pb2', ...common, asynchronous: true },
};
const of = (strategy: PopulationStrategy, more: Partial<StudySettings> = {}) =>
  settings({ strategy, budget: { steps: 100 }, ...more });

describe.each(Object.entries(strategies))('asynchronous %s', (_, strategy) => {
  const study = of(strategy);

  it('is the same for any number of workers, whatever segments take, and however often it is killed', () => {
    const faults = { divergence: 0.08, failure: 0.04 };
    const wanted = simulateWorkers(study, { count: 1, ...faults });
    expect(wanted.state.ended).toBe('budget');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
        (count, luck, killAfter) => {
          const { state } = simulateWorkers(study, { count, luck, killAfter, ...faults });
          expect(digest(state)).toBe(digest(wanted.state));
        },
      ),
      { numRuns: 8 },
    );
  });

  it('ends by a target that comes when the best is there already', () => {
    const { records } = simulateWorkers(study, { count: 2 });
    const before = records.slice(0, Math.floor(records.length / 2));
    const { best, trials } = foldRecords(before);
    const generation = Math.max(...trials.map((trial) => trial.generation));
    expect(best!.generation).toBeLessThanOrEqual(generation);
    const ends = (target: number) => {
      const command = { kind: 'target', target, generation, step: 0 } as const;
      const next = plan(foldRecords([...before, { kind: 'command', command }]), parseSpace(study.space), 0);
      return next.kind === 'record' && next.records[0]!.kind === 'ended';
    };
    expect(ends(best!.value)).toBe(true);
    expect(ends(best!.value + 1)).toBe(false);
  });

  it('gives every member its budget, within the space, and copies what the parent has', () => {
    const { state, records, mostAtOnce } = simulateWorkers(study, { count: 9 });
    const space = parseSpace(study.space);
    expect(mostAtOnce).toBe(5);
    for (const { status, step, segments } of state.trials) {
      expect(status).toBe('complete');
      // a copy of one that is behind has trained its budget sooner than its state
      const own = segments.reduce((sum, { fromStep, toStep }) => sum + toStep - fromStep, 0);
      expect(Math.max(step, own)).toBe(100);
      for (const { hyperparameters } of segments) validateHyperparameters(space, hyperparameters);
    }
    let copyCount = 0;
    for (const [at, record] of records.entries()) {
      if (record.kind !== 'decided') continue;
      const [decision] = record.decisions;
      expect(record.decisions).toHaveLength(1);
      if (decision?.kind !== 'exploit') continue;
      copyCount++;
      const before = foldRecords(records.slice(0, at)).trials;
      const after = foldRecords(records.slice(0, at + 1)).trials;
      expect(after[decision.trial]!.state).toEqual(before[decision.parent]!.state);
    }
    expect(copyCount).toBeGreaterThan(3);
  });

  it('keeps every state that is still needed', () => {
    const { records } = simulateWorkers(study, { count: 3, divergence: 0.1 });
    const space = parseSpace(study.space);
    for (let length = 1; length < records.length; length++) {
      const then = foldRecords(records.slice(0, length));
      const next = plan(then, space, 0);
      if (next.kind !== 'run') continue;
      for (const { state: needed } of next.segments) if (needed) expect(liveStates(then)).toContain(needed.file);
    }
  });
});

describe('a member that fails', () => {
  const study = of(strategies.PBT!);
  const space = parseSpace(study.space);
  const start = simulateWorkers(study, { count: 1 }).records.slice(0, 6);
  const failed = (trial: number): StudyRecord => {
    return { kind: 'failed', trial, generation: 0, attempts: 3, code: 'ENGINE_WORKER_LOST', message: 'm' };
  };
  const next = (...records: StudyRecord[]) => plan(foldRecords([...start, ...records]), space, 0);

  it('first of all waits for one that it can copy, and then does', () => {
    const { segments } = next() as Plan & { kind: 'run' };
    expect(next(failed(0))).toMatchObject({ kind: 'run', segments: [1, 2, 3, 4].map((trial) => ({ trial })) });
    const trained = trainedRecord([1, 1], segments[1]!);
    const counted = next(failed(0), trained);
    expect(counted).toMatchObject({ records: [{ decisions: [{ kind: 'continue', trial: 1 }], toStep: 20 }] });
    const records = (counted as Plan & { kind: 'record' }).records;
    expect(next(failed(0), trained, ...records)).toMatchObject({
      records: [{ decisions: [{ kind: 'exploit', trial: 0, parent: 1 }], toStep: 20 }],
    });
  });

  it('with all others ends the study', () => {
    const { state } = simulateWorkers(study, { count: 2, failure: 1 });
    expect(state).toMatchObject({ ended: 'failed', best: null });
  });
});

it('freezes what the schedule says, at each member’s own generation', () => {
  const schedule = [{ kind: 'freeze', names: ['learningRate'], from: { generation: 3 } }] as const;
  const study = of(strategies.PBT!, { schedule });
  const { state } = simulateWorkers(study, { count: 3 });
  const late = state.trials.flatMap(({ copies }) => copies).filter(({ generation }) => generation >= 2);
  expect(late.length).toBeGreaterThan(0);
  for (const { changes } of late) {
    for (const { name, how } of changes) if (name === 'learningRate') expect(how).toBe('inherited');
  }
});
