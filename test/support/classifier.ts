import * as tf from '@tensorflow/tfjs';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  correct,
  defineModel,
  float,
  type ModelDefinition,
  momentum,
  type Optimizer,
  rmsprop,
  type Setting,
  sgd,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../src/trial/index.js';
import type { OneStepOptions } from './one-step.js';

type Layer = tf.layers.Layer;
type Symbolic = tf.SymbolicTensor;
export type AnyOptimizer = Optimizer<Record<string, Setting>>;
export type MakeOptimizer = (variables: readonly tf.Variable[]) => AnyOptimizer;
/** Layers one after another, or what is made of the input. */
export type Body = () => readonly Layer[] | ((input: Symbolic) => Symbolic);

/** Optimizers by name, as they are without options. */
export const optimizers = { adadelta, adagrad, adam, adamax, momentum, rmsprop, sgd } as unknown as Readonly<
  Record<'adadelta' | 'adagrad' | 'adam' | 'adamax' | 'momentum' | 'rmsprop' | 'sgd', MakeOptimizer>
>;

/**
 * A classifier with these layers before its last one, by gradient descent unless another optimizer is given. All mutable
 * hyperparameters are the optimizer's settings; regularisers count.
 *
 * @param batchSize given where the layers have to know it
 */
export function classifier(
  body: Body,
  inputShape: readonly number[],
  makeOptimizer: MakeOptimizer = optimizers.sgd,
  batchSize?: number,
): ModelDefinition {
  return defineModel({
    space: { learningRate: float(1e-3, 1) },
    build({ data }) {
      const input =
        batchSize === undefined
          ? tf.input({ shape: [...inputShape] })
          : tf.input({ batchShape: [batchSize, ...inputShape] });
      const made = body();
      const ofInput = typeof made === 'function' ? made : (x: Symbolic) => made.reduce(applied, x);
      const features = ofInput(input);
      const flat = features.shape.length > 2 ? applied(features, tf.layers.flatten()) : features;
      const classes = data.target.kind === 'class' ? data.target.classCount : 1;
      const model = tf.model({ inputs: input, outputs: applied(flat, tf.layers.dense({ units: classes })) });
      const optimizer = makeOptimizer(trainableVariables(model));
      return {
        model,
        step: ({ x, y }, hyper) => {
          const loss = () => {
            const logits = model.apply(x, { training: true }) as tf.Tensor2D;
            const base = softmaxCrossEntropy(y, logits).mean();
            return model.calculateLosses().reduce((sum: tf.Tensor, one) => sum.add(one), base) as tf.Scalar;
          };
          return optimizer.minimize(loss, hyper as unknown as Record<string, Setting>);
        },
        evaluate: ({ x, y }) => {
          const logits = model.apply(x, { training: false }) as tf.Tensor2D;
          return { loss: softmaxCrossEntropy(y, logits), accuracy: correct(y, logits) };
        },
      };
    },
  }) as unknown as ModelDefinition;
}

export const applied = (x: Symbolic, layer: Layer) => layer.apply(x) as Symbolic;

/** Numbers in [0, 1) that do not repeat soon. */
export const feature = (index: number) => ((index * 7919) % 1013) / 1013;

export const settings = (featureShape: readonly number[], more: Partial<OneStepOptions> = {}): OneStepOptions => ({
  featureShape,
  classCount: 5,
  batchSize: 8,
  feature,
  mutable: { learningRate: 0.05 },
  ...more,
});
