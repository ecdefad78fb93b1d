import { describe, expect, it } from 'vitest';
import { objectiveCandidate, readObjectiveSweep } from '../../../src/tuner/objective/read-sweep.js';
import { objectSource } from '../../../src/tuner/sweep-source.js';

const sweep = {
  study: 'one',
  model: './objective.js',
  objective: { metric: 'loss', direction: 'minimize' },
  strategy: { random: { trials: 3 } },
};
const goal = { metric: 'loss', direction: 'minimize' };
const other = { metric: 'speed', direction: 'maximize' };
const several = { objective: undefined, objectives: [goal, other] };
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

  it('takes several objectives, for NSGA-II unless it says otherwise', () => {
    const settings = read(several);
    expect(settings).toMatchObject({ objective: goal, objectives: [goal, other], sampler: { kind: 'nsga2' } });
    expect(read({ ...several, sampler: 'tpe' })).toMatchObject({ sampler: { kind: 'tpe' } });
  });

  it('takes bounds of outcomes, rules that end it, and a budget of all steps', () => {
    const given = {
      outcomes: [{ metric: 'latency', atMost: 5 }],
      stop: { plateau: { trials: 9 }, regret: { threshold: 0.1 } },
      budget: { totalSteps: 100 },
    };
    expect(read(given)).toMatchObject({ outcomes: given.outcomes, stop: given.stop, totalSteps: 100 });
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
    ['no objective', { objective: undefined }, /objective: must be an object with the keys .*, and is missing/],
    ['an objective and several', { objectives: [goal, other] }, /objectives: must stand in place of objective/],
    [
      'one objective of several',
      { ...several, objectives: [goal] },
      /objectives: must be a list of at least 2 objectives/,
    ],
    ['the same twice', { ...several, objectives: [goal, goal] }, /objectives\.1\.metric: must be another than/],
    [
      'an unknown key of one',
      { ...several, objectives: [goal, { ...other, goal: 1 }] },
      /objectives\.1\.goal: is no key .* Known: metric/,
    ],
    [
      'several with a scheduler',
      { ...several, strategy: { asha: { trials: 3 } }, budget: { steps: 9 } },
      /strategy\.asha: compares trials by one objective, and there are 2/,
    ],
    ['several with a sampler of one', { ...several, sampler: 'gp' }, /sampler: gp learns from one objective/],
    ['several with regret', { ...several, stop: { regret: { threshold: 1 } } }, /stop\.regret: is for one objective/],
    [
      'two outcomes of one metric',
      {
        outcomes: [
          { metric: 'a', atMost: 1 },
          { metric: 'a', atLeast: 0 },
        ],
      },
      /outcomes\.1\.metric: must be another than that of outcome 1/,
    ],
    ['an outcome without a bound', { outcomes: [{ metric: 'a' }] }, /outcomes\.0: must have atMost or atLeast/],
    [
      'an outcome of nothing',
      { outcomes: [{ metric: 'a', atMost: 1, atLeast: 2 }] },
      /outcomes\.0: must leave values of a/,
    ],
    ['a timeout of nothing', { timeout: '0s' }, /timeout/],
  ])('names %s', (_, part, expected) => expect(problemsOf(part)).toMatch(expected));
});
