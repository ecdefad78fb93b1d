import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { parsePbtOptions } from '../../src/schedulers/index.js';
import { durationSeconds } from '../../src/tuner/sweep-duration.js';
import { readSweep } from '../../src/tuner/sweep-file.js';
import { defineSweep, type Sweep } from '../../src/tuner/sweep-schema.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs tuner sweeps '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function failure(sweep: string | object): Promise<TunerError> {
  const error = await readSweep(sweep as string | Sweep).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TunerError);
  return error as TunerError;
}

const small = {
  study: 'small',
  model: 'mlp',
  dataset: './rows.arrow',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  strategy: { random: { trials: 4 } },
  budget: { steps: 50 },
} as const satisfies Sweep;

const two = {
  objective: undefined,
  objectives: [
    { metric: 'valAccuracy', direction: 'maximize' },
    { metric: 'valLoss', direction: 'minimize' },
  ],
};

const yaml = `study: mnist-pbt
model: mlp                    # one of native-models/, or a path to a module
dataset: ./data/rows.arrow
objective: { metric: valAccuracy, direction: maximize, target: 0.99 }
space:
  learningRate: { float: [1e-4, 1.0], scale: log }
  momentum: { float: [0.5, 0.99] }
  hidden: { choice: [64, 128, 256] }
  bias: true
strategy: { pbt: { population: 8, interval: 125, quantile: 0.25, resample: 0.25, factors: [0.8, 1.2] } }
budget: { steps: 2500, wall: 30m }
seed: 7
`;

const settings = {
  study: 'mnist-pbt',
  model: 'mlp',
  objective: { metric: 'valAccuracy', direction: 'maximize', target: 0.99 },
  space: {
    learningRate: { float: [0.0001, 1], scale: 'log' },
    momentum: { float: [0.5, 0.99] },
    hidden: { choice: [64, 128, 256] },
    bias: true,
  },
  strategy: {
    kind: 'pbt',
    population: 8,
    interval: 125,
    quantile: 0.25,
    resample: 0.25,
    factors: [0.8, 1.2],
    burnIn: 0,
  },
  budget: { steps: 2500, wallSeconds: 1800 },
  seed: 7,
  training: { batchSize: 64, evaluationBatchSize: 500, compile: 'auto' },
};

describe('a sweep that is right', () => {
  it('is the same in YAML, JSON, TypeScript, JavaScript and as an object', async () => {
    const { parse } = await import('yaml');
    const object = parse(yaml) as Sweep;
    const json = JSON.stringify(object, undefined, '\t');
    const files = [
      write('a.yaml', yaml),
      write('a.yml', `\uFEFF${yaml.replaceAll('\n', '\r\n')}`),
      write('a.json', json),
      write('a.ts', `const sweep: object = ${json};\nexport default sweep;`),
      write('a.mjs', `export default ${json}`),
      write('a.cjs', `module.exports = ${json}`),
    ];
    for (const file of files) {
      const read = await readSweep(file);
      expect(read.settings, file).toEqual({ ...settings, dataset: join(folder, 'data/rows.arrow') });
      expect(read.baseDirectory).toBe(folder);
    }
    const read = await readSweep(defineSweep(object));
    expect(read).toEqual({
      settings: { ...settings, dataset: resolve('data/rows.arrow') },
      baseDirectory: process.cwd(),
    });
  });

  it('is JSON through and through, and nobody else’s to change', async () => {
    const space = { hidden: { choice: [1, 2] } };
    const { settings: read } = await readSweep({ ...small, space });
    expect(JSON.parse(JSON.stringify(read))).toEqual(read);
    space.hidden.choice.push(3);
    expect(read.space).toEqual({ hidden: { choice: [1, 2] } });
  });

  it('has defaults for all that it leaves out', async () => {
    const { settings: read } = await readSweep(small);
    expect(read).toEqual({
      study: 'small',
      model: 'mlp',
      dataset: resolve('rows.arrow'),
      objective: { metric: 'valAccuracy', direction: 'maximize' },
      strategy: { kind: 'random', trials: 4, interval: 3 },
      budget: { steps: 50 },
      seed: 0,
      training: { batchSize: 64, evaluationBatchSize: 500, compile: 'auto' },
    });
  });

  it('has the defaults of PBT that the scheduler has', async () => {
    const given = { population: 5, interval: 7 };
    const { settings: read } = await readSweep({ ...small, strategy: { pbt: given } });
    expect(read.strategy).toEqual({ kind: 'pbt', ...parsePbtOptions(given) });
  });

  it.each([
    [1, 1],
    [19, 1],
    [20, 1],
    [21, 2],
    [2500, 125],
  ])('of %i steps has an interval of %i', async (steps, interval) => {
    const { settings: read } = await readSweep({ ...small, budget: { steps } });
    expect(read.strategy.interval).toBe(interval);
  });

  it('may have a last segment that is shorter', async () => {
    const strategy = { random: { trials: 1, interval: 7 } };
    expect((await readSweep({ ...small, strategy, budget: { steps: 10 } })).settings.strategy.interval).toBe(7);
  });

  it.each([
    ['mnist-pbt.yaml', 'mnist-pbt'],
    ['my first sweep.yaml', 'my-first-sweep'],
    ['.hidden.v2.yaml', 'hidden.v2'],
    ['größe.yaml', 'gr-e'],
  ])('in the file %s is called %s', async (file, study) => {
    const path = write(file, yaml.replace('study: mnist-pbt', ''));
    expect((await readSweep(path)).settings.study).toBe(study);
  });

  it.each([
    ['mlp', 'mlp'],
    ['./model.ts', 'model.ts'],
    ['models/mine', 'models/mine'],
    ['mine.js', 'mine.js'],
  ])('finds its model %s from its own folder', async (model, expected) => {
    const path = write('deep/er/sweep.yaml', yaml.replace('model: mlp', `model: ${model}`));
    const { settings: read } = await readSweep(path);
    expect(read.model).toBe(model === 'mlp' ? 'mlp' : join(folder, 'deep/er', expected));
  });

  it('may describe its data set, with paths from its own folder', async () => {
    const dataset = '{ path: ../rows.csv, target: price, ignore: [id] }';
    const path = write('deep/sweep.yaml', yaml.replace('./data/rows.arrow', dataset));
    const { settings: read } = await readSweep(path);
    expect(read.dataset).toEqual({ path: join(folder, 'rows.csv'), target: 'price', ignore: ['id'] });
  });
});

