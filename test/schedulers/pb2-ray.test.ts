/** What PB2 computes beside what Ray Tune's own functions do (`bench/quality/record-decisions/record_ray_pb2.py`). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultKappa } from '../../src/schedulers/pb2.js';
import { improvementsOf, rangeOf, rateOf, standardise } from '../../src/schedulers/pb2-data.js';
import { type Place, TimeVaryingGaussianProcess } from '../../src/schedulers/pb2-gp.js';
import type { HistoryEntry } from '../../src/schedulers/scheduler.js';

interface Scaled {
  readonly values: readonly number[];
  readonly standardised: readonly number[];
  readonly normalised: readonly number[];
  readonly new: number;
  readonly newNormalised: number;
}

interface Process {
  /** Variances of the results and of their noise; the kernel is variance × exp(-d² / lengthscale) × (1 - epsilon)^(gap / 2). */
  readonly shape: Readonly<Record<'variance' | 'lengthscale' | 'epsilon' | 'noise', number>>;
  /** Rows of time and three coordinates. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly at: readonly (readonly number[])[];
  readonly pending: readonly (readonly number[])[];
  /** Of `at` with `x`. */
  readonly correlations: readonly (readonly number[])[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly pendingDeviations: readonly number[];
  readonly logLikelihood: number;
}

interface Changes {
  readonly segments: readonly Omit<HistoryEntry, 'toStep'>[];
  /** What the model was fitted to; Ray's time is the end of a segment. */
  readonly rows: readonly { time: number; before: number; hyperparameters: readonly number[]; rate: number }[];
}

const url = new URL('../fixtures/decisions/ray-pb2.json', import.meta.url);
const [recorded] = JSON.parse(readFileSync(url, 'utf8')).cases as [
  {
    readonly kappas: readonly { n: number; kappa: number }[];
    readonly scaled: readonly Scaled[];
    readonly processes: readonly Process[];
    readonly changes: readonly Changes[];
  },
];

/** To this many digits after the point; 1e-8 is added to Ray's deviations and ranges, so that none is 0. */
const digits = 7;

function expectAll(ours: readonly number[], rays: readonly number[], places = digits): void {
  expect(ours).toHaveLength(rays.length);
  for (const [at, value] of rays.entries()) expect(ours[at]).toBeCloseTo(value, places);
}

const placeOf = ([t, ...x]: readonly number[]): Place => ({ t: t!, x });

/** Ray's process in our parameters: its exponent has l in place of 2 l², and its noise is no multiple of the variance. */
function processOf({ shape, x, y }: Process): TimeVaryingGaussianProcess {
  const { variance, lengthscale, epsilon, noise } = shape;
  const logLength = Math.log(lengthscale / 2) / 2;
  return new TimeVaryingGaussianProcess(x.map(placeOf), y, {
    logLength,
    omega: epsilon,
    logNoise: Math.log(noise / variance),
  });
}

describe("PB2's numbers are Ray Tune's", () => {
  it.each(recorded.kappas)('what uncertainty is worth after $n results', ({ n, kappa }) => {
    expect(defaultKappa(n)).toBeCloseTo(kappa, 12);
  });

  it.each(recorded.scaled)('standardised results, and scores in their range', (one) => {
    // relative to a spread of 1e-4, the 1e-8 that Ray adds is 1e-4
    const places = Math.max(...one.values) - Math.min(...one.values) < 0.01 ? 3 : digits;
    expectAll(standardise(one.values), one.standardised, places);
    const { low, width } = rangeOf(one.values);
    expectAll(
      one.values.map((value) => (value - low) / width),
      one.normalised,
      places,
    );
    expect((one.new - low) / width / one.newNormalised).toBeCloseTo(1, places);
  });

  it.each(recorded.processes)('the kernel, and what a process of lengthscale $shape.lengthscale predicts', (one) => {
    const process = processOf(one);
    for (const [i, row] of one.at.entries()) {
      expectAll([...process.correlations(placeOf(row))], one.correlations[i]!, 12);
      const { mean, deviation } = process.predictorAt(row[0]!)(row.slice(1));
      expect(mean).toBeCloseTo(one.means[i]!, digits);
      expect(deviation).toBeCloseTo(one.deviations[i]!, digits);
    }
    expect(process.logLikelihood).toBeCloseTo(one.logLikelihood, digits);
  });

  it.each(recorded.processes)('how sure it is beside what is pending', (one) => {
    const process = processOf(one);
    for (const row of one.pending) process.addPending(placeOf(row));
    const deviations = one.at.map(([t, ...x]) => process.predictorAt(t!)(x).deviation);
    expectAll(deviations, one.pendingDeviations);
    expect(deviations.every((deviation, i) => deviation < one.deviations[i]!)).toBe(true);
  });

  it.each(recorded.processes)('finds at least as likely a process', (one) => {
    const fitted = new TimeVaryingGaussianProcess(one.x.map(placeOf), one.y);
    expect(fitted.logLikelihood).toBeGreaterThanOrEqual(one.logLikelihood);
  });

  it.each(recorded.changes)('improvements, of copies over what they are copies of', ({ segments, rows }) => {
    const history = segments.map((segment): HistoryEntry => ({ ...segment, toStep: segment.fromStep + 10 }));
    const ours = improvementsOf(history, 200).map((entry) => {
      const { toStep: time, before, hyperparameters } = entry;
      return { time, before, hyperparameters: Object.values(hyperparameters) as number[], rate: rateOf(entry) };
    });
    const flat = (list: Changes['rows']) =>
      list.map(({ time, before, hyperparameters, rate }) => [time, ...hyperparameters, before, rate]);
    const byPlace = (a: readonly number[], b: readonly number[]) => a[0]! - b[0]! || a[1]! - b[1]!;
    expectAll(flat(ours).sort(byPlace).flat(), flat(rows).sort(byPlace).flat(), 12);
  });
});
