import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/samplers/index.js';
import { parseSpace } from '../../../src/space/index.js';
import { importanceOf } from '../../../src/study/importance/importance.js';
import { createStudy, type Hyperparameters, randomSampler, type SpaceDefinition } from '../../../src/study/public.js';

interface Fixture {
  readonly space: SpaceDefinition;
  readonly direction: 'minimize' | 'maximize';
  readonly trials: readonly { readonly hyperparameters: Hyperparameters; readonly value: number }[];
  readonly pedAnova: Readonly<Record<string, number>>;
  readonly fanova: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
  readonly shapley: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
}

const folder = new URL('../../fixtures/importance/', import.meta.url);
const fixtures = readdirSync(folder).map((file): [string, Fixture] => {
  return [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))];
});

const code = (wanted: string) => expect.objectContaining({ code: wanted });

function observations({ trials, direction }: Pick<Fixture, 'trials' | 'direction'>): Observation[] {
  return trials.map(({ hyperparameters, value }, trial) => ({
    trial,
    hyperparameters,
    status: 'complete',
    losses: [direction === 'maximize' ? -value : value],
    violations: [],
    reports: [],
    note: null,
  }));
}

/** Of the parameters in `names` alone, made to sum to 1: Optuna's forests leave conditional parameters out. */
function among(importance: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  const total = names.reduce((sum, name) => sum + importance[name]!, 0);
  return Object.fromEntries(names.map((name) => [name, importance[name]! / total]));
}

describe.each(fixtures)("on Optuna's trials of %s", (_, fixture) => {
  const space = parseSpace(fixture.space);

  it('PED-ANOVA is the same', () => {
    const ours = importanceOf(space, observations(fixture), 1, {});
    expect(Object.keys(ours).sort()).toEqual(Object.keys(fixture.pedAnova).sort());
    for (const [name, wanted] of Object.entries(fixture.pedAnova)) expect(ours[name]).toBeCloseTo(wanted, 6);
  });

  it.each(['fanova', 'shapley'] as const)('%s is within 0.05', (method) => {
    const names = Object.keys(fixture[method]);
    for (const seed of method === 'fanova' ? [1, 2] : [1]) {
      const ours = among(importanceOf(space, observations(fixture), seed, { method }), names);
      for (const name of names) expect(Math.abs(ours[name]! - fixture[method][name]!.mean)).toBeLessThan(0.05);
    }
  });
});

describe.each(['ped-anova', 'fanova', 'shapley'] as const)('%s', (method) => {
  it('finds what matters, and sums to 1', async () => {
    const study = createStudy({
      space: {
        much: { float: [0, 1] },
        little: { float: [0, 1] },
        none: { choice: ['a', 'b', 'c'] },
        one: { int: [3, 3] },
        fixed: 7,
      },
      sampler: randomSampler(),
    });
    await study.optimize(({ hyperparameters: { much, little } }) => 10 * much + little, { trials: 100 });
    const importance = study.importance({ method });
    expect(Object.keys(importance).sort()).toEqual(['little', 'much', 'none', 'one']);
    expect(Object.keys(importance)[0]).toBe('much');
    expect(importance.much).toBeGreaterThan(0.8);
    expect(importance.one).toBe(0);
    expect(Object.values(importance).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 10);
    expect(study.importance({ method })).toEqual(importance);
  });

  it('judges a conditional parameter where it is active', async () => {
    const study = createStudy({
      space: {
        kind: { choice: ['plain', 'deep'] },
        depth: { float: [0, 1], when: { kind: 'deep' } },
        idle: { float: [0, 1], when: { kind: 'plain' } },
      },
      sampler: randomSampler(),
    });
    await study.optimize(({ hyperparameters }) => 5 * Number((hyperparameters as Hyperparameters).depth ?? 0.5), {
      trials: 150,
    });
    const { depth, idle } = study.importance({ method }) as Record<string, number>;
    expect(depth).toBeGreaterThan(3 * idle!);
  });

  it('says that all matter alike where nothing does', () => {
    const trials = [0.1, 0.5, 0.9].map((a) => ({ hyperparameters: { a, b: 1 - a }, value: 3 }));
    const space = parseSpace({ a: { float: [0, 1] }, b: { float: [0, 1] } });
    expect(importanceOf(space, observations({ trials, direction: 'minimize' }), 1, { method })).toEqual({
      a: 0.5,
      b: 0.5,
    });
  });

  it('leaves out what failed and what is infinite', () => {
    const study = createStudy({ space: { a: { float: [0, 1] }, b: { float: [0, 1] } }, sampler: randomSampler() });
    for (const value of ['failed', Number.POSITIVE_INFINITY, 1, Number.NaN] as const) study.tell(study.ask(), value);
    expect(() => study.importance({ method })).toThrow(code('STUDY_IMPORTANCE_NOTHING'));
    study.tell(study.ask(), 2);
    expect(Object.keys(study.importance({ method }))).toHaveLength(2);
  });
});

describe('several objectives', () => {
  it('are judged one by one, or by the front', async () => {
    const study = createStudy({
      space: { a: { float: [0, 1] }, b: { float: [0, 1] }, c: { float: [0, 1] } },
      directions: ['minimize', 'maximize'],
      sampler: randomSampler(),
    });
    await study.optimize(({ hyperparameters: { a, b, c } }) => [a + 5 * c, b - 5 * c], { trials: 120 });
    expect(Object.keys(study.importance())[0]).toBe('c');
    expect(study.importance({ method: 'fanova', objective: 0 }).b).toBeLessThan(0.05);
    expect(study.importance({ method: 'fanova', objective: 1 }).a).toBeLessThan(0.05);
    for (const method of ['fanova', 'shapley'] as const) {
      expect(() => study.importance({ method })).toThrow(code('STUDY_OPTION_INVALID'));
    }
  });
});

describe('the measure of a logarithmic range', () => {
  it('is its values, as in Optuna, or its own scale, as in the paper', () => {
    const space = parseSpace({ rate: { float: [1e-6, 1], scale: 'log' }, other: { float: [0, 1] } });
    const trials = Array.from({ length: 200 }, (_, at) => {
      const [unit, other] = [(at % 20) / 20, Math.floor(at / 20) / 10];
      return { hyperparameters: { rate: 10 ** (6 * unit - 6), other }, value: (unit > 0.5 ? 1 : 0) + 0.5 * other };
    });
    const list = observations({ trials, direction: 'minimize' });
    const byValues = importanceOf(space, list, 1, { method: 'fanova' });
    const byPrior = importanceOf(space, list, 1, { method: 'fanova', measure: 'prior' });
    // below 1e-3 lies a thousandth of the values, but half of the prior
    expect(byValues.rate).toBeLessThan(0.1);
    expect(byPrior.rate).toBeGreaterThan(0.8);
  });
});

describe('options', () => {
  const study = createStudy({ space: { a: { float: [0, 1] } } });
  for (const value of [1, 2]) study.tell(study.ask(), value);
  it.each([
    { method: 'mdi' },
    { objective: 1 },
    { objective: -1 },
    { quantile: 0 },
    { quantile: 1 },
    { measure: 'log' },
  ])('%j', (options) => {
    expect(() => study.importance(options as never)).toThrow(code('STUDY_OPTION_INVALID'));
  });
  it('are known by name', () => {
    expect(() => study.importance({ quantil: 0.1 } as never)).toThrow('Did you mean "quantile"?');
  });
});
