import { describe, expect, it } from 'vitest';
import {
  flag,
  integerFrom,
  oneOf,
  parseOptions,
  positive,
  probability,
  type Rules,
} from '../../src/samplers/options.js';

interface Options {
  count: number;
  chance: number;
  width: number;
  kind: 'a' | 'b';
  isOn: boolean;
  extra?: number | undefined;
}

const rules: Rules<Options> = {
  count: integerFrom(2),
  chance: probability(0.5),
  width: positive(1),
  kind: oneOf(['a', 'b'], 'a'),
  isOn: flag(false),
  extra: { ...integerFrom(0), optional: true },
};
const parse = (given: unknown) => parseOptions<Options>('tpe', rules, given);

describe('parseOptions', () => {
  it('fills in defaults', () => {
    expect(parse({ count: 3 })).toEqual({ count: 3, chance: 0.5, width: 1, kind: 'a', isOn: false, extra: undefined });
    const all = { count: 2, chance: 0, width: 2, kind: 'b', isOn: true, extra: 0 };
    expect(parse(all)).toEqual(all);
  });

  it.each([
    [undefined, 'SAMPLERS_OPTION_MISSING', 'tpe must have the option count (an integer of at least 2)'],
    [{}, 'SAMPLERS_OPTION_MISSING', 'count'],
    [[], 'SAMPLERS_OPTIONS_NOT_AN_OBJECT', 'The options of tpe must be an object of options by name, not []'],
    [null, 'SAMPLERS_OPTIONS_NOT_AN_OBJECT', 'not null'],
    [{ count: 3, widht: 1 }, 'SAMPLERS_OPTION_UNKNOWN', 'Did you mean "width"?'],
    [{ count: 1 }, 'SAMPLERS_OPTION_INVALID', 'The option count of tpe must be an integer of at least 2, not 1.'],
    [{ count: 2.5 }, 'SAMPLERS_OPTION_INVALID', '2.5'],
    [{ count: '3' }, 'SAMPLERS_OPTION_INVALID', '"3"'],
    [{ count: 3, chance: 1.5 }, 'SAMPLERS_OPTION_INVALID', 'a number from 0 to 1'],
    [{ count: 3, chance: Number.NaN }, 'SAMPLERS_OPTION_INVALID', 'NaN'],
    [{ count: 3, width: 0 }, 'SAMPLERS_OPTION_INVALID', 'above 0'],
    [{ count: 3, width: Number.POSITIVE_INFINITY }, 'SAMPLERS_OPTION_INVALID', 'finite'],
    [{ count: 3, kind: 'c' }, 'SAMPLERS_OPTION_INVALID', 'one of a, b'],
    [{ count: 3, isOn: 1 }, 'SAMPLERS_OPTION_INVALID', 'true or false'],
    [{ count: 3, extra: -1 }, 'SAMPLERS_OPTION_INVALID', 'extra'],
  ])('refuses %j', (given, code, text) => {
    expect(() => parse(given)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });

  it('says that a sampler has no options', () => {
    expect(() => parseOptions('random', {}, { seed: 1 })).toThrow('random must be given no options, and "seed" was.');
  });
});
