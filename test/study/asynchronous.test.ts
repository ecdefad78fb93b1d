import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpace, validateHyperparameters } from '../../src/space/index.js';
import {
  apply,
  digest,
  foldRecords,
  liveStates,
  type Plan,
  type PopulationStrategy,
  plan,
  type StudyRecord,
  type StudySettings,
  type StudyState,
} from '../../src/study/index.js';
import { settings, trainedRecord } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';

const common = { population: 5, interval: 10, quantile: 0.25, resample: 0.25, factors: [0.8, 1.2], burnIn: 0 };
const strategies: Record<string, PopulationStrategy> = {
  PBT: { kind: 'pbt', ...common, asynchronous: true },
  'PBT by tournament': { kind: 'pbt', ...common, exploit: 'tournament', asynchronous: true },
  PB2: { kind: 'pb2', ...common, asynchronous: true },
  'PBT by plateau': {
    kind: 'pbt',
    ...common,
    interval: { plateau: { patience: 1, minDelta: 0.05, every: 5 } },
    asynchronous: true,
  },
  'PBT that goes back': {
    kind: 'pbt',
    ...common,
    backtrack: { patience: 1, tolerance: 0, checkpoints: 2, who: 'worst' },
    asynchronous: true,
  },
};
const of = (strategy: PopulationStrategy, more: Partial<StudySettings> = {}) =>
  settings({ strategy, budget: { steps: 100 }, ...more });

describe.each(Object.entries(strategies))('asynchronous %s', (_, strategy) => {
  const study = of(strategy);

  it('is the same for any number of workers, whatever segments take, and however often it is killed', () => {
    const faults = { divergence: 0.08, failure: 0.04, slump: [4, 7] } as const;
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
    const { state, records, mostAtOnce } = simulateWorkers(study, { count: 9, slump: [4, 7] });
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
      const { trial, parent, parentGeneration } = decision;
      const older = `trial-${parent}-generation-${parentGeneration}.state`;
      const file = parentGeneration === undefined ? before[parent]!.state!.file : older;
      expect(after[trial]!.state!.file).toBe(file);
    }
    expect(copyCount).toBeGreaterThan(3);
  });

  it('keeps every state that is still needed', () => {
    const { records } = simulateWorkers(study, { count: 3, divergence: 0.1, slump: [4, 7] });
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

describe('an interval by plateau', () => {
  const by = (minDelta: number, patience: number, more: Partial<StudySettings> = {}) => {
    const interval = { plateau: { patience, minDelta, every: 10 } };
    return of({ ...strategies.PBT!, interval } as PopulationStrategy, more);
  };
  const decisionsOf = (study: StudySettings, trial: number) => {
    const { state } = simulateWorkers(study, { count: 3 });
    return state.decided.flatMap(({ decisions }) => decisions.filter((one) => one.trial === trial));
  };
  /** Generations after which members became copies. */
  const copiesOf = (study: StudySettings, faults = {}) =>
    simulateWorkers(study, { count: 3, ...faults }).state.trials.map(({ copies }) =>
      copies.map(({ generation }) => generation),
    );

  it('is waited for by each member: nobody is replaced while its own score improves', () => {
    expect(copiesOf(by(0, 2)).flat()).toEqual([]);
    expect(decisionsOf(by(0, 2), 1).map(({ kind }) => kind)).toEqual(Array(10).fill('continue'));
  });

  it('is looked for again from each decision on', () => {
    // nothing improves by so much: a member's first score is compared with, then two segments are waited
    const copied = copiesOf(by(10, 2));
    expect(copied.flat().length).toBeGreaterThan(2);
    for (const generations of copied) for (const one of generations) expect(one % 2).toBe(0);
    expect(
      copiesOf(by(10, 1))
        .flat()
        .some((one) => one % 2 === 1),
    ).toBe(true);
  });

  it('replaces who has no score at once', () => {
    const { state } = simulateWorkers(by(0, 50), { count: 3, divergence: 0.15 });
    const lost = state.trials.map(({ segments }) =>
      segments.flatMap(({ score, generation }) => (score === null ? [generation] : [])),
    );
    expect(lost.flat().length).toBeGreaterThan(2);
    expect(state.trials.map(({ copies }) => copies.map(({ generation }) => generation))).toEqual(lost);
  });

  it('follows a schedule', () => {
    const interval = { plateau: { patience: 50, minDelta: 0, every: 10 } };
    const schedule = [{ kind: 'interval', interval, from: { generation: 4 } }] as const;
    const generations = copiesOf(of(strategies.PBT!, { schedule })).flat();
    expect(generations.length).toBeGreaterThan(0);
    // from the fifth segment on a plateau is waited for that never comes
    expect(Math.max(...generations)).toBeLessThan(4);
  });
});

describe('a population that collapses', () => {
  const back = (more: object = {}) =>
    of({
      ...strategies.PBT!,
      backtrack: { patience: 2, tolerance: 0, checkpoints: 1, who: 'worst', ...more },
    } as PopulationStrategy);
  const older = (state: StudyState) =>
    state.decided.flatMap((record) =>
      record.decisions.flatMap((one) => (one.kind === 'exploit' && one.parentGeneration !== undefined ? [one] : [])),
    );

  it('goes back once twice as many results as members have fallen, and no more when one is as good again', () => {
    const { records, state } = simulateWorkers(back(), { count: 3, slump: [4, 7] });
    expect(older(state).length).toBeGreaterThan(0);
    for (const [at, record] of records.entries()) {
      if (record.kind !== 'decided') continue;
      const [decision] = record.decisions;
      if (decision?.kind !== 'exploit' || decision.parentGeneration === undefined) continue;
      const history = foldRecords(records.slice(0, at + 1)).history.items;
      const scores = history.map(({ score }) => score);
      const best = Math.max(...scores.slice(0, -10));
      expect(Math.max(...scores.slice(-10))).toBeLessThan(best);
      const to = history.find((one) => one.trial === decision.parent && one.generation === decision.parentGeneration);
      expect(to!.score).toBe(best);
    }
    expect(older(simulateWorkers(back(), { count: 3 }).state)).toEqual([]);
    expect(older(simulateWorkers(back({ tolerance: 1 }), { count: 3, slump: [4, 7] }).state)).toEqual([]);
  });
});

it('ends where its members are lost each time that they are replaced', () => {
  const study = of(strategies.PBT!);
  const space = parseSpace(study.space);
  const { records } = simulateWorkers(study, { count: 1 });
  let state = foldRecords(records.slice(0, records.findIndex(({ kind }) => kind === 'decided') + 1));
  let lostCount = 0;
  for (let next = plan(state, space, 0); next.kind !== 'done'; next = plan(state, space, 0)) {
    const lost =
      next.kind === 'run'
        ? next.segments.map(({ trial, generation }): StudyRecord => {
            return { kind: 'failed', trial, generation, attempts: 3, code: 'ENGINE_WORKER_LOST', message: 'lost' };
          })
        : next.records;
    if (next.kind === 'run') lostCount += lost.length;
    state = lost.reduce(apply, state);
  }
  expect(state).toMatchObject({ ended: 'budget', best: { generation: 0 } });
  expect(state.trials.map(({ status }) => status)).toEqual(Array(5).fill('out'));
  // twice the budget's ten segments for each of five members, of which one had a result
  expect(lostCount).toBe(99);
});
