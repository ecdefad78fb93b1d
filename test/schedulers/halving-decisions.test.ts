/**
 * What Syne Tune's synchronous Hyperband and ASHA gave workers to do (`bench/quality/record-decisions/record_syne_tune_halving.py`), beside
 * what ours do with the same results.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { hyperbandBrackets } from '../../src/schedulers/brackets.js';
import type { FidelityScheduler } from '../../src/schedulers/fidelity.js';
import { hyperband } from '../../src/schedulers/hyperband.js';
import { Rung, type RungEntry, ranksAbove, rungSteps } from '../../src/schedulers/rungs.js';
import { successiveHalving } from '../../src/schedulers/successive-halving.js';

interface Options {
  readonly minSteps: number;
  readonly reduction: number;
  readonly maxSteps: number;
}

interface Recorded {
  readonly options: Options;
  readonly direction: 'maximize' | 'minimize';
  /** One call after another, each after the number of its numbers. */
  readonly calls: readonly (number | null)[];
}

/** A free worker got this trial, or a trial had this result (`null`: it failed), after which these were given up. */
type Call =
  | { readonly kind: 'ask'; readonly trial: number; readonly step: number }
  | {
      readonly kind: 'report';
      readonly trial: number;
      readonly step: number;
      readonly score: number | null;
      readonly givenUp: readonly number[];
    };

function casesOf<T>(name: string): readonly T[] {
  const url = new URL(`../fixtures/decisions/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

type Numbers = readonly [kind: 0 | 1, trial: number, step: number, value?: number | null, ...givenUp: number[]];

function callsOf({ calls, direction }: Recorded): Call[] {
  const found: Call[] = [];
  for (let at = 0; at < calls.length; at += 1 + calls[at]!) {
    const [kind, trial, step, value, ...givenUp] = calls.slice(at + 1, at + 1 + calls[at]!) as unknown as Numbers;
    const sign = direction === 'maximize' ? 1 : -1;
    const score = typeof value === 'number' ? sign * value : null;
    found.push(kind === 0 ? { kind: 'ask', trial, step } : { kind: 'report', trial, step, score, givenUp });
  }
  return found;
}

/** Asks and tells ours as the peer was, and compares every answer. */
function sameCalls(scheduler: FidelityScheduler, one: Recorded): { resumed: number; givenUp: number } {
  const run = scheduler.begin({ key: seedKey(1), maxSteps: one.options.maxSteps });
  const failed = new Set<number>();
  let [started, resumed, stopped] = [0, 0, 0];
  for (const call of callsOf(one)) {
    if (call.kind === 'ask') {
      const job = run.next(started);
      const trial = job.kind === 'start' ? started++ : job.kind === 'resume' ? job.trial : undefined;
      if (job.kind === 'resume') resumed++;
      expect({ trial, step: 'toStep' in job && job.toStep }).toEqual({ trial: call.trial, step: call.step });
      continue;
    }
    const { trial, step, score } = call;
    if (score === null) failed.add(trial);
    const verdicts = run.report({ trial, step, score });
    const stops = verdicts.filter(({ kind }) => kind === 'stop').map((verdict) => verdict.trial);
    // ours gives up a failed trial at once, Syne Tune with its rung
    const wanted = call.givenUp.filter((other) => !failed.has(other));
    expect(stops.filter((other) => !failed.has(other))).toEqual(wanted);
    stopped += wanted.length;
  }
  return { resumed, givenUp: stopped };
}

describe.each([
  ['syne-tune-successive-halving', successiveHalving],
  ['syne-tune-hyperband', hyperband],
])('%s: every job and every trial that is given up is the same', (name, make) => {
  it.each(casesOf<Recorded>(name).map((one, at) => [at, one.options, one.direction, one] as const))(
    '%d: %j, %s',
    (_at, { minSteps, reduction }, _direction, one) => {
      const { resumed, givenUp } = sameCalls(make({ minSteps, reduction }), one);
      expect(resumed).toBeGreaterThan(20);
      expect(givenUp).toBeGreaterThan(50);
    },
  );
});

describe("brackets beside Syne Tune's", () => {
  interface Rungs {
    readonly options: Options;
    /** By bracket and rung: trials, steps. */
    readonly rungs: readonly (readonly (readonly [number, number])[])[];
  }

  it.each(casesOf<Rungs>('syne-tune-rungs').map((one) => [one.options, one] as const))(
    '%j: as many trials begin, at the same steps; from there on Algorithm 1 rounds down, and Syne Tune up',
    ({ minSteps, reduction, maxSteps }, { rungs }) => {
      const ours = hyperbandBrackets(minSteps, reduction, maxSteps);
      expect(ours.map(({ steps }) => steps)).toEqual(rungs.map((bracket) => bracket.map(([, step]) => step)));
      expect(ours.map(({ trialCount }) => trialCount)).toEqual(rungs.map(([first]) => first![0]));
      for (const [at, { trialCount }] of ours.entries()) {
        for (const [rung, [theirs]] of rungs[at]!.entries()) {
          const own = Math.floor(trialCount / reduction ** rung);
          expect(theirs - own === 0 || theirs - own === 1).toBe(true);
        }
      }
    },
  );
});

describe("ASHA's promotions are Syne Tune's, which rounds up how many a rung promotes, where the paper rounds down", () => {
  it.each(casesOf<Recorded>('syne-tune-promotion').map((one, at) => [at, one.options, one] as const))(
    '%d: %j',
    (_at, { minSteps, reduction, maxSteps }, one) => {
      const steps = rungSteps(minSteps, reduction, maxSteps);
      const rungs = steps.slice(0, -1).map(() => ({ rung: new Rung(reduction), all: [] as RungEntry[] }));
      const promoted = rungs.map(() => new Set<number>());
      /** The best that was not promoted, and how many are better. */
      const bestOf = (at: number) => {
        const ranked = [...rungs[at]!.all].sort((a, b) => (ranksAbove(a, b) ? -1 : 1));
        const rank = ranked.findIndex(({ trial }) => !promoted[at]!.has(trial));
        return rank < 0 ? undefined : { trial: ranked[rank]!.trial, rank, size: ranked.length };
      };
      let [same, roundedUp] = [0, 0];
      for (const call of callsOf(one)) {
        if (call.kind === 'report') {
          const at = steps.indexOf(call.step);
          if (at === steps.length - 1) continue;
          const entry = { trial: call.trial, score: call.score! };
          rungs[at]!.rung.add(entry);
          rungs[at]!.all.push(entry);
          continue;
        }
        const from = steps.indexOf(call.step) - 1;
        const own = rungs.findLastIndex(({ rung }) => rung.promotable() !== undefined);
        if (own > from) throw new Error(`trial ${call.trial} was to wait for the rung of ${steps[own]} steps`);
        if (from < 0) continue;
        const best = bestOf(from)!;
        expect(call.trial).toBe(best.trial);
        if (own === from) {
          expect(rungs[own]!.rung.promotable()!.trial).toBe(call.trial);
          same++;
        } else {
          expect(best.rank).toBe(Math.floor(best.size / reduction));
          expect(best.rank).toBe(Math.ceil(best.size / reduction) - 1);
          roundedUp++;
        }
        rungs[from]!.rung.promote();
        promoted[from]!.add(call.trial);
      }
      expect(same).toBeGreaterThan(10);
      expect(roundedUp).toBeGreaterThan(0);
    },
  );
});
