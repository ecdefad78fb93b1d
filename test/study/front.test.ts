import { describe, expect, it } from 'vitest';
import { parseSpace } from '../../src/space/index.js';
import {
  apply,
  foldRecords,
  type Goals,
  keepsBounds,
  liveStates,
  type PlannedSegment,
  plan,
  type SegmentRecord,
  type StudySettings,
  type StudyState,
} from '../../src/study/index.js';
import { created, settings } from '../support/simulate.js';

const goals: Goals = {
  objective: { metric: 'speed', direction: 'maximize' },
  objectives: [
    { metric: 'speed', direction: 'maximize' },
    { metric: 'cost', direction: 'minimize' },
  ],
};

const random = (more: Partial<StudySettings> = {}) =>
  settings({
    ...goals,
    sampler: { name: 'nsga2', options: { population: 6 } },
    strategy: { kind: 'random', trials: 24, interval: 5, parallel: 3 },
    budget: { steps: 10 },
    space: { x: { float: [0, 1] }, y: { float: [0, 1] } },
    ...more,
  });

/** Fast is dear; y costs for nothing; what one has is known at the end only. */
function train({ trial, generation, fromStep, toStep, hyperparameters }: PlannedSegment): SegmentRecord {
  const [x, y] = [Number(hyperparameters.x), Number(hyperparameters.y)];
  const metrics = { speed: x + (10 - toStep), cost: x * x + y - (10 - toStep), noise: y };
  const state = { file: `trial-${trial}-generation-${generation}.state`, bytes: 1, sha256: '0'.repeat(64) };
  const record = { kind: 'segment', trial, generation, fromStep, toStep, seconds: 0.1 } as const;
  return { ...record, outcome: 'done', loss: 1, metrics, state };
}

function run(of: StudySettings, each: (state: StudyState) => void = () => {}): StudyState {
  const space = parseSpace(of.space);
  let state = foldRecords([created(of)]);
  while (state.ended === null) {
    const next = plan(state, space, 0);
    if (next.kind === 'done') break;
    const records = next.kind === 'record' ? next.records : next.segments.map(train);
    for (const record of records) {
      state = apply(state, record);
      each(state);
    }
  }
  return state;
}

describe('the front of several objectives', () => {
  it('has the complete trials that no other dominates, by their last results', () => {
    const { front, trials, best } = run(random());
    expect(front.length).toBeGreaterThan(1);
    const last = trials.map(({ segments }) => segments.at(-1)!.metrics);
    const isDominated = (own: Readonly<Record<string, number>>) =>
      last.some(
        ({ speed, cost }) => speed! >= own.speed! && cost! <= own.cost! && (speed! > own.speed! || cost! < own.cost!),
      );
    const expected = trials.filter((_, trial) => !isDominated(last[trial]!)).map(({ trial }) => trial);
    expect(front.map(({ trial }) => trial)).toEqual(expected);
    expect(best!.value).toBe(Math.max(...front.map(({ values }) => values.speed!)));
    expect(front.every(({ generation }) => generation === 1)).toBe(true);
  });

  it('keeps the states of its trials, and of no others that are over', () => {
    const state = run(random(), (at) => {
      for (const { state: kept } of at.front) expect(liveStates(at).has(kept.file)).toBe(true);
    });
    expect(liveStates(state).size).toBe(state.front.length);
  });

  it('has no trial whose outcomes break a bound', () => {
    const bounded = random({ outcomes: [{ metric: 'noise', atMost: 0.2 }] });
    const { front, trials } = run(bounded);
    expect(front.length).toBeGreaterThan(0);
    for (const { trial } of front) expect(trials[trial]!.segments.at(-1)!.metrics.noise).toBeLessThanOrEqual(0.2);
    // by Deb's rule the sampler learns to keep it
    const kept = (from: number, to: number) =>
      trials.slice(from, to).filter(({ segments }) => keepsBounds(bounded, segments.at(-1)!.metrics)).length;
    expect(kept(18, 24)).toBeGreaterThan(kept(0, 6));
  });

  it('ends a study once one of it reaches every target', () => {
    const [speed, cost] = goals.objectives!;
    const reached = run(
      random({
        objectives: [
          { ...speed!, target: 0.5 },
          { ...cost!, target: 0.6 },
        ],
      }),
    );
    expect(reached.ended).toBe('target');
    expect(reached.front.some(({ values }) => values.speed! >= 0.5 && values.cost! <= 0.6)).toBe(true);
    expect(
      run(
        random({
          objectives: [
            { ...speed!, target: 0.99 },
            { ...cost!, target: 0 },
          ],
        }),
      ).ended,
    ).toBe('budget');
  });
});

describe('bounds of outcomes of one objective', () => {
  const single = { objective: { metric: 'speed', direction: 'maximize', target: 0.5 } as const, objectives: undefined };
  const of = (atMost: number) => {
    const { objectives: _, ...rest } = random({ ...single, outcomes: [{ metric: 'noise', atMost }] } as object);
    return { ...rest, sampler: 'tpe' as const };
  };

  it('leave out what breaks them, for the best and the target', () => {
    const state = run(of(0.05));
    expect(state.best === null || state.trials[state.best.trial]!.segments[0]!.metrics.noise! <= 0.05).toBe(true);
    expect(run(of(1)).ended).toBe('target');
  });

  it('may be kept by nobody: the study has no best one, and has not failed', () => {
    expect(run(of(-1))).toMatchObject({ best: null, ended: 'budget' });
  });
});