describe('a strategy that decides trial by trial', () => {
  const read = async (change: object) =>
    (await readSweep({ ...small, budget: { steps: 270 }, ...change } as Sweep)).settings;

  it('has rungs from three decisions before the budget, and four places', async () => {
    expect((await read({ strategy: { asha: { trials: 9 } } })).strategy).toEqual({
      kind: 'asha',
      trials: 9,
      parallel: 4,
      options: { minSteps: 10, reduction: 3 },
    });
  });

  it('of Hyperband starts a round of all its brackets unless told otherwise', async () => {
    const { strategy } = await read({ strategy: { hyperband: { minSteps: 30 } } });
    // Algorithm 1 for R = 9: 9, 5 and 3 trials
    expect(strategy).toMatchObject({ kind: 'hyperband', trials: 17 });
  });

  it('of a rule that stops is asked every twentieth of the budget', async () => {
    const { strategy } = await read({ strategy: { median: { trials: 9, warmupSteps: 50 } } });
    expect(strategy).toMatchObject({ kind: 'median', options: { interval: 14, warmupSteps: 50 } });
  });

  it('is what random search is with a sampler that learns, or with a rule that stops', async () => {
    const strategy = { random: { trials: 9 } };
    expect((await read({ strategy })).strategy).not.toHaveProperty('parallel');
    expect((await read({ strategy, sampler: 'sobol' })).strategy).not.toHaveProperty('parallel');
    expect((await read({ strategy, sampler: 'tpe' })).strategy).toMatchObject({ parallel: 4 });
    expect((await read({ strategy, stop: { plateau: { trials: 2 } } })).strategy).toMatchObject({ parallel: 4 });
  });

  it('of a scheduler of one’s own is known by its module, from the sweep’s own folder', async () => {
    const own = { scheduler: './mine.ts', trials: 2, interval: 10 };
    const sweep = yaml.replace(/strategy: .*/, `strategy: ${JSON.stringify({ own })}`);
    const { settings } = await readSweep(write('deep/own-scheduler.yaml', sweep));
    expect(settings.strategy).toEqual({
      kind: 'own',
      trials: 2,
      parallel: 2,
      interval: 10,
      options: { scheduler: join(folder, 'deep/mine.ts') },
    });
  });

  it('keeps the options of its sampler', async () => {
    const { sampler } = await read({ sampler: { tpe: { startupTrials: 3 } } });
    expect(sampler).toEqual({ name: 'tpe', options: { startupTrials: 3 } });
  });
});

