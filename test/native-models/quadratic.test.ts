/** The example sweeps of the PBT paper's toy, decided on by the study and trained by arithmetic: without threads or TensorFlow. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import quadratic from '../../native-models/quadratic/model.js';
import { parseSpace } from '../../src/space/index.js';
import { apply, foldRecords, type PlannedSegment, plan, type StudySettings } from '../../src/study/index.js';
import { readSweep } from '../../src/tuner/sweep-file.js';
import { created } from '../support/simulate.js';

type Theta = readonly [number, number];

const quality = ([a, b]: Theta) => 1.2 - (a ** 2 + b ** 2);

function trained(theta: Theta, { fromStep, toStep, hyperparameters }: PlannedSegment): Theta {
  const after = (value: number, h: unknown) => value * (1 - 0.02 * Number(h)) ** (toStep - fromStep);
  return [after(theta[0], hyperparameters.h0), after(theta[1], hyperparameters.h1)];
}

/** The best Q that any member had at the end of a segment. */
function bestQuality(settings: StudySettings): number {
  const space = parseSpace(settings.space);
  let state = foldRecords([created(settings)]);
  let thetas: readonly Theta[] = [
    [0.9, 0.9],
    [0.9, 0.9],
  ];
  for (;;) {
    const next = plan(state, space, 0);
    if (next.kind === 'done') return state.best!.value;
    if (next.kind === 'record') {
      for (const record of next.records) {
        if (record.kind === 'decided') {
          const before = thetas;
          thetas = record.decisions.map((one) => before[one.kind === 'exploit' ? one.parent : one.trial]!);
        }
        state = apply(state, record);
      }
      continue;
    }
    const [segment] = next.segments as [PlannedSegment];
    const { trial, generation, fromStep, toStep } = segment;
    thetas = thetas.map((theta, index) => (index === trial ? trained(theta, segment) : theta));
    state = apply(state, {
      kind: 'segment',
      outcome: 'done',
      trial,
      generation,
      fromStep,
      toStep,
      seconds: 0.1,
      loss: 0,
      metrics: { valQuality: quality(thetas[trial]!) },
      state: { file: `trial-${trial}-generation-${generation}.state`, bytes: 64, sha256: '0'.repeat(64) },
    });
  }
}

async function example(name: string): Promise<StudySettings> {
  const path = fileURLToPath(new URL(`../../examples/${name}.yaml`, import.meta.url));
  const { earlier: _, ...settings } = (await readSweep(path)).settings;
  return { ...settings, space: quadratic.space } as StudySettings;
}

describe('the toy of the PBT paper', () => {
  it('is solved by two members that copy each other, for every seed', async () => {
    const settings = await example('quadratic-pbt');
    for (let seed = 0; seed < 20; seed++) expect(bestQuality({ ...settings, seed })).toBeGreaterThan(1.19);
  });

  it('is half solved by the same two alone', async () => {
    const settings = await example('quadratic-grid');
    expect(bestQuality(settings)).toBeCloseTo(1.2 - 0.9 ** 2 * (1 + 0.98 ** 400), 10);
    expect(bestQuality(settings)).toBeLessThan(0.5);
  });
});
