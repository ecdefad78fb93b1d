import { describe, expect, it } from 'vitest';
import { parseSpace } from '../../../src/space/index.js';
import {
  findOptimizer,
  makeOptimizer,
  optimizerNames,
  optimizerSpace,
  readOptimizer,
} from '../../../src/trial/layers/optimizers-by-name.js';

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('an optimizer by name', () => {
  it.each([
    ['adam', 'adam'],
    ['Adam', 'adam'],
    ['SGD', 'sgd'],
    ['RMSprop', 'rmsprop'],
    ['Adadelta', 'adadelta'],
    ['momentum', 'momentum'],
  ])('%s is %s', (given, name) => expect(findOptimizer(given)).toBe(name));

  it('that is not there is refused', () => expect(codeOf(() => findOptimizer('ftrl'))).toBe('TRIAL_UNKNOWN_OPTIMIZER'));

  it.each(optimizerNames)('%s has a space with a learning rate', (name) => {
    const { parameters } = parseSpace(optimizerSpace({ name, settings: {} }));
    expect(parameters[0]).toMatchObject({ name: 'learningRate', kind: 'float', scale: 'log', structural: false });
  });
});

describe('what a model was compiled with', () => {
  it.each([
    ['SGD', { learning_rate: 0.1, momentum: 0, nesterov: false }, { name: 'sgd' }],
    [
      'SGD',
      { lr: 0.1, momentum: 0.9, nesterov: true },
      { name: 'momentum', settings: { momentum: 0.9, nesterov: true } },
    ],
    ['RMSprop', { learning_rate: 0.1, rho: 0.8, decay: 0 }, { name: 'rmsprop', settings: { decay: 0.8 } }],
    [
      'Adam',
      { learning_rate: { class_name: 'ExponentialDecay' }, beta_1: 0.8, name: 'Adam', decay: 0.1 },
      { name: 'adam', settings: { beta1: 0.8 } },
    ],
    ['SGD', { learningRate: 0.15 }, { name: 'sgd', settings: { learningRate: 0.15 } }],
  ])('%s with %j', (name, config, expected) => expect(readOptimizer(name, config)).toMatchObject(expected));

  it('keeps its fixed settings in the space', () => {
    expect(optimizerSpace(readOptimizer('Adam', { beta_2: 0.99, epsilon: 1e-7 }))).toMatchObject({
      beta2: 0.99,
      epsilon: 1e-7,
    });
  });

  it('needs something to train', () => {
    expect(codeOf(() => makeOptimizer({ name: 'adam', settings: {} }, []))).toBe('TRIAL_ALL_FROZEN');
  });
});
