import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GridOptions, gridSampler, gridSize } from '../../src/samplers/grid.js';
import {
  activeOnly,
  firstBroken,
  type Hyperparameters,
  type Parameter,
  parseSpace,
  type Space,
  type Value,
} from '../../src/space/index.js';
import { SimulatedStudy } from '../../src/testing/simulated-study.js';
import { input, itIsASampler } from './sampler-contract.js';

const points = (space: Space, count: number, options?: GridOptions, seed = 7): Hyperparameters[] => {
  const study = new SimulatedStudy(gridSampler(options), space, seed);
  study.run(count);
  return study.history.map(({ hyperparameters }) => hyperparameters);
};
const texts = (all: readonly Hyperparameters[]) => all.map((one) => JSON.stringify(one));

function valuesOf(parameter: Parameter): readonly Value[] {
  if (parameter.kind === 'fixed') return [parameter.value];
  if (parameter.kind === 'choice') return parameter.items;
  return Array.from({ length: parameter.grid!.count }, (_, i) => parameter.low + i * parameter.grid!.step);
}

/** Every point of a small space, by listing all values of all parameters. */
function everyPoint(space: Space): string[] {
  const all = space.parameters.reduce<Hyperparameters[]>(
    (before, parameter) =>
      before.flatMap((values) => valuesOf(parameter).map((value) => ({ ...values, [parameter.name]: value }))),
    [{}],
  );
  const active = all
    .map((values) => activeOnly(space, values))
    .filter((values) => firstBroken(space, values) === undefined);
  return [...new Set(texts(active))].sort();
}

const conditional = parseSpace(
  {
    optimizer: { choice: ['sgd', 'adam', 'none'] },
    nesterov: { boolean: true, when: { optimizer: 'sgd' } },
    damping: { int: [0, 2], when: { nesterov: true } },
    layers: { int: [1, 3] },
    units2: { int: [8, 24], step: 8, when: { layers: [2, 3] } },
    units3: { int: [8, 24], step: 8, when: { layers: 3 } },
    seed: 1,
  },
  { constraints: ['units3 <= units2', 'damping < layers'] },
);

