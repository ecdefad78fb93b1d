import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { boolean, choice, float, int, parseSpace } from '../../src/space/index.js';
import { anyDefinition } from './arbitraries.js';

describe('parseSpace', () => {
  it('fills in every default', () => {
    const always = { conditions: [], default: null };
    expect(
      parseSpace({
        rate: { float: [1e-4, 1], scale: 'log' },
        dropout: { float: [0, 0.5], step: 0.05, structural: true },
        units: { int: [1, 512] },
        layers: { int: [1, 10], step: 3, scale: 'log', structural: false },
        act: { choice: ['relu', 1, true], structural: false },
        bias: { boolean: true },
        size: { ordinal: ['small', 'large'] },
        batchSize: 64,
        optimizer: 'adam',
      }).parameters,
    ).toEqual([
      { ...always, kind: 'float', name: 'rate', structural: false, low: 1e-4, high: 1, scale: 'log', grid: null },
      {
        ...always,
        kind: 'float',
        name: 'dropout',
        structural: true,
        low: 0,
        high: 0.5,
        scale: 'linear',
        grid: { step: 0.05, count: 11, digits: 2 },
      },
      {
        ...always,
        kind: 'int',
        name: 'units',
        structural: true,
        low: 1,
        high: 512,
        scale: 'linear',
        grid: { step: 1, count: 512, digits: 0 },
      },
      {
        ...always,
        kind: 'int',
        name: 'layers',
        structural: false,
        low: 1,
        high: 10,
        scale: 'log',
        grid: { step: 3, count: 4, digits: 0 },
      },
      { ...always, kind: 'choice', name: 'act', structural: false, items: ['relu', 1, true], ordered: false },
      { ...always, kind: 'choice', name: 'bias', structural: true, items: [false, true], ordered: false },
      { ...always, kind: 'choice', name: 'size', structural: true, items: ['small', 'large'], ordered: true },
      { ...always, kind: 'fixed', name: 'batchSize', structural: true, value: 64 },
      { ...always, kind: 'fixed', name: 'optimizer', structural: true, value: 'adam' },
    ]);
  });

  it('reads conditions, defaults, and fixed values that have a condition', () => {
    const { parameters } = parseSpace({
      opt: { choice: ['sgd', 'adam', 'rmsprop'], default: 'sgd' },
      nesterov: { boolean: true, when: { opt: ['sgd', 'rmsprop'] }, default: false },
      momentum: { float: [0, 1], step: 0.1, when: { opt: 'sgd', nesterov: true }, default: -0 },
      beta: { fixed: 0.9, when: { opt: 'adam' } },
    });
    expect(parameters.map((one) => [one.name, one.conditions, one.default])).toEqual([
      ['opt', [], 'sgd'],
      ['nesterov', [{ parent: 'opt', values: ['sgd', 'rmsprop'] }], false],
      [
        'momentum',
        [
          { parent: 'opt', values: ['sgd'] },
          { parent: 'nesterov', values: [true] },
        ],
        0,
      ],
      ['beta', [{ parent: 'opt', values: ['adam'] }], null],
    ]);
    expect(parameters[3]).toMatchObject({ kind: 'fixed', value: 0.9, structural: true });
  });

  it('keeps the definition as it was written', () => {
    const definition = { rate: float(0, 1), hidden: 64 };
    expect(parseSpace(definition).definition).toEqual({ rate: { float: [0, 1] }, hidden: 64 });
  });

  it('reads what builders make and what JSON brings alike', () => {
    const built = {
      a: float(0, 1, { step: 0.1 }),
      b: int(1, 9),
      c: choice(['x', 2]),
      d: boolean({ structural: false }),
    };
    expect(parseSpace(JSON.parse(JSON.stringify(built))).parameters).toEqual(parseSpace(built).parameters);
  });

  it('parses every definition that is valid to something plain', () => {
    fc.assert(
      fc.property(anyDefinition(), (definition) => {
        const [parsed] = parseSpace({ p: definition }).parameters;
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
      }),
    );
  });

  it('allows a space without parameters, and a range of one value whatever its step', () => {
    expect(parseSpace({}).parameters).toEqual([]);
    const points = { a: { float: [2, 2], step: 5 }, b: { int: [3, 3], scale: 'log' }, c: { int: [3, 3], step: 7 } };
    expect(
      parseSpace(points).parameters.map((p) => p.kind !== 'choice' && p.kind !== 'fixed' && p.grid?.count),
    ).toEqual([1, 1, 1]);
  });

  it('treats an option that is undefined as left out', () => {
    expect(
      parseSpace({ p: { float: [0, 1], step: undefined, scale: undefined, structural: undefined } }),
    ).toMatchObject({
      parameters: [{ grid: null, scale: 'linear', structural: false }],
    });
  });

  it('turns -0 into 0, as JSON does', () => {
    const { parameters } = parseSpace({ a: -0, b: { float: [-0, 1] }, c: { choice: [-0, 1] } });
    expect(parameters).toMatchObject([{ value: 0 }, { low: 0 }, { items: [0, 1] }]);
  });

  const refused: [definition: unknown, code: string, text: string][] = [
    [null, 'SPACE_NOT_AN_OBJECT', 'not null'],
    [[{ float: [0, 1] }], 'SPACE_NOT_AN_OBJECT', 'not [{"float":[0,1]}]'],
    ['rate', 'SPACE_NOT_AN_OBJECT', 'not "rate"'],
    [undefined, 'SPACE_NOT_AN_OBJECT', 'not undefined'],
    [{ '': 1 }, 'SPACE_BAD_NAME', 'one is ""'],
    [{ ' ': 1 }, 'SPACE_BAD_NAME', 'one is " "'],
    [JSON.parse('{"__proto__": 1}'), 'SPACE_BAD_NAME', '__proto__'],
    [{ p: null }, 'SPACE_NOT_A_PARAMETER', '"p"'],
    [{ p: [1, 2] }, 'SPACE_NOT_A_PARAMETER', 'not [1,2]'],
    [{ p: Number.NaN }, 'SPACE_BAD_NUMBER', 'not NaN'],
    [{ p: Number.POSITIVE_INFINITY }, 'SPACE_BAD_NUMBER', 'not Infinity'],
    [{ p: {} }, 'SPACE_KIND_UNCLEAR', 'no keys'],
    [{ p: { flot: [0, 1] } }, 'SPACE_KIND_UNCLEAR', 'Did you mean "float"?'],
    [{ p: { float: [0, 1], int: [0, 1] } }, 'SPACE_KIND_UNCLEAR', 'it has float, int'],
    [{ p: { float: [0, 1], scales: 'log' } }, 'SPACE_UNKNOWN_KEY', 'Did you mean "scale"?'],
    [{ p: { choice: [1], step: 1 } }, 'SPACE_UNKNOWN_KEY', 'not "step"'],
    [{ p: { float: 3 } }, 'SPACE_BAD_BOUNDS', 'not 3'],
    [{ p: { float: [1] } }, 'SPACE_BAD_BOUNDS', 'not [1]'],
    [{ p: { float: [1, 2, 3] } }, 'SPACE_BAD_BOUNDS', 'not [1,2,3]'],
    [{ p: { float: ['1e-4', 1] } }, 'SPACE_BAD_BOUNDS', 'not ["1e-4",1]'],
    [{ p: { float: [0, Number.NaN] } }, 'SPACE_BAD_BOUNDS', 'not [0,"NaN"]'],
    [{ p: { float: [0, Number.POSITIVE_INFINITY] } }, 'SPACE_BAD_BOUNDS', 'Infinity'],
    [{ p: { int: [0.5, 2] } }, 'SPACE_BAD_BOUNDS', 'two integers'],
    [{ p: { int: [0, 2 ** 53] } }, 'SPACE_BAD_BOUNDS', 'not [0,9007199254740992]'],
    [{ p: { float: [1, 0] } }, 'SPACE_EMPTY_RANGE', '1 is above 0'],
    [{ p: { float: [-1e308, 1e308] } }, 'SPACE_RANGE_TOO_WIDE', '-1e+308 to 1e+308'],
    [{ p: { int: [-(2 ** 53 - 1), 2 ** 53 - 1] } }, 'SPACE_RANGE_TOO_WIDE', 'wider'],
    [{ p: { float: [0, 1], scale: 'logarithmic' } }, 'SPACE_BAD_SCALE', 'not "logarithmic"'],
    [{ p: { float: [0, 1], scale: 'Log' } }, 'SPACE_BAD_SCALE', 'Did you mean "log"?'],
    [{ p: { float: [0, 1], scale: 'log' } }, 'SPACE_LOG_OF_ZERO', 'low is 0'],
    [{ p: { int: [-4, 1], scale: 'log' } }, 'SPACE_LOG_OF_ZERO', 'low is -4'],
    [{ p: { float: [0, 1], step: 0 } }, 'SPACE_BAD_STEP', 'not 0'],
    [{ p: { float: [0, 1], step: -0.1 } }, 'SPACE_BAD_STEP', 'not -0.1'],
    [{ p: { float: [0, 1], step: Number.NaN } }, 'SPACE_BAD_STEP', 'not NaN'],
    [{ p: { float: [0, 1], step: '0.1' } }, 'SPACE_BAD_STEP', 'not "0.1"'],
    [{ p: { int: [0, 9], step: 1.5 } }, 'SPACE_BAD_STEP', 'an integer of at least 1'],
    [{ p: { float: [0, 1], step: 1.5 } }, 'SPACE_STEP_TOO_LARGE', '1.5'],
    [{ p: { int: [0, 9], step: 10 } }, 'SPACE_STEP_TOO_LARGE', '10'],
    [{ p: { float: [1e15, 1e15 + 10], step: 0.1 } }, 'SPACE_STEP_TOO_SMALL', '0.1'],
    [{ p: { choice: 3 } }, 'SPACE_BAD_CHOICE', 'not 3'],
    [{ p: { choice: [] } }, 'SPACE_BAD_CHOICE', 'not []'],
    [{ p: { choice: [1, null] } }, 'SPACE_BAD_ITEM', 'not null'],
    [{ p: { choice: [1, Number.NaN] } }, 'SPACE_BAD_ITEM', 'not NaN'],
    [{ p: { choice: [[1, 2]] } }, 'SPACE_BAD_ITEM', 'not [1,2]'],
    [{ p: { choice: ['a', 'b', 'a'] } }, 'SPACE_DUPLICATE_ITEM', '"a" is there again'],
    [{ p: { choice: [0, -0] } }, 'SPACE_DUPLICATE_ITEM', '0 is there again'],
    [{ p: { boolean: false } }, 'SPACE_BAD_BOOLEAN', 'not false'],
    [{ p: { ordinal: [] } }, 'SPACE_BAD_CHOICE', 'as ordinal'],
    [{ p: { fixed: [1] } }, 'SPACE_BAD_FIXED', 'not [1]'],
    [{ p: { fixed: Number.NaN } }, 'SPACE_BAD_NUMBER', 'not NaN'],
    [{ p: { fixed: 1, structural: false } }, 'SPACE_UNKNOWN_KEY', 'not "structural"'],
    [{ p: { int: [1, 4], default: 5 } }, 'SPACE_BAD_DEFAULT', 'an integer from 1 to 4, not 5'],
    [{ p: { choice: [1, 2], default: null } }, 'SPACE_BAD_DEFAULT', 'one of 1, 2, not null'],
    [{ p: { float: [0, 1], structural: 'yes' } }, 'SPACE_BAD_STRUCTURAL', 'not "yes"'],
  ];

  it.each(refused)('refuses %j: %s', (definition, code, text) => {
    const error = thrownBy(() => parseSpace(definition));
    expect(error).toMatchObject({ code, kind: 'input' });
    expect(error.message).toContain(text);
    expect(error.todo).not.toBe('');
    // whatever is wrong with a parameter, its name is in the message
    if (!/NOT_AN_OBJECT|BAD_NAME/.test(code)) expect(error.message).toContain('"p"');
  });

  it('says anything it refuses readably, however odd', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const odd of [cyclic, { float: [1n, 2] }, () => 1, Symbol('s'), 1n, { choice: 'x'.repeat(1000) }]) {
      const error = thrownBy(() => parseSpace({ p: odd }));
      expect(error.message.length).toBeLessThan(300);
    }
  });

  it('either parses or throws an error of its own, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          parseSpace({ p: json, ...(typeof json === 'object' ? json : {}) });
        } catch (error) {
          expect(error).toBeInstanceOf(TunerError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function thrownBy(run: () => unknown): TunerError {
  try {
    run();
  } catch (error) {
    if (error instanceof TunerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
