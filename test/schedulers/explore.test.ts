import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import { type ExploreInput, explore, perturb } from '../../src/schedulers/explore.js';
import { contains, decode, type ParameterDefinition, parseSpace, type Value } from '../../src/space/index.js';
import { anyDefinition, discrete, parameter, unit } from '../space/arbitraries.js';
import { anyKey, everyKind, member } from './scheduler-contract.js';

describe('perturb', () => {
  const factor = () => fc.double({ min: 0.1, max: 10, noNaN: true }).filter((one) => one !== 1);

  it.each<[ParameterDefinition, Value, number, object]>([
    [{ float: [0, 1] }, 0.5, 1.2, { to: 0.6 }],
    [{ float: [0, 1] }, 0.5, 0.8, { to: 0.4 }],
    [{ float: [0, 1] }, 0.9, 1.2, { to: 1, atBound: true }],
    [{ float: [0, 1] }, 1, 1.2, { to: 1, atBound: true }],
    [{ float: [0.5, 1] }, 0.6, 0.8, { to: 0.5, atBound: true }],
    [{ float: [-1, 1] }, -0.5, 1.2, { to: -0.6 }],
    [{ float: [0, 0.5], step: 0.05 }, 0.3, 1.2, { to: 0.35 }],
    [{ float: [0, 0.5], step: 0.05 }, 0.1, 1.2, { to: 0.15 }], // 0.12 is nearest to 0.1 again
    [{ float: [0, 0.5], step: 0.05 }, 0, 1.2, { to: 0.05 }],
    [{ float: [0, 0.5], step: 0.05 }, 0, 0.8, { to: 0, atBound: true }],
    [{ int: [1, 10] }, 1, 1.2, { to: 2 }], // 1.2 rounds to 1 again
    [{ int: [1, 10] }, 2, 0.8, { to: 1 }], // 1.6 rounds to 2 again
    [{ int: [1, 10] }, 1, 0.8, { to: 1, atBound: true }],
    [{ int: [1, 10] }, 5, 1.2, { to: 6 }],
    [{ int: [1, 10] }, 9, 1.2, { to: 10, atBound: true }],
    [{ int: [1, 10], step: 4 }, 5, 1.2, { to: 9 }],
    [{ int: [1, 10], step: 4 }, 9, 1.05, { to: 9, atBound: true }], // 9.45 is in range, but the grid ends at 9
    [{ int: [-5, 5] }, -2, 1.2, { to: -3 }], // away from 0, as the factor says
    [{ int: [-5, 5] }, -2, 0.8, { to: -1 }],
    [{ int: [-5, 5] }, 0, 0.8, { to: -1 }],
    [{ choice: ['a', 'b', 'c'] }, 'b', 1.2, { to: 'c' }],
    [{ choice: ['a', 'b', 'c'] }, 'b', 0.8, { to: 'a' }],
    [{ choice: ['a', 'b', 'c'] }, 'a', 0.8, { to: 'a', atBound: true }],
    [{ choice: [64, 128] }, 128, 1.2, { to: 128, atBound: true }],
    [{ boolean: true }, false, 1.2, { to: true }],
    [{ float: [0, 1] }, 0.5, 1, { to: 0.5 }],
    [{ choice: ['a', 'b'] }, 'b', 1, { to: 'b' }],
  ])('moves in %j from %j by %d', (definition, value, by, expected) => {
    expect(perturb(parameter(definition), value, by)).toEqual({ how: 'perturbed', factor: by, ...expected });
  });

  it('cannot move a float of 0', () => {
    expect(perturb(parameter({ float: [0, 1] }), 0, 1.2)).toBeUndefined();
    expect(perturb(parameter({ float: [0, 1] }), Number.MIN_VALUE, 0.8)).toBeUndefined();
  });

  it('stays in the space, and never stays where it was but at a bound', () => {
    fc.assert(
      fc.property(anyDefinition(), unit(), factor(), (definition, at, by) => {
        const parsed = parameter(definition);
        const value = decode(parsed, at);
        const moved = perturb(parsed, value, by);
        if (moved === undefined) {
          expect(Math.abs((value as number) * by - (value as number))).toBeLessThan(1e-300);
          return;
        }
        expect(contains(parsed, moved.to)).toBe(true);
        if (moved.to === value) expect(moved.atBound).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('moves in the direction of the factor where values are positive, or in order', () => {
    fc.assert(
      fc.property(discrete(), unit(), factor(), (definition, at, by) => {
        const parsed = parameter(definition);
        const value = decode(parsed, at);
        fc.pre(parsed.kind === 'choice' || (typeof value === 'number' && value >= 0));
        const { to } = perturb(parsed, value, by)!;
        const place = (one: Value) => (parsed.kind === 'choice' ? parsed.items.indexOf(one) : (one as number));
        if (by > 1) expect(place(to)).toBeGreaterThanOrEqual(place(value));
        else expect(place(to)).toBeLessThanOrEqual(place(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('explore', () => {
  const [own, parent] = [member(0, 0, seedKey(1)), member(1, 1, seedKey(2))];
  const explored = (options: { resample: number; factors: number[] }, path = 0) =>
    explore(everyKind, foldIn(seedKey(7), path), options, own.hyperparameters, parent.hyperparameters);

  it('inherits structural and fixed hyperparameters unchanged', () => {
    fc.assert(
      fc.property(anyKey(), fc.double({ min: 0, max: 1, noNaN: true }), (key, resample) => {
        const options = { resample, factors: [0.8, 1.2] };
        const { hyperparameters } = explore(everyKind, key, options, own.hyperparameters, parent.hyperparameters);
        for (const { name, structural } of everyKind.parameters) {
          if (structural) expect(hyperparameters[name]).toBe(parent.hyperparameters[name]);
        }
      }),
    );
  });

  it('says of every change what the trial had, what its parent has, and what it goes on with', () => {
    const { hyperparameters, changes } = explored({ resample: 0.5, factors: [0.8, 1.2] });
    const byName = new Map(changes.map((change) => [change.name, change]));
    for (const { name, structural } of everyKind.parameters) {
      const change = byName.get(name);
      const [from, inherited] = [own.hyperparameters[name], parent.hyperparameters[name]];
      if (change) expect(change).toMatchObject({ from, inherited, to: hyperparameters[name] });
      else expect(hyperparameters[name]).toBe(from);
      expect(change?.how === 'inherited').toBe(structural && from !== inherited);
    }
    expect(changes.map(({ name }) => name)).toEqual(
      everyKind.parameters.map(({ name }) => name).filter((name) => byName.has(name)),
    );
  });

  it('only perturbs for a resample probability of 0, and only resamples for 1', () => {
    const mutable = everyKind.parameters.filter(({ structural }) => !structural).length;
    for (let path = 0; path < 50; path++) {
      const hows = (resample: number) => explored({ resample, factors: [1.5] }, path).changes.map(({ how }) => how);
      expect(hows(0).filter((how) => how === 'perturbed')).toHaveLength(mutable);
      expect(hows(1).filter((how) => how === 'resampled')).toHaveLength(mutable);
    }
  });

  it('resamples with the probability given, and draws each factor as often', () => {
    const space = parseSpace({ rate: { float: [0.01, 100], scale: 'log' } });
    const options = { resample: 0.25, factors: [0.8, 1.2] };
    const changes = Array.from({ length: 8000 }, (_, i) => {
      return explore(space, foldIn(seedKey(7), i), options, { rate: 1 }, { rate: 1 }).changes[0]!;
    });
    const count = (by: number | undefined) => changes.filter(({ factor }) => factor === by).length;
    // five standard deviations of a binomial count: 6e-7
    expect(Math.abs(count(undefined) - 2000)).toBeLessThan(5 * Math.sqrt(8000 * 0.25 * 0.75));
    for (const factor of [0.8, 1.2]) {
      expect(Math.abs(count(factor) - 3000)).toBeLessThan(5 * Math.sqrt(8000 * 0.375 * 0.625));
    }
    for (const { factor, to, how } of changes) {
      if (factor !== undefined) expect(to).toBe(factor);
      else expect(how).toBe('resampled');
    }
  });

  it('resamples a float of 0, which no factor can move', () => {
    const space = parseSpace({ rate: { float: [0, 1] } });
    const { changes } = explore(space, seedKey(7), { resample: 0, factors: [1.2] }, { rate: 0.5 }, { rate: 0 });
    expect(changes).toEqual([{ name: 'rate', from: 0.5, inherited: 0, to: expect.any(Number), how: 'resampled' }]);
    expect(changes[0]!.to).toBeGreaterThan(0);
  });

  it('explores a parameter the same whatever other parameters there are', () => {
    const both = parseSpace({ a: { float: [0, 1] }, rate: { float: [0, 1] } });
    const alone = parseSpace({ rate: { float: [0, 1] } });
    const options = { resample: 0.5, factors: [0.8, 1.2] };
    for (let path = 0; path < 20; path++) {
      const key = foldIn(seedKey(7), path);
      const values = { a: 0.5, rate: 0.5 };
      expect(explore(both, key, options, values, values).hyperparameters.rate).toBe(
        explore(alone, key, options, values, values).hyperparameters.rate,
      );
    }
  });
});

describe('exploring by other means', () => {
  const space = parseSpace({
    rate: { float: [0.01, 1] },
    dropout: { float: [0, 0.5] },
    hidden: { choice: [64, 128] },
  });
  const [own, parent] = [
    { rate: 0.1, dropout: 0.4, hidden: 64 },
    { rate: 0.5, dropout: 0.2, hidden: 128 },
  ];
  const options = { resample: 0, factors: [0.8, 1.2] };

  it('draws everything anew for resample', () => {
    const { changes } = explore(space, seedKey(1), { ...options, explore: 'resample' }, own, parent);
    expect(changes.map(({ name, how }) => [name, how])).toEqual([
      ['rate', 'resampled'],
      ['dropout', 'resampled'],
      ['hidden', 'inherited'],
    ]);
  });

  it('asks a function of your own for each mutable parameter that is not frozen', () => {
    const asked: ExploreInput[] = [];
    const by = (input: ExploreInput) => {
      asked.push(input);
      return (input.value as number) / 2;
    };
    const { hyperparameters, changes } = explore(
      space,
      seedKey(1),
      { ...options, explore: by },
      own,
      parent,
      new Set(['dropout']),
    );
    expect(hyperparameters).toEqual({ rate: 0.25, dropout: 0.2, hidden: 128 });
    expect(asked).toMatchObject([{ parameter: { name: 'rate', low: 0.01, high: 1 }, value: 0.5, own: 0.1 }]);
    expect(changes.map(({ how }) => how)).toEqual(['chosen', 'inherited', 'inherited']);
  });

  it.each([2, Number.NaN, '0.5', undefined, null])('refuses %j from a function of your own', (given) => {
    const by = () => given as never;
    expect(() => explore(space, seedKey(1), { ...options, explore: by }, own, parent)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULERS_EXPLORE_INVALID',
        message: expect.stringContaining('a number from 0.01 to 1 for "rate"'),
      }),
    );
  });

  it('draws anew what the range does not contain, and leaves it where it is frozen', () => {
    const held = { ...parent, rate: 0 };
    const [change] = explore(space, seedKey(1), options, own, held).changes;
    expect(change).toMatchObject({ name: 'rate', inherited: 0, how: 'resampled' });
    expect(change!.to).toBeGreaterThanOrEqual(0.01);
    expect(explore(space, seedKey(1), options, own, held, new Set(['rate'])).hyperparameters.rate).toBe(0);
  });

  it('takes what is already chosen', () => {
    const { changes } = explore(space, seedKey(1), options, own, parent, new Set(), new Map([['rate', 0.7]]));
    expect(changes[0]).toEqual({ name: 'rate', from: 0.1, inherited: 0.5, to: 0.7, how: 'chosen' });
  });

  it('gives each active parameter a value, and no other, where a choice is explored', () => {
    const conditional = parseSpace({
      schedule: { choice: ['constant', 'decay'], structural: false },
      decay: { float: [0.1, 0.9], when: { schedule: 'decay' } },
      constructor: { float: [1, 2], when: { schedule: 'constant' } },
    });
    const decaying = { schedule: 'decay', decay: 0.5 };
    const constant = { schedule: 'constant', constructor: 1.5 };
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      for (const from of [decaying, constant]) {
        const { hyperparameters, changes } = explore(conditional, seedKey(seed), options, decaying, from);
        const child = hyperparameters.schedule === 'decay' ? 'decay' : 'constructor';
        expect(Object.keys(hyperparameters)).toEqual(['schedule', child]);
        expect(contains(conditional.parameters.find(({ name }) => name === child)!, hyperparameters[child])).toBe(true);
        const change = changes.find(({ name }) => name === child)!;
        expect(change.inherited).toBe(new Map<string, Value>(Object.entries(from)).get(child) ?? null);
        expect(change.how === 'resampled' || change.how === 'perturbed').toBe(true);
        seen.add(`${from.schedule} to ${hyperparameters.schedule}`);
      }
    }
    expect(seen.size).toBe(4);
  });

  it('keeps within the constraints, by the parent at the last', () => {
    const definition = { low: { float: [0, 1] }, high: { float: [0, 1] } };
    const ordered = parseSpace(definition, { constraints: ['low < high'] });
    const close = { low: 0.5, high: 0.55 };
    for (let seed = 0; seed < 200; seed++) {
      const { low, high } = explore(
        ordered,
        seedKey(seed),
        { ...options, resample: 0.5 },
        close,
        close,
      ).hyperparameters;
      expect(low as number).toBeLessThan(high as number);
    }
    const apart = parseSpace(definition, { constraints: ['high - low > 0.99'] });
    const edge = { low: 0.002, high: 0.999 };
    const explored = explore(apart, seedKey(1), { resample: 0, factors: [0.5, 400] }, edge, edge).hyperparameters;
    expect((explored.high as number) - (explored.low as number)).toBeGreaterThan(0.99);
  });
});
