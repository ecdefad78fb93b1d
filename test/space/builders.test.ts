import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  boolean,
  choice,
  float,
  type InferHyperparameters,
  int,
  ordinal,
  parseSpace,
  type SpaceDefinition,
  type Value,
} from '../../src/space/index.js';

describe('builders', () => {
  it('make the objects that a sweep file has', () => {
    expect(float(1e-4, 1, { scale: 'log' })).toStrictEqual({ float: [1e-4, 1], scale: 'log' });
    expect(float(0, 1)).toStrictEqual({ float: [0, 1] });
    expect(int(1, 512, { step: 2, structural: false })).toStrictEqual({ int: [1, 512], step: 2, structural: false });
    expect(choice(['relu', 3, true])).toStrictEqual({ choice: ['relu', 3, true] });
    expect(ordinal(['s', 'm'], { default: 'm' })).toStrictEqual({ ordinal: ['s', 'm'], default: 'm' });
    expect(boolean()).toStrictEqual({ boolean: true });
    expect(boolean({ structural: false })).toStrictEqual({ boolean: true, structural: false });
  });

  it('keep literal types', () => {
    expectTypeOf(float(0, 1, { scale: 'log' })).toEqualTypeOf<{
      readonly float: readonly [low: 0, high: 1];
      readonly scale: 'log';
    }>();
    expectTypeOf(int(1, 8)).toEqualTypeOf<{ readonly int: readonly [low: 1, high: 8] }>();
    expectTypeOf(choice(['a', 1])).toEqualTypeOf<{ readonly choice: readonly ['a', 1] }>();
    expectTypeOf(boolean({ structural: false })).toEqualTypeOf<{
      readonly boolean: true;
      readonly structural: false;
    }>();
  });

  it('refuse wrong options at compile time', () => {
    // @ts-expect-error there is no such scale
    float(0, 1, { scale: 'square' });
    // @ts-expect-error a choice has no step
    choice([1, 2], { step: 1 });
    // @ts-expect-error bounds are numbers
    int('1', 2);
    // @ts-expect-error items are numbers, strings and booleans
    choice([null]);
  });
});

/** As `defineModel` takes it. */
function define<const S extends SpaceDefinition>(space: S): S {
  return space;
}

describe('InferHyperparameters', () => {
  interface Expected {
    readonly learningRate: number;
    readonly units: number;
    readonly act: 'relu' | 'tanh';
    readonly flag: boolean;
    readonly size: number;
    readonly mixed: number | 'all' | boolean;
    readonly batchSize: number;
    readonly optimizer: 'adam';
    readonly nesterov: boolean;
  }

  it('infers from builders', () => {
    const space = define({
      learningRate: float(1e-4, 1, { scale: 'log' }),
      units: int(1, 512),
      act: choice(['relu', 'tanh']),
      flag: boolean(),
      size: choice([64, 128]),
      mixed: choice([1, 'all', true]),
      batchSize: 32,
      optimizer: 'adam',
      nesterov: false,
    });
    expectTypeOf<InferHyperparameters<typeof space>>().toEqualTypeOf<Expected>();
    expect(parseSpace(space).parameters).toHaveLength(9);
  });

  it('infers from plain objects', () => {
    const space = define({
      learningRate: { float: [1e-4, 1], scale: 'log' },
      units: { int: [1, 512] },
      act: { choice: ['relu', 'tanh'] },
      flag: { boolean: true },
      size: { choice: [64, 128] },
      mixed: { choice: [1, 'all', true] },
      batchSize: 32,
      optimizer: 'adam',
      nesterov: false,
    });
    expectTypeOf<InferHyperparameters<typeof space>>().toEqualTypeOf<Expected>();
    expect(parseSpace(space).parameters).toHaveLength(9);
  });

  it('makes parameters with conditions optional', () => {
    interface Conditional {
      readonly optimizer: 'sgd' | 'adam';
      readonly size: 'small' | 'large';
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly variant?: 'a' | 'b';
      readonly beta?: number;
    }
    const built = define({
      optimizer: choice(['sgd', 'adam']),
      size: ordinal(['small', 'large']),
      momentum: float(0, 1, { when: { optimizer: 'sgd' } }),
      nesterov: boolean({ when: { optimizer: 'sgd' } }),
      variant: ordinal(['a', 'b'], { when: { optimizer: ['sgd', 'adam'] } }),
      beta: { fixed: 0.9, when: { optimizer: 'adam' } },
    });
    expectTypeOf<InferHyperparameters<typeof built>>().toEqualTypeOf<Conditional>();
    const plain = define({
      optimizer: { choice: ['sgd', 'adam'] },
      size: { ordinal: ['small', 'large'] },
      momentum: { float: [0, 1], when: { optimizer: 'sgd' } },
      nesterov: { boolean: true, when: { optimizer: 'sgd' } },
      variant: { ordinal: ['a', 'b'], when: { optimizer: ['sgd', 'adam'] } },
      beta: { fixed: 0.9, when: { optimizer: 'adam' } },
    });
    expectTypeOf<InferHyperparameters<typeof plain>>().toEqualTypeOf<Conditional>();
    expect(parseSpace(built).parameters).toEqual(parseSpace(plain).parameters);
  });

  it('is any value by name where the space is not known', () => {
    expectTypeOf<InferHyperparameters<SpaceDefinition>>().toEqualTypeOf<Readonly<Record<string, Value>>>();
  });
});
