/** Optimizers by the names that tfjs and Keras have for them, with a space of their settings. */
import type * as tf from '@tensorflow/tfjs';
import type { SpaceDefinition } from '../../space/index.js';
import { errors } from '../errors.js';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  momentum,
  type Optimizer,
  rmsprop,
  type Setting,
  sgd,
} from '../optimizers/index.js';
import { wordOf } from './word.js';

const optimizers = { adadelta, adagrad, adam, adamax, momentum, rmsprop, sgd } as const;

export type OptimizerName = keyof typeof optimizers;

/** Settings that stay as they are throughout a study, by the names that the optimizers have for them. */
export type OptimizerSettings = Readonly<Record<string, number | boolean>>;

/** An optimizer that somebody chose, with settings of their own. */
export interface ChosenOptimizer {
  readonly name: OptimizerName;
  readonly settings: OptimizerSettings;
}

const learningRate = { float: [1e-4, 1e-1], scale: 'log' } as const;
const inertia = { float: [0, 0.99] } as const;

/** Ranges that suit most models. An optimizer without momentum takes larger steps, and Adadelta finds its own. */
const spaces: Readonly<Record<OptimizerName, SpaceDefinition>> = {
  adadelta: { learningRate: { float: [1e-2, 10], scale: 'log' }, rho: { float: [0.8, 0.99] } },
  adagrad: { learningRate: { float: [1e-3, 1], scale: 'log' } },
  adam: { learningRate, beta1: { float: [0.8, 0.99] } },
  adamax: { learningRate, beta1: { float: [0.8, 0.99] } },
  momentum: { learningRate, momentum: { float: [0.5, 0.99] } },
  rmsprop: { learningRate, decay: { float: [0.8, 0.99] }, momentum: inertia },
  sgd: { learningRate: { float: [1e-3, 1], scale: 'log' } },
};

/** Numbers that an optimizer reads besides those of its space; a sweep may tune them too. */
const others: Readonly<Record<OptimizerName, Readonly<Record<string, number>>>> = {
  adadelta: { epsilon: 1e-7 },
  adagrad: { epsilon: 1e-7 },
  adam: { beta2: 0.999, epsilon: 1e-8 },
  adamax: { beta2: 0.999, epsilon: 1e-8 },
  momentum: {},
  rmsprop: { epsilon: 1e-7 },
  sgd: {},
};

/** Keras's and tfjs's own names for settings; what is not here is no setting of ours (`name`, `jit_compile`, …). */
const settingNames: Readonly<Record<string, string>> = {
  learningrate: 'learningRate',
  lr: 'learningRate',
  beta1: 'beta1',
  beta2: 'beta2',
  epsilon: 'epsilon',
  rho: 'rho',
  decay: 'decay',
  momentum: 'momentum',
  nesterov: 'nesterov',
  initialaccumulatorvalue: 'initialAccumulator',
};

export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** The optimizer of a name, in any case: `adam`, `Adam`, `RMSprop`, `SGD`. Errors: TRIAL_UNKNOWN_OPTIMIZER. */
export function findOptimizer(given: string): OptimizerName {
  const found = optimizerNames.find((name) => name === wordOf(given));
  if (found === undefined) throw errors.TRIAL_UNKNOWN_OPTIMIZER({ given, known: optimizerNames });
  return found;
}

/**
 * The optimizer that a saved model was compiled with, as `optimizer_config` of its `training_config` says. Keras's SGD with a
 * momentum is `momentum` here; its RMSprop's `rho` is `decay`.
 */
export function readOptimizer(className: string, config: Readonly<Record<string, unknown>>): ChosenOptimizer {
  const name = findOptimizer(className);
  const settings: Record<string, number | boolean> = {};
  for (const [key, value] of Object.entries(config)) {
    const setting = settingNames[wordOf(key)];
    // a learning rate may be a schedule, which is what is tuned here
    if (setting !== undefined && (typeof value === 'number' || typeof value === 'boolean')) settings[setting] = value;
  }
  if (name === 'sgd' && Number(settings.momentum ?? 0) > 0) return { name: 'momentum', settings };
  if (name !== 'rmsprop' || settings.rho === undefined) return { name, settings: withoutDecay(name, settings) };
  const { rho, ...rest } = settings;
  return { name, settings: { ...rest, decay: rho } };
}

/** In Keras `decay` is one of the learning rate's, but for tfjs's RMSProp, where it is ρ. */
function withoutDecay(name: OptimizerName, settings: Record<string, number | boolean>): OptimizerSettings {
  const { decay: _, ...rest } = settings;
  return name === 'rmsprop' ? settings : rest;
}

/** What is tuned of an optimizer, and, as fixed parameters that a sweep may replace by ranges, what else it reads. */
export function optimizerSpace({ name, settings }: ChosenOptimizer): SpaceDefinition {
  const fixed = Object.entries(others[name]).map(([one, byDefault]) => [one, Number(settings[one] ?? byDefault)]);
  return { ...spaces[name], ...Object.fromEntries(fixed) };
}

/**
 * The same for optimizers of which each trial has one, by the hyperparameter `optimizer`: a setting is active where its optimizer is. Of
 * several optimizers it has the range that holds theirs. What differs between them and is no range stays as each has it.
 *
 * @param optimizers by the values of the hyperparameter
 */
export function optimizersSpace(optimizers: readonly (readonly [string, ChosenOptimizer])[]): SpaceDefinition {
  const found = new Map<string, { values: (Range | number)[]; when: string[] }>();
  for (const [value, chosen] of optimizers) {
    for (const [name, definition] of Object.entries(optimizerSpace(chosen))) {
      const { values, when } = found.get(name) ?? { values: [], when: [] };
      found.set(name, { values: [...values, definition as Range | number], when: [...when, value] });
    }
  }
  const entries = [...found].flatMap(([name, { values, when }]) => {
    const whole = holding(values);
    return whole === undefined ? [] : [[name, { ...whole, when: { optimizer: when } }] as const];
  });
  return Object.fromEntries(entries);
}

interface Range {
  readonly float: readonly [number, number];
  readonly scale?: 'log';
}

/** The range that holds ranges, or the number that all are; `undefined` for different numbers. */
function holding(values: readonly (Range | number)[]): Range | { readonly fixed: number } | undefined {
  const ranges = values.filter((value) => typeof value !== 'number');
  if (ranges.length === 0)
    return values.every((value) => value === values[0]) ? { fixed: Number(values[0]) } : undefined;
  const [low, high] = [ranges.map(({ float }) => float[0]), ranges.map(({ float }) => float[1])];
  return { ...ranges[0]!, float: [Math.min(...low), Math.max(...high)] };
}

/** An optimizer of these variables. Settings that are hyperparameters are given at each step. */
export function makeOptimizer(
  { name, settings }: ChosenOptimizer,
  variables: readonly tf.Variable[],
): Optimizer<Record<string, Setting>> {
  if (variables.length === 0) throw errors.TRIAL_ALL_FROZEN({});
  const made =
    name === 'momentum'
      ? momentum(variables, { nesterov: settings.nesterov === true })
      : name === 'adagrad'
        ? adagrad(variables, initialAccumulator(settings))
        : optimizers[name](variables);
  return made as unknown as Optimizer<Record<string, Setting>>;
}

function initialAccumulator({ initialAccumulator: value }: OptimizerSettings): { initialAccumulator?: number } {
  return typeof value === 'number' ? { initialAccumulator: value } : {};
}
