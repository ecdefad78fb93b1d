import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { asha } from '../../src/schedulers/asha.js';
import { medianStopping } from '../../src/schedulers/median-stopping.js';
import { type PatienceOptions, patience } from '../../src/schedulers/patience.js';
import { itIsAFidelityScheduler } from './fidelity-contract.js';

/** The step at which a trial with these scores is stopped; `undefined` if it is not. */
function stopsAt(options: PatienceOptions, scores: readonly number[]): number | undefined {
  const run = patience(options).begin({ key: seedKey(1), maxSteps: 100 });
  run.next(0);
  const at = scores.findIndex((score, index) => run.report({ trial: 0, step: index + 1, score })[0]!.kind === 'stop');
  return at === -1 ? undefined : at + 1;
}

describe('patience', () => {
  itIsAFidelityScheduler(() => patience({ reports: 3, minDelta: 0.01 }));

  describe('around median stopping', () => {
    itIsAFidelityScheduler(() => patience({ reports: 2, wrapped: medianStopping({ startupTrials: 1 }) }));
  });

  it.each<[PatienceOptions, number[], number | undefined]>([
    [{ reports: 2 }, [1, 2, 3, 4, 5], undefined],
    [{ reports: 2 }, [1, 2, 2, 2], 4], // an equal result is no improvement
    [{ reports: 2 }, [1, 2, 1, 3, 2, 2], 6],
    [{ reports: 1 }, [1, 1], 2],
    [{ reports: 3 }, [5, 4, 3, 2], 4],
    [{ reports: 2, minDelta: 0.5 }, [1, 1.4, 1.5], 3], // 0.5 above the best is not more than 0.5 above it
    [{ reports: 2, minDelta: 0.5 }, [1, 1.4, 1.6, 1.7, 1.8], 5],
    [{ reports: 2 }, [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0], 5],
    [{ reports: 2 }, [Number.POSITIVE_INFINITY, 1, 2], 3],
  ])('%j with %j stops at %s', (options, scores, expected) => {
    expect(stopsAt(options, scores)).toBe(expected);
  });

  it('stops only when the scheduler it wraps would, which sees every report', () => {
    const wrapped = medianStopping({ startupTrials: 0, over: 'values' });
    const run = patience({ reports: 2, wrapped }).begin({ key: seedKey(1), maxSteps: 5 });
    const train = (trial: number, scores: readonly number[]) => {
      run.next(trial);
      return scores.map((score, at) => run.report({ trial, step: at + 1, score })[0]!.kind);
    };
    expect(train(0, [3, 3, 3, 3, 3]).at(-1)).toBe('complete'); // no median to be below of
    expect(train(1, [1, 2, 3, 2, 2])).not.toContain('stop'); // no improvement, but as good as the median
    expect(train(2, [1, 2, 1, 1])).toEqual(['continue', 'continue', 'continue', 'stop']);
  });

  it('wraps the stopping variant of ASHA', () => {
    const wrapped = asha({ variant: 'stopping' });
    expect(wrapped.pauses).toBe(false);
    itStops(patience({ reports: 1, wrapped }).begin({ key: seedKey(1), maxSteps: 9 }));
  });

  function itStops(run: ReturnType<ReturnType<typeof patience>['begin']>): void {
    for (const trial of [0, 1]) run.next(trial);
    expect(run.report({ trial: 0, step: 1, score: 2 })[0]!.kind).toBe('continue');
    // stopped by ASHA, but its first report is its best
    expect(run.report({ trial: 1, step: 1, score: 1 })[0]).toEqual({ kind: 'continue', trial: 1, toStep: 2 });
    expect(run.report({ trial: 0, step: 3, score: 2 })[0]!.kind).toBe('continue');
    expect(run.report({ trial: 1, step: 3, score: 1 })[0]!.kind).toBe('stop');
  }
});