describe('grid search', () => {
  itIsASampler(() => gridSampler({ points: 5 }), { objectives: 'several', mayRefuse: 'SAMPLERS_GRID_TOO_LARGE' });

  it('goes through every point of a conditional space under its constraints once, then starts over', () => {
    const expected = everyPoint(conditional);
    expect(gridSize(conditional)).toBe(expected.length);
    const twice = texts(points(conditional, 2 * expected.length));
    expect(twice.slice(0, expected.length).sort()).toEqual(expected);
    expect(twice.slice(expected.length)).toEqual(twice.slice(0, expected.length));
  });

  it('lists no point twice in any space of choices and conditions', () => {
    const parameters = fc.array(
      fc.record({ items: fc.integer({ min: 1, max: 4 }), parent: fc.nat(3), value: fc.nat(3), isChild: fc.boolean() }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(parameters, (all) => {
        const definition = all.map(({ items, parent, value, isChild }, at) => {
          const choice = Array.from({ length: items }, (_, item) => item);
          const of = parent % Math.max(1, at);
          const when = isChild && at > 0 && value < all[of]!.items ? { when: { [`p${of}`]: value } } : {};
          return [`p${at}`, { choice, ...when }];
        });
        const space = parseSpace(Object.fromEntries(definition));
        const expected = everyPoint(space);
        expect(gridSize(space)).toBe(expected.length);
        expect(texts(points(space, expected.length)).sort()).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('goes in order without shuffle, the last parameter fastest', () => {
    const space = parseSpace({ a: { choice: ['x', 'y'] }, b: { float: [0, 1], step: 0.5 } });
    expect(points(space, 7, { shuffle: false }).map(({ a, b }) => `${a}${b}`)).toEqual(
      ['x0', 'x0.5', 'x1', 'y0', 'y0.5', 'y1', 'x0'], //
    );
  });

  it('shuffles by the study’s key', () => {
    const space = parseSpace({ n: { int: [1, 50] } });
    const order = (seed: number) => points(space, 50, {}, seed).map(({ n }) => n);
    expect(order(1)).not.toEqual(order(2));
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(1).toSorted((a, b) => Number(a) - Number(b)));
  });

  it('spaces floats evenly on their scale, both bounds included', () => {
    const space = parseSpace({ rate: { float: [1e-4, 1], scale: 'log' } });
    const rates = points(space, 5, { points: 5, shuffle: false }).map(({ rate }) => Number(rate));
    for (const [at, expected] of [1e-4, 1e-3, 1e-2, 1e-1, 1].entries()) expect(rates[at]).toBeCloseTo(expected, 12);
    expect(points(parseSpace({ x: { float: [2, 4] } }), 1, { points: 1 })).toEqual([{ x: 3 }]);
  });

  it('thins by name what has a step', () => {
    const space = parseSpace({ n: { int: [1, 1000], scale: 'log' }, x: { float: [0, 1] } });
    const all = points(space, 8, { points: { n: 4, x: 2 }, shuffle: false });
    expect(all.map(({ n, x }) => [n, x])).toEqual([1, 10, 100, 1000].flatMap((n) => [0, 1].map((x) => [n, x])));
    const few = parseSpace({ n: { int: [1, 3], scale: 'log' } });
    expect([gridSize(few, { points: { n: 2 } }), gridSize(few, { points: { n: 9 } })]).toEqual([2, 3]);
  });

  it('lists nothing: a grid of 10^15 points is ready at once', () => {
    const space = parseSpace(Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`n${i}`, { int: [0, 9] }])));
    expect(gridSize(space)).toBe(1e15);
    expect(new Set(texts(points(space, 100))).size).toBe(100);
  });

  it('uses up no point for a trial that others proposed, and none twice for parallel ones', () => {
    const space = parseSpace({ n: { int: [1, 6] } });
    const study = new SimulatedStudy(gridSampler(), space, 7);
    const enqueued = { hyperparameters: { n: 1 }, losses: [], violations: [], reports: [], note: null };
    study.add({ trial: 0, status: 'running', ...enqueued });
    study.ask();
    study.add({ trial: 2, status: 'running', ...enqueued });
    for (let asked = 1; asked < 6; asked++) study.ask();
    const own = study.history.filter(({ note }) => note !== null).map(({ hyperparameters }) => hyperparameters.n);
    expect(own.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives the n-th trial the n-th point, also where no history is known', () => {
    const inOrder = points(conditional, 20);
    const alone = [0, 7, 19].map((trial) => gridSampler().propose(input(conditional, trial)).hyperparameters);
    expect(alone).toEqual([inOrder[0], inOrder[7], inOrder[19]]);
  });

  it.each([
    [{ points: 0 }, 'SAMPLERS_OPTION_INVALID'],
    [{ points: { x: 1.5 } }, 'SAMPLERS_OPTION_INVALID'],
    [{ points: [3] }, 'SAMPLERS_OPTION_INVALID'],
    [{ shuffle: 'no' }, 'SAMPLERS_OPTION_INVALID'],
    [{ shufle: true }, 'SAMPLERS_OPTION_UNKNOWN'],
    [[], 'SAMPLERS_OPTIONS_NOT_AN_OBJECT'],
    [null, 'SAMPLERS_OPTIONS_NOT_AN_OBJECT'],
  ])('refuses %j', (options, code) => {
    expect(() => gridSampler(options as GridOptions)).toThrow(expect.objectContaining({ code }));
  });

  it('says what a space lacks for a grid', () => {
    const refusal = (space: Space, options?: GridOptions) => {
      try {
        gridSampler(options).propose(input(space, 0));
        return undefined;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    const floats = parseSpace({ x: { float: [0, 1] }, y: { float: [0, 1] } });
    expect(refusal(floats)).toBe('SAMPLERS_GRID_NEEDS_POINTS');
    expect(refusal(floats, { points: { x: 3 } })).toBe('SAMPLERS_GRID_NEEDS_POINTS');
    expect(refusal(floats, { points: { x: 3, y: 3, z: 3 } })).toBe('SAMPLERS_GRID_UNKNOWN_NAME');
    expect(refusal(floats, { points: 1e8 })).toBe('SAMPLERS_GRID_TOO_LARGE');
    const wideParent = { n: { int: [1, 1e6] }, x: { int: [1, 2], when: { n: 1 } } };
    expect(refusal(parseSpace(wideParent))).toBe('SAMPLERS_GRID_TOO_LARGE');
    const impossible = parseSpace({ a: { int: [0, 3] }, b: { int: [4, 7] } }, { constraints: ['a > b'] });
    expect(refusal(impossible)).toBe('SAMPLERS_GRID_EMPTY');
    const many = parseSpace({ a: { int: [0, 1e4] }, b: { int: [0, 1e4] } }, { constraints: ['a < b'] });
    expect(() => gridSize(many)).toThrow(expect.objectContaining({ code: 'SAMPLERS_GRID_TOO_LARGE' }));
  });
});
