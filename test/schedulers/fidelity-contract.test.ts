import { describe, expect, it } from 'vitest';
import type { FidelityScheduler, Verdict } from '../../src/schedulers/fidelity.js';
import { fifo } from '../../src/schedulers/fifo.js';
import { fidelityContract } from '../../src/testing/scheduler-contract.js';

/** How often a scheduler with moods was asked: what it decides depends on it. */
let moods = 0;

describe('the contract of multi-fidelity schedulers', () => {
  /** FIFO, with one answer changed. */
  const broken = (
    answer: (verdict: Verdict, calls: number) => readonly Verdict[],
    more: Partial<FidelityScheduler> = {},
  ) => {
    const make = (): FidelityScheduler => ({
      ...fifo({ interval: 5 }),
      begin: (context) => {
        const run = fifo({ interval: 5 }).begin(context);
        let calls = 0;
        return { next: (trial) => run.next(trial), report: (report) => answer(run.report(report)[0]!, calls++) };
      },
      ...more,
    });
    return fidelityContract(make, { longest: 100 }).flatMap(({ name, run }) => {
      try {
        run();
        return [];
      } catch (error) {
        return [`${name}: ${(error as Error).message}`];
      }
    });
  };

  it('has nothing against a scheduler that is right', () => {
    expect(broken((verdict) => [verdict])).toEqual([]);
  });

  it.each<[string, (verdict: Verdict, calls: number) => readonly Verdict[], string]>([
    ['no verdict', () => [], 'must be answered by a verdict'],
    ['two verdicts', (verdict) => [verdict, verdict], 'by trial number'],
    ['a verdict for a trial that runs', (verdict) => [verdict, { ...verdict, trial: 1e6 }], 'only paused ones'],
    ['completion before the end', ({ trial }) => [{ kind: 'complete', trial }], 'before its full budget'],
    ['an unannounced pause', ({ trial }) => [{ kind: 'pause', trial }], 'must not be paused'],
    ['a target behind', ({ trial }) => [{ kind: 'continue', trial, toStep: 1 }], 'must train until a whole step above'],
    ['a target past the end', ({ trial }) => [{ kind: 'continue', trial, toStep: 1e6 }], 'at most 27'],
    ['going on without a score', ({ trial }) => [{ kind: 'stop', trial, reason: '' }], 'with a reason'],
    [
      'its mood',
      (verdict) => [moods++ % 3 === 0 ? verdict : { kind: 'stop', trial: verdict.trial, reason: 'why not' }],
      'must be',
    ],
  ])('finds %s', (_, answer, message) => {
    expect(broken(answer).join('\n')).toContain(message);
  });
});
