import { describe, expect, it } from 'vitest';
import { digest, type StudySettings } from '../../src/study/index.js';
import { settings, simulate } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';

const long = (more: Partial<StudySettings> = {}) =>
  settings({ budget: { steps: 400 }, stop: { plateau: { generations: 3, minDelta: 0.02 } }, ...more });

/** What is waited after each score since the last that was above all before by more than 0.02. */
function waited(scores: readonly number[]): number[] {
  let best = Number.NEGATIVE_INFINITY;
  let since = 0;
  return scores.map((score) => {
    if (score > best + 0.02) [best, since] = [score, 0];
    else since++;
    return since;
  });
}

describe('a plateau of a population', () => {
  it('ends it after so many generations without a better score', () => {
    const { state } = simulate(long());
    expect(state.ended).toBe('plateau');
    const generations = state.trials[0]!.segments.length;
    expect(generations).toBeLessThan(40);
    const scores = Array.from({ length: generations }, (_, at) =>
      state.trials.flatMap(({ segments }) => segments[at]?.score ?? []),
    );
    const waits = waited(scores.map((generation) => Math.max(...generation)));
    expect(waits.at(-1)).toBe(3);
    expect(Math.max(...waits.slice(0, -1))).toBeLessThan(3);
  });

  it('does not end one that gets better, or without the rule', () => {
    expect(simulate(long({ stop: { plateau: { generations: 40 } } })).state.ended).toBe('budget');
    const { stop: _, ...without } = long();
    expect(simulate(without).state.ended).toBe('budget');
  });

  it('is the same after a process was killed', () => {
    const whole = simulate(long()).state;
    expect(digest(simulate(long(), { stopAfter: [20, 50], order: 3 }).state)).toBe(digest(whole));
  });

  it('of an asynchronous population counts as many results a generation as it has members', () => {
    const { strategy } = settings();
    const of = long({ strategy: { ...strategy, asynchronous: true } as StudySettings['strategy'] });
    const { state } = simulateWorkers(of, { count: 3 });
    expect(state.ended).toBe('plateau');
    const scores = state.history.items.map(({ score }) => score);
    const waits = waited(scores);
    expect(waits.at(-1)).toBe(3 * 6);
    expect(Math.max(...waits.slice(0, -1))).toBeLessThan(3 * 6);
    expect(digest(simulateWorkers(of, { count: 1 }).state)).toBe(digest(state));
  });
});
