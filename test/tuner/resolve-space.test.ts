import { describe, expect, it } from 'vitest';
import { parseSpace, type SpaceDefinition } from '../../src/space/index.js';
import type { StudySettings } from '../../src/study/index.js';
import { mutableValues, resolveSpace, shapeOf } from '../../src/tuner/resolve-space.js';

const model = {
  optimizer: { choice: ['sgd', 'momentum', 'adam'] },
  learningRate: { float: [1e-4, 1], scale: 'log' },
  momentum: { float: [0, 1], when: { optimizer: 'momentum' }, default: 0.9 },
  nesterov: { boolean: true, when: { optimizer: ['sgd', 'momentum'] } },
  beta: { float: [0.8, 0.99], when: { optimizer: 'adam' } },
  layers: { int: [1, 3] },
} as const satisfies SpaceDefinition;

describe('resolveSpace', () => {
  it('is the model’s space where the sweep says nothing', () => {
    expect(resolveSpace(model, undefined)).toEqual(model);
  });

  it('keeps the model’s conditions of parameters that are replaced, also by a value', () => {
    const merged = resolveSpace(model, { momentum: { float: [0.5, 0.9] }, nesterov: true, beta: 0.9 });
    expect(merged).toEqual({
      ...model,
      momentum: { float: [0.5, 0.9], structural: false, when: { optimizer: 'momentum' } },
      nesterov: { fixed: true, when: { optimizer: ['sgd', 'momentum'] } },
      beta: { choice: [0.9], structural: false, when: { optimizer: 'adam' } },
    });
    expect(Object.keys(merged)).toEqual(Object.keys(model));
  });

  it('takes conditions of the sweep’s own', () => {
    const when = { optimizer: ['sgd', 'momentum'] } as const;
    expect(resolveSpace(model, { momentum: { float: [0, 1], when } }).momentum).toMatchObject({ when });
    expect(resolveSpace(model, { beta: { fixed: 0.9, when: { optimizer: 'sgd' } } }).beta).toEqual({
      choice: [0.9],
      structural: false,
      when: { optimizer: 'sgd' },
    });
  });

  it('leaves out what can no longer be active, and narrows conditions', () => {
    const merged = resolveSpace(model, { optimizer: { choice: ['sgd', 'adam'] } });
    const { momentum: _, ...rest } = model;
    expect(merged).toEqual({
      ...rest,
      optimizer: { choice: ['sgd', 'adam'], structural: true },
      nesterov: { boolean: true, when: { optimizer: ['sgd'] } },
    });
    expect(Object.keys(resolveSpace(model, { optimizer: 'adam' }))).toEqual([
      'optimizer',
      'learningRate',
      'beta',
      'layers',
    ]);
  });

  it.each([
    [{ optimizer: 'adam', momentum: 0.9 }, undefined, 'SPACE_IMPOSSIBLE_WHEN'],
    [{ momentun: 0.9 }, undefined, 'TUNER_UNKNOWN_HYPERPARAMETER'],
    [{ optimizer: { choice: ['sgd', 'adam'], structural: false } }, undefined, 'TUNER_MUTABLE_NOT_A_NUMBER'],
    [{ layers: { int: [1, 3], structural: false }, beta: { float: [0, 1], when: { layers: 1 } } }, undefined, ''],
    [{}, ['momentum < learningrate'], 'SPACE_CONSTRAINT_UNKNOWN_NAME'],
    [{ optimizer: 'adam' }, ['momentum < learningRate'], 'SPACE_CONSTRAINT_UNKNOWN_NAME'],
  ])('refuses %j with constraints %j', (sweep, constraints, code) => {
    const expected = code === '' ? 'SPACE_LATER_PARENT' : code;
    expect(() => resolveSpace(model, sweep as SpaceDefinition, constraints)).toThrow(
      expect.objectContaining({ code: expected, kind: 'input' }),
    );
  });

  it('refuses what depends on a hyperparameter that changes while a trial runs', () => {
    const declared = { warm: { boolean: true, structural: false }, p: { int: [1, 2], when: { warm: true } } } as const;
    expect(() => resolveSpace(declared, undefined)).toThrow(expect.objectContaining({ code: 'TUNER_MUTABLE_PARENT' }));
  });
});

describe('shapeOf', () => {
  const settings = {
    dataset: 'mnist-10k',
    strategy: { kind: 'random', trials: 100, interval: 10 },
    budget: { steps: 60 },
    training: { batchSize: 64, evaluationBatchSize: 500, compile: 'auto' },
  } as unknown as StudySettings;
  const space = parseSpace(model);

  it('has active hyperparameters only, so that others make another shape', () => {
    const sgd = { optimizer: 'sgd', learningRate: 0.1, nesterov: true, layers: 1 };
    const adam = { optimizer: 'adam', learningRate: 0.1, beta: 0.9, layers: 1 };
    const shape = shapeOf(settings, space, adam);
    expect(shape.structural).toEqual({ optimizer: 'adam', layers: 1 });
    expect(shape.mutable).toEqual({ learningRate: [1e-4, 1], beta: [0.8, 0.99] });
    expect(mutableValues(shape, adam)).toEqual({ learningRate: 0.1, beta: 0.9 });
    expect(shapeOf(settings, space, sgd).structural).toEqual({ optimizer: 'sgd', nesterov: true, layers: 1 });
    expect(shapeOf(settings, space, sgd).mutable).toEqual({ learningRate: [1e-4, 1] });
  });

  it('shares the planned steps between as many shapes as the space has', () => {
    const steps = (definition: SpaceDefinition) => shapeOf(settings, parseSpace(definition), {}).plannedSteps;
    // sgd and momentum with two values of nesterov each, adam with none; three numbers of layers
    expect(steps(model)).toBe((100 * 60) / 15);
    expect(steps({ a: { choice: [1, 2] }, b: { int: [1, 5] }, c: { float: [0, 1] } })).toBe(600);
    expect(steps({ a: { int: [1, 2 ** 50] }, b: { int: [1, 2], when: { a: 7 } } })).toBe(60);
    expect(steps({ a: { float: [0, 1], structural: true } })).toBe(60);
    expect(steps({})).toBe(6000);
  });
});
