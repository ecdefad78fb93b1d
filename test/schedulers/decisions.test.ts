/** Decisions that peers made on recorded histories (`bench/quality/record-decisions`), made again by ours. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { asha } from '../../src/schedulers/asha.js';
import { bracketShares, hyperbandBrackets } from '../../src/schedulers/brackets.js';
import type { FidelityScheduler } from '../../src/schedulers/fidelity.js';
import { medianStopping } from '../../src/schedulers/median-stopping.js';
import { patience } from '../../src/schedulers/patience.js';
import { percentileStopping } from '../../src/schedulers/percentile-stopping.js';
import { RungRule } from '../../src/schedulers/rung-rule.js';
import { rungSteps } from '../../src/schedulers/rungs.js';
import { isRankingStable, noiseOf } from '../../src/schedulers/soft-ranking.js';
import { stoppingScheduler } from '../../src/schedulers/stopping-run.js';

interface Recorded<O> {
  readonly options: O;
  readonly direction: 'maximize' | 'minimize';
  readonly maxSteps: number;
  /** Four numbers an event: trial, step, value, and 1 if the trial was stopped. */
  readonly events: readonly number[];
}

type Row = readonly [trial: number, step: number, value: number, stops: number];

function rowsOf({ events }: Recorded<unknown>): Row[] {
  return Array.from({ length: events.length / 4 }, (_, at) => events.slice(4 * at, 4 * at + 4) as unknown as Row);
}

function recorded<T>(name: string): readonly T[] {
  const url = new URL(`../fixtures/decisions/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

/** The events, with our decisions in the place of the peer's. */
function decideAgain(scheduler: FidelityScheduler, one: Recorded<unknown>): Row[] {
  const { direction, maxSteps } = one;
  const run = scheduler.begin({ key: seedKey(1), maxSteps });
  const started = new Set<number>();
  return rowsOf(one).map(([trial, step, value]) => {
    if (!started.has(trial)) run.next(trial);
    started.add(trial);
    const [verdict] = run.report({ trial, step, score: direction === 'maximize' ? value : -value });
    expect(verdict!.kind === 'complete').toBe(step === maxSteps);
    return [trial, step, value, verdict!.kind === 'stop' ? 1 : 0];
  });
}

function sameDecisions<O>(name: string, make: (options: O) => FidelityScheduler): void {
  it.each(recorded<Recorded<O>>(name).map((one) => [one.options, one.direction, one] as const))(
    '%j, %s',
    (options, _, one) => {
      expect(rowsOf(one).some(([, , , stops]) => stops === 1)).toBe(true);
      expect(decideAgain(make(options), one)).toEqual(rowsOf(one));
    },
  );
}

interface Percentile {
  readonly percentile: number;
  readonly startupTrials: number;
  readonly warmupSteps: number;
  readonly interval: number;
  readonly minTrials: number;
}

describe("decisions are Optuna's MedianPruner's and PercentilePruner's", () => {
  sameDecisions<Percentile>('optuna-percentile', ({ percentile, ...options }) =>
    percentile === 50 ? medianStopping({ ...options, over: 'values' }) : percentileStopping({ ...options, percentile }),
  );
});

describe("decisions are Optuna's SuccessiveHalvingPruner's", () => {
  interface Halving {
    readonly minSteps: number;
    readonly reduction: number;
    readonly skipped: number;
  }
  sameDecisions<Halving>('optuna-successive-halving', ({ minSteps, reduction, skipped }) => {
    if (skipped === 0) return asha({ variant: 'stopping', cutoff: 'rank', minSteps, reduction });
    return stoppingScheduler('one bracket of Hyperband', ({ maxSteps }) => {
      const steps = [rungSteps(minSteps, reduction, maxSteps, skipped)];
      return new RungRule('rank', reduction, { steps, bracketOf: () => 0 });
    });
  });
});

describe("decisions are Optuna's PatientPruner's, without ties", () => {
  const cases = recorded<Recorded<{ reports: number }>>('optuna-patient');
  const hasTies = (one: Recorded<unknown>) => new Set(rowsOf(one).map(([, , value]) => value)).size < 20;
  it.each(cases.filter((one) => !hasTies(one)).map((one) => [one.options, one] as const))('%j', (options, one) => {
    expect(decideAgain(patience(options), one)).toEqual(rowsOf(one));
  });

  it('where results tie, ours are never later: an equal result is no improvement', () => {
    for (const one of cases.filter(hasTies)) {
      const stops = new Map<number, number>();
      const run = patience(one.options).begin({ key: seedKey(1), maxSteps: one.maxSteps });
      for (const [trial, step, value, peerStops] of rowsOf(one)) {
        if (step === 1) run.next(trial);
        const score = one.direction === 'maximize' ? value : -value;
        if (!stops.has(trial) && run.report({ trial, step, score })[0]!.kind === 'stop') stops.set(trial, step);
        if (peerStops) expect(stops.get(trial)).toBeLessThanOrEqual(step);
      }
      expect(stops.size).toBeGreaterThan(0);
    }
  });
});

describe("decisions are Ray Tune's AsyncHyperBandScheduler's", () => {
  sameDecisions<{ minSteps: number; reduction: number }>('ray-asha', (options) =>
    asha({ ...options, variant: 'stopping' }),
  );
});

describe("decisions are Ray Tune's MedianStoppingRule's", () => {
  sameDecisions<{ warmupSteps: number; minTrials: number }>('ray-median', (options) =>
    medianStopping({ ...options, startupTrials: 0, among: 'all' }),
  );
});

describe("brackets are those of Optuna's HyperbandPruner", () => {
  interface Brackets {
    readonly options: { readonly minSteps: number; readonly maxSteps: number; readonly reduction: number };
    readonly firstRungs: readonly number[];
    readonly shares: readonly number[];
  }
  it.each(recorded<Brackets>('optuna-hyperband').map((one) => [one.options, one] as const))('%j', (options, one) => {
    const { minSteps, maxSteps, reduction } = options;
    expect(bracketShares(minSteps, reduction, maxSteps, 99)).toEqual(one.shares);
    expect(hyperbandBrackets(minSteps, reduction, maxSteps).map(({ trialCount }) => trialCount)).toEqual(one.shares);
    const first = one.shares.map((_, skipped) => rungSteps(minSteps, reduction, maxSteps * reduction, skipped)[0]);
    expect(first).toEqual(one.firstRungs);
  });
});

describe("PASHA's parts are Syne Tune's", () => {
  interface Noise {
    readonly after: number;
    readonly upTo: number;
    readonly curves: readonly (readonly number[])[];
    /** 0 where no trials criss-cross. */
    readonly epsilon: number;
  }
  it.each(recorded<Noise>('syne-tune-pasha-noise').map((one) => [one.epsilon, one] as const))(
    'noise of %d',
    (_, one) => {
      const curves = one.curves.map((curve) => new Map(curve.map((value, at) => [at + 1, value])));
      expect(noiseOf(curves, one.after, one.upTo) ?? 0).toBeCloseTo(one.epsilon, 12);
    },
  );

  interface Stability {
    readonly top: readonly number[];
    readonly below: readonly number[];
    readonly epsilon: number;
    readonly stable: boolean;
  }
  it('soft rankings', () => {
    const cases = recorded<Stability>('syne-tune-pasha-stability');
    expect(new Set(cases.map(({ stable }) => stable)).size).toBe(2);
    for (const { top, below, epsilon, stable } of cases) {
      const entries = top.map((score, trial) => ({ trial, score }));
      expect(isRankingStable(entries, new Map(below.map((score, trial) => [trial, score])), epsilon)).toBe(stable);
    }
  });
});
