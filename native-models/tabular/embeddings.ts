/** How the columns of a table become the input of a network. */
import * as tf from '@tensorflow/tfjs';
import type { DataDescription } from '../../src/trial/index.js';

/** A part of the network: what it trains, and what it does. */
export interface Part {
  readonly variables: readonly tf.Variable[];
  readonly width: number;
}

/** Up to this many categories, a product with one-hot rows is faster than gathering, whose gradient has to be scattered. */
const oneHotLimit = 512;

/** Values far out count less and less, and never more than this many deviations (RealMLP, Holzmüller et al. 2024, section 3). */
const clip = 3;

export interface NumberEmbedding extends Part {
  /** From float32 `[batch, features]` to `[batch, width]`. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
}

/**
 * Periodic embeddings of numbers (Gorishniy, Rubachev & Babenko 2022, "On embeddings for numerical features in tabular deep learning", section
 * 3.3; in the form of RealMLP, Holzmüller et al. 2024, appendix A): each feature x, smoothly clipped, becomes itself and
 * `W cos(2π c x + b) + d`, everything its own and trained. c is drawn with deviation `scale`: the larger, the finer the differences that
 * are told apart.
 *
 * @param size numbers a feature becomes, at least 2
 */
export function periodicEmbedding(features: number, frequencies: number, size: number, scale: number): NumberEmbedding {
  const uniform = (shape: [number, number, number], limit: number) =>
    tf.variable(tf.randomUniform(shape, -limit, limit));
  const frequency = tf.variable(tf.randomNormal<tf.Rank.R3>([features, 1, frequencies], 0, 2 * Math.PI * scale));
  const phase = uniform([features, 1, frequencies], Math.PI);
  const weights = uniform([features, frequencies, size - 1], frequencies ** -0.5);
  const bias = uniform([features, 1, size - 1], frequencies ** -0.5);
  return {
    variables: [frequency, phase, weights, bias],
    width: features * size,
    apply(x) {
      const clipped = x.div(x.div(clip).square().add(1).sqrt());
      const byFeature = clipped.transpose().expandDims(2);
      const waves = byFeature.mul(frequency).add(phase).cos();
      const embedded = tf.concat([byFeature, tf.matMul(waves, weights).add(bias)], 2);
      return embedded.transpose([1, 0, 2]).reshape([-1, features * size]) as tf.Tensor2D;
    },
  };
}

export interface CategoryEmbedding extends Part {
  /** From int32 `[batch, columns]` to `[batch, width]`. */
  apply(categories: tf.Tensor2D): tf.Tensor2D;
}

/** A trained vector of `size` numbers for each category of each column. */
export function categoryEmbedding(
  columns: NonNullable<DataDescription['categories']>,
  size: number,
): CategoryEmbedding {
  const tables = columns.map((column) => tf.variable(tf.randomNormal<tf.Rank.R2>([column.size, size], 0, 0.3)));
  return {
    variables: tables,
    width: columns.length * size,
    apply(categories) {
      const codes = tf.unstack(categories, 1) as tf.Tensor1D[];
      return tf.concat(
        codes.map((column, index) => look(tables[index]!, column)),
        1,
      ) as tf.Tensor2D;
    },
  };
}

function look(table: tf.Variable<tf.Rank.R2>, codes: tf.Tensor1D): tf.Tensor2D {
  const count = table.shape[0];
  if (count > oneHotLimit) return tf.gather(table as tf.Tensor2D, codes);
  return tf.matMul(tf.oneHot(codes, count).cast('float32') as tf.Tensor2D, table as tf.Tensor2D);
}
