import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldIn, seedKey } from '../../src/random/index.js';
import type { Sampler } from '../../src/samplers/index.js';
import { contains, parseSpace, type SpaceDefinition } from '../../src/space/index.js';
import { anyDefinition } from '../space/arbitraries.js';

const anySpace = (): fc.Arbitrary<SpaceDefinition> =>
  fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name.trim() !== '' && name !== '__proto__'),
    fc.oneof(anyDefinition(), fc.constantFrom(64, 'adam', true)),
    { maxKeys: 6 },
  );

/** What every sampler must do; the tests of a sampler begin with a call of this. */
export function itIsASampler(make: () => Sampler): void {
  it('proposes an allowed value for every parameter, in the order of the space', () => {
    fc.assert(
      fc.property(anySpace(), fc.maxSafeNat(), fc.nat(1000), (definition, seed, trial) => {
        const space = parseSpace(definition);
        const proposed = make().propose({ space, key: foldIn(seedKey(seed), trial), trial });
        expect(Object.keys(proposed)).toEqual(space.parameters.map(({ name }) => name));
        for (const parameter of space.parameters) expect(contains(parameter, proposed[parameter.name])).toBe(true);
      }),
    );
  });

  it('proposes the same for the same key, whatever was proposed before', () => {
    fc.assert(
      fc.property(anySpace(), fc.maxSafeNat(), (definition, seed) => {
        const space = parseSpace(definition);
        const [used, fresh] = [make(), make()];
        const propose = (sampler: Sampler, trial: number) =>
          sampler.propose({ space, key: foldIn(seedKey(seed), trial), trial });
        propose(used, 0);
        propose(used, 5);
        expect(propose(used, 3)).toEqual(propose(fresh, 3));
      }),
    );
  });

  it('proposes different floats to different trials', () => {
    const space = parseSpace({ rate: { float: [0, 1] } });
    const rates = Array.from({ length: 100 }, (_, trial) => {
      return make().propose({ space, key: foldIn(seedKey(7), trial), trial }).rate;
    });
    expect(new Set(rates).size).toBe(100);
  });

  it('proposes nothing but fixed values where there is nothing to choose', () => {
    const proposed = make().propose({
      space: parseSpace({ act: 'relu', n: { int: [3, 3] } }),
      key: seedKey(7),
      trial: 0,
    });
    expect(proposed).toEqual({ act: 'relu', n: 3 });
    expect(make().propose({ space: parseSpace({}), key: seedKey(7), trial: 0 })).toEqual({});
  });
}
