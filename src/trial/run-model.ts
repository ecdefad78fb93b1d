/** Calls a model author's functions, the same way whether they are traced or run eagerly. */
import type * as tf from '@tensorflow/tfjs';
import type { Metric } from '../graph/index.js';
import { attempt } from './build.js';
import { withFusedKernels } from './fused/index.js';
import { withKeyedLayers } from './keyed-layers.js';
import type { Batch, BuiltModel, MutableHyperparameters, StepContext } from './model.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** One training step, with tfjs's random layers keyed, and what has kernels of its own fused. */
export function runStep(model: BuiltModel, batch: Batch, hyper: Tensors, context: StepContext): tf.Scalar {
  const step = () => model.step(batch, hyper as MutableHyperparameters<never>, context);
  return withFusedKernels(() => withKeyedLayers(context.random, () => attempt('step', step)));
}

/** A batch's metrics, named with their split as sweeps and journals name them: `accuracy` is `valAccuracy`. */
export function runEvaluation(model: BuiltModel, batch: Batch, hyper: Tensors): Record<string, Metric> {
  const evaluate = () => model.evaluate(batch, hyper as MutableHyperparameters<never>);
  const metrics = withFusedKernels(() => attempt('evaluate', evaluate));
  return Object.fromEntries(Object.entries(metrics).map(([name, values]) => [validationName(name), values]));
}

function validationName(name: string): string {
  return `val${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
