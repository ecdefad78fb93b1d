/** Calls a model author's functions, the same way whether they are traced or run eagerly. */
import type * as tf from '@tensorflow/tfjs';
import type { Metric } from '../graph/index.js';
import { attempt, type Building } from './build.js';
import { withFusedKernels } from './fused/index.js';
import { withKeyedLayers } from './keyed-layers.js';
import type { Batch, MutableHyperparameters, StepContext } from './model.js';
import { withinState } from './state-guard.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * One training step, with tfjs's random layers keyed, and what has kernels of its own fused.
 * @throws TRIAL_VARIABLE_…, TRIAL_STEP_FAILED
 */
export function runStep({ model, variables }: Building, batch: Batch, hyper: Tensors, context: StepContext): tf.Scalar {
  const step = () => model.step(batch, hyper as MutableHyperparameters<never>, context);
  return withFusedKernels(() => {
    return withKeyedLayers(context.random, () => withinState(variables, () => attempt('step', step)));
  });
}

/**
 * A batch's metrics, named with their split as sweeps and journals name them: `accuracy` is `valAccuracy`.
 * @throws TRIAL_VARIABLE_…, TRIAL_STEP_FAILED
 */
export function runEvaluation({ model, variables }: Building, batch: Batch, hyper: Tensors): Record<string, Metric> {
  const evaluate = () => model.evaluate(batch, hyper as MutableHyperparameters<never>);
  const metrics = withFusedKernels(() => withinState(variables, () => attempt('evaluate', evaluate)));
  return Object.fromEntries(Object.entries(metrics).map(([name, values]) => [validationName(name), values]));
}

function validationName(name: string): string {
  return `val${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