describe('a function that explores', () => {
  it('is known by its module, which is the sweep’s where it is there', async () => {
    const path = write('deep/own.yaml', yaml.replace('population: 8,', 'population: 8, explore: ./my-explore.ts,'));
    expect((await readSweep(path)).settings.strategy).toMatchObject({
      explore: { module: join(folder, 'deep/my-explore.ts') },
    });
    const sweep = `{ ...${JSON.stringify({ ...small, dataset: 'spirals' })}, strategy: { pbt: { population: 2, explore: ({ value }) => value } } }`;
    const file = write('own.mjs', `export default ${sweep}`);
    const read = await readSweep(file);
    expect(read.settings.strategy).toMatchObject({ explore: { module: file } });
    expect(read.explore).toBeTypeOf('function');
  });
});

describe('a sweep that is wrong', () => {
  it('is told everything at once, line by line', async () => {
    const path = write(
      'wrong.yaml',
      `study: "not a name!"
modl: mlp
dataset: mnits-10k
objective: { metric: valAccuracy, direction: maximise }
space:
  learningRate: { float: [1.0, 0.1], scale: log }
  hidden: { choce: [64] }
strategy:
  pbt:
    populaton: 8
    interval: "125"
    factors: [0.8, x]
budget:
  steps: 2.5
  wall: soon
seed: -1
`,
    );
    const { code, kind, message } = await failure(path);
    expect({ code, kind }).toEqual({ code: 'TUNER_SWEEP_INVALID', kind: 'input' });
    const lines = message.split('\n').map((line) => line.trim());
    expect(lines[0]).toBe(`the sweep ${path} must describe a study, and 14 things are wrong:`);
    const told = (start: string) =>
      lines.find((line) => line.startsWith(start)) ?? `nothing about ${start}: ${message}`;
    const numbers = lines.slice(1).map((line) => Number(/^line (\d+)/.exec(line)![1]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(told('line 1, column 1: study: ')).toMatch(/must be a name of 1 to 100 letters.*, not "not a name!"/);
    expect(told('line 2, column 1: modl: ')).toContain(
      'is no key that is known here. Did you mean "model"? Known: study',
    );
    expect(told('line 1, column 1: model: ')).toContain('and is missing');
    expect(told('line 3, column 1: dataset: ')).toContain('mnits-10k');
    expect(told('line 4, column 35: objective.direction: ')).toBe(
      'line 4, column 35: objective.direction: must be maximize or minimize, not "maximise". Did you mean "maximize"?',
    );
    expect(told('line 6, column 3: space.learningRate: ')).toMatch(/low <= high.*Swap the bounds/);
    expect(told('line 7, column 3: space.hidden: ')).toContain('Did you mean "choice"?');
    expect(told('line 10, column 5: strategy.pbt.populaton: ')).toContain('Did you mean "population"?');
    expect(told('line 9, column 3: strategy.pbt.population: ')).toContain(
      'must be an integer of at least 2, and is missing',
    );
    expect(told('line 11, column 5: strategy.pbt.interval: ')).toContain('not "125" (write it without quotes)');
    expect(told('line 12, column 20: strategy.pbt.factors.1: ')).toContain('must be a number above 0, not "x"');
    expect(told('line 14, column 3: budget.steps: ')).toContain('must be an integer of at least 1, in steps, not 2.5');
    expect(told('line 15, column 3: budget.wall: ')).toContain('such as 90s, 30m, 2h or 1h30m');
    expect(told('line 16, column 1: seed: ')).toContain('must be an integer from 0 to 2^53 - 1, not -1');
  });

  it.each<[string, object, RegExp]>([
    [
      'an unknown strategy',
      { strategy: { pbtt: { population: 8 } } },
      /strategy\.pbtt: is no strategy .*"pbt".*Known: pbt, pb2, random/,
    ],
    [
      'no strategy',
      { strategy: {} },
      /strategy: must have exactly one of pbt, pb2, random, replay, asha, successiveHalving, hyperband, bohb, pasha, median, percentile, patience, own, and has none/,
    ],
    [
      'two strategies',
      { strategy: { pbt: { population: 2 }, random: { trials: 1 } } },
      /exactly one.*has pbt and random/,
    ],
    [
      'a strategy by its name alone',
      { strategy: 'pbt' },
      /strategy: must be an object with the keys pbt, pb2, random, replay, asha, successiveHalving, hyperband, bohb, pasha, median, percentile, patience, own, not "pbt"/,
    ],
    [
      'a strategy with nothing in it',
      { strategy: { pbt: null } },
      /strategy\.pbt: must be an object with the keys population/,
    ],
    [
      'a population of one',
      { strategy: { pbt: { population: 1 } } },
      /population: must be an integer of at least 2, not 1/,
    ],
    ['a quantile of 0', { strategy: { pbt: { population: 2, quantile: 0 } } }, /quantile: must be .*, not 0/],
    ['a quantile of 0.6', { strategy: { pbt: { population: 2, quantile: 0.6 } } }, /quantile: must be .*, not 0\.6/],
    [
      'factors that change nothing',
      { strategy: { pbt: { population: 2, factors: [1, 1] } } },
      /factors: .*not all of them 1/,
    ],
    ['no factors', { strategy: { pbt: { population: 2, factors: [] } } }, /factors: .*not \[\]/],
    [
      'an interval above the budget',
      { strategy: { random: { trials: 1, interval: 51 } } },
      /interval: must be at most .*50, not 51/,
    ],
    [
      'minSteps above the budget',
      { strategy: { asha: { trials: 3, minSteps: 51 } } },
      /asha\.minSteps: must be at most the budget's steps, 50, not 51/,
    ],
    ['a sampler with a slip', { sampler: 'tpee' }, /sampler: must be one of random, .*not "tpee"\. Did you mean "tpe"/],
    ['two samplers', { sampler: { tpe: {}, gp: {} } }, /sampler: must have exactly one of .*has tpe and gp/],
    ["a sampler's unknown option", { sampler: { tpe: { startup: 3 } } }, /sampler\.tpe: .*startupTrials.*"startup"/],
    ["a sampler's option out of range", { sampler: { gp: { startupTrials: 0 } } }, /sampler\.gp: .*startupTrials.*0/],
    [
      'a population that should learn before there is a result',
      { strategy: { pbt: { population: 2 } }, sampler: 'tpe' },
      /sampler: must not learn from results.*use random, sobol/,
    ],
    [
      'a rule that ends a population',
      { strategy: { pbt: { population: 2 } }, stop: { plateau: { trials: 3 } } },
      /stop\.plateau\.trials: must be generations here/,
    ],
    [
      'a rule of trials that end one by one for a population',
      { strategy: { pbt: { population: 2 } }, stop: { regret: { threshold: 1 } } },
      /stop\.regret: is for strategies whose trials end one by one/,
    ],
    ['a plateau of generations without a population', { stop: { plateau: { generations: 3 } } }, /must be trials here/],
    ['a plateau of nothing', { stop: { plateau: {} } }, /stop\.plateau\.trials: .* is missing/],
    [
      'a rule that ends a replay',
      { strategy: { replay: { study: 'a' } }, stop: { plateau: { trials: 3 } } },
      /stop: is for strategies that search/,
    ],
    [
      'bounds of outcomes for a population',
      { strategy: { pbt: { population: 2 } }, outcomes: [{ metric: 'valLoss', atMost: 1 }] },
      /outcomes: is for trials that are decided on one by one/,
    ],
    [
      'several objectives of a population',
      { ...two, strategy: { pbt: { population: 2 } } },
      /strategy\.pbt: compares trials by one objective/,
    ],
    [
      'several objectives of a scheduler',
      { ...two, strategy: { hyperband: {} } },
      /strategy\.hyperband: compares trials by one objective, and there are 2/,
    ],
    ['several objectives of a sampler of one', { ...two, sampler: 'cmaEs' }, /cmaEs learns from one objective/],
    [
      'an explore that is no path',
      { strategy: { pbt: { population: 2, explore: 'pertub' } } },
      /explore: must be perturb/,
    ],
    ['no trials', { strategy: { random: { trials: 0 } } }, /trials: must be an integer of at least 1, not 0/],
    [
      'a target that is no number',
      { objective: { metric: 'a', direction: 'minimize', target: Number.NaN } },
      /target: .*NaN/,
    ],
    [
      'an unnamed metric',
      { objective: { metric: '', direction: 'minimize' } },
      /metric: must be the name of a metric.*not ""/,
    ],
    ['a space that is a list', { space: [1] }, /space: must be an object of parameters by name, not \[1\]/],
    ['a huge seed', { seed: 2 ** 53 }, /seed: must be an integer from 0/],
    ['no data set', { dataset: undefined }, /dataset: must be a data set, and is missing/],
    ['a wrong data set', { dataset: { path: 'a.csv', target: 3 } }, /dataset: .*target/],
    ['an unknown compilation', { training: { compile: 'sometimes' } }, /compile: must be auto or always or never/],
    ['no name', { study: undefined }, /study: must be a name, and is missing/],
    ['a name that is a path', { study: '../up' }, /study: must be a name.*not "\.\.\/up"/],
    ['a wall time of 0', { budget: { steps: 50, wall: 0 } }, /wall: must be a time above 0.*not 0/],
  ])('says what %s should be', async (_, change, expected) => {
    const { message } = await failure({ ...small, ...change });
    expect(message).toMatch(expected);
    expect(message.split('\n')).toHaveLength(2);
  });

  it.each([
    ['nothing', '', 'must be an object with the keys study, model'],
    ['a list', '- a\n- b\n', 'must be an object'],
    ['a word', 'hello\n', 'not "hello"'],
  ])('says that %s is no sweep', async (_, text, expected) => {
    expect((await failure(write('odd.yaml', text))).message).toContain(expected);
  });

  it.each([
    ['a.yaml', 'study: a\nmodel: [1, 2\nseed: 1\n', 'YAML', 'line 3, column 1'],
    ['b.yaml', 'study: a\nstudy: b\n', 'YAML', 'line 2, column 1: Map keys must be unique'],
    ['c.yaml', 'study: a\n---\nstudy: b\n', 'YAML', 'line 2, column 1'],
    ['d.yaml', 'study: !secret a\n', 'YAML', 'line 1, column 8: Unresolved tag'],
    ['e.json', '{\n  "study": "a",,\n}', 'JSON', 'line 2, column 16'],
  ])('says where the syntax of %s is wrong', async (name, text, language, place) => {
    const { code, message } = await failure(write(name, text));
    expect(code).toBe('TUNER_SWEEP_SYNTAX');
    expect(message).toContain(`must be valid ${language}`);
    expect(message).toContain(place);
  });

  it('does not grow without bounds', async () => {
    const levels = 'abcdefghijkl'
      .split('')
      .map((name, i, all) => `${name}: &${name} [${`*${all[i - 1]},`.repeat(i && 9)}1]`);
    expect((await failure(write('bomb.yaml', levels.join('\n')))).code).toBe('TUNER_SWEEP_SYNTAX');
  });

  it('says that it is missing, of no known kind, a folder, or not to be loaded', async () => {
    write('present.yaml', yaml);
    const missing = await failure(join(folder, 'presnt.yaml'));
    expect(missing.code).toBe('TUNER_SWEEP_MISSING');
    expect(missing.message).toContain('Did you mean "present.yaml"?');
    expect((await failure(join(folder, 'none/at/all.yaml'))).code).toBe('TUNER_SWEEP_MISSING');
    expect((await failure(write('sweep.toml', ''))).code).toBe('TUNER_SWEEP_KIND');
    mkdirSync(join(folder, 'dir.yaml'), { recursive: true });
    expect((await failure(join(folder, 'dir.yaml'))).code).toBe('TUNER_SWEEP_UNREADABLE');
    expect((await failure(write('throws.mjs', 'throw new Error("no")'))).code).toBe('MODULES_FAILED');
    expect((await failure(write('none.mjs', 'export const a = 1'))).code).toBe('MODULES_NO_DEFAULT');
  });

  it('never fails in any other way, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ a: fc.anything(), key: fc.constantFrom(...Object.keys(small), 'space', 'training') }),
        async ({ a, key }) => {
          const error = await readSweep({ ...small, [key]: a } as Sweep).catch((thrown: unknown) => thrown);
          if (error instanceof Error) expect(error).toBeInstanceOf(TunerError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a duration', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['1h30m', 5400],
    ['1h 30m 5s', 5405],
    ['1.5h', 5400],
    ['1d', 86_400],
    [45, 45],
    [0.5, 0.5],
  ])('of %s is %d seconds', (given, seconds) => expect(durationSeconds(given)).toBe(seconds));

  it.each([
    '',
    '30',
    'm',
    '30 minutes',
    '-1s',
    '0s',
    '1m2h',
    '1s1s',
    'NaN',
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('is not %s', (given) => expect(durationSeconds(given)).toBeUndefined());
});
