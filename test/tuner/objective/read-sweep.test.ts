import { describe, expect, it } from 'vitest';
import { objectiveCandidate, readObjectiveSweep } from '../../../src/tuner/objective/read-sweep.js';
import { objectSource } from '../../../src/tuner/sweep-source.js';

const sweep = {
  study: 'one',
  model: './objective.js',
  objective: { metric: 'loss', direction: 'minimize' },
  strategy: { random: { trials: 3 } },
};
const read = (part: object) => readObjectiveSweep(objectSource({ ...sweep, ...part }));
const problemsOf = (part: object): string => {
  try {
    read(part);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a sweep of an objective function', () => {
  it('is one with a module and without a data set', () => {
    const candidate = (part: object) => objectiveCandidate(objectSource({ ...sweep, ...part }));
    expect(candidate({})).toBe(`${process.cwd()}/objective.js`);
    expect(candidate({ dataset: 'spirals' })).toBeNull();
    expect(candidate({ model: 'mlp' })).toBeNull();
    expect(candidate({ model: './model.json' })).toBeNull();
  });

  it('has defaults', () => {
    expect(read({})).toMatchObject({
      sampler: { kind: 'tpe', options: {} },
      strategy: { kind: 'random', options: {} },
      trials: 3,
      parallel: 4,
      seed: 0,
    });
  });

  it('takes samplers and schedulers with options, and times', () => {
    const given = {
      sampler: { gp: { startupTrials: 5 } },
      strategy: { asha: { trials: 9, reduction: 4 } },
      budget: { steps: 27, wall: '1m' },
      timeout: '90s',
    };
    expect(read(given)).toMatchObject({
      sampler: { kind: 'gp' },
      strategy: { kind: 'asha', options: { reduction: 4 } },
      steps: 27,
      wallSeconds: 60,
      timeoutSeconds: 90,
    });
  });

  it.each<[string, object, RegExp]>([
    ['an unknown strategy', { strategy: { ahsa: { trials: 3 } } }, /no strategy that is known here.*asha/],
    ['two strategies', { strategy: { random: { trials: 3 }, asha: { trials: 3 } } }, /must have exactly one of/],
    ['no trials', { strategy: { random: {} } }, /trials: must be an integer of at least 1, and is missing/],
    ['an unknown sampler', { sampler: 'tpee' }, /sampler/],
    ['a wrong option', { budget: { steps: 9 }, strategy: { asha: { trials: 3, reduction: 1 } } }, /strategy\.asha/],
    ['a scheduler without steps', { strategy: { median: { trials: 3 } } }, /budget: must have the steps/],
    ['a parameter that is none', { space: { x: { flaot: [0, 1] } } }, /space\.x/],
    ['an unknown key', { population: 3 }, /population: is no key/],
    ['a timeout of nothing', { timeout: '0s' }, /timeout/],
  ])('names %s', (_, part, expected) => expect(problemsOf(part)).toMatch(expected));
});
