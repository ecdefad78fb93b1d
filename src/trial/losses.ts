import * as tf from '@tensorflow/tfjs';
import { rawOp, takesOneGradient } from './fused/index.js';

/** The fused kernel: losses, and their gradient with respect to the logits, in one op. */
function sparseCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): [tf.Tensor1D, tf.Tensor2D] {
  const attributes = { T: { type: 'float32' }, Tlabels: { type: 'int32' } } as const;
  const outputs = rawOp('SparseSoftmaxCrossEntropyWithLogits', attributes, [logits, labels], 2);
  return outputs as [tf.Tensor1D, tf.Tensor2D];
}

/**
 * Softmax cross-entropy of each row, in nats: `[batch]`.
 *
 * @param labels int32 `[batch]`, 0 to classes - 1
 * @param logits float32 `[batch, classes]`
 */
export function softmaxCrossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Tensor1D {
  if (!takesOneGradient('cross-entropy')) return composedCrossEntropy(labels, logits);
  const fused = tf.customGrad((given, save) => {
    const [losses, gradient] = sparseCrossEntropy(given as tf.Tensor2D, labels);
    (save as (tensors: tf.Tensor[]) => void)([gradient]);
    return {
      value: losses,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved[0]!.mul(dy.expandDims(-1)),
    };
  });
  return fused(logits) as tf.Tensor1D;
}

/**
 * Softmax cross-entropy of each row against probabilities, in nats: `[batch]`. Differentiable in the logits only.
 *
 * @param targets float32 `[batch, classes]`, such as `smoothLabels` and `mixup` make; each row adds up to 1
 * @param logits float32 `[batch, classes]`
 */
export function softCrossEntropy(targets: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor1D {
  if (!takesOneGradient('cross-entropy')) return tf.logSoftmax(logits).mul(targets).sum(-1).neg() as tf.Tensor1D;
  const fused = tf.customGrad((given, save) => {
    const inputs = [given as tf.Tensor, targets];
    const [losses, gradient] = rawOp('SoftmaxCrossEntropyWithLogits', { T: { type: 'float32' } }, inputs, 2);
    (save as (tensors: tf.Tensor[]) => void)([gradient!]);
    return {
      value: losses!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved[0]!.mul(dy.expandDims(-1)),
    };
  });
  return fused(logits) as tf.Tensor1D;
}

/** `softmaxCrossEntropy` of ops that can be differentiated again. */
function composedCrossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Tensor1D {
  const chosen = tf.oneHot(labels, logits.shape[1]).cast('float32');
  return tf.logSoftmax(logits).mul(chosen).sum(-1).neg() as tf.Tensor1D;
}

/** Squared error of each row: `[batch]`. Both arguments are float32 `[batch]`. */
export function squaredError(targets: tf.Tensor1D, predictions: tf.Tensor1D): tf.Tensor1D {
  return tf.squaredDifference(targets, predictions);
}

/** 1 for each row whose largest logit is the label's, else 0: float32 `[batch]`. */
export function correct(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Tensor1D {
  return tf.equal(logits.argMax(-1), labels).cast('float32');
}
