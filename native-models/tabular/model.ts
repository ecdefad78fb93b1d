import * as tf from '@tensorflow/tfjs';
import {
  adam,
  type Batch,
  choice,
  cosineDecay,
  decayWeights,
  defineModel,
  dropout,
  float,
  gelu,
  int,
  predictionOf,
} from '../../src/trial/index.js';
import { categoryEmbedding, periodicEmbedding } from './embeddings.js';

type Inputs = Omit<Batch, 'y'>;

/** Numbers that a category becomes. */
const categorySize = 8;

/**
 * For tables: an ensemble of perceptrons that share their weights (TabM-mini; Gorishniy, Kotelnikov & Babenko 2024, "TabM: advancing tabular deep
 * learning with parameter-efficient ensembling", https://arxiv.org/abs/2410.24210) on periodic embeddings of numbers and
 * trained ones of categories. A member has its own scale of every input, and its own output; the prediction is the members' mean.
 * Residual blocks as in Gorishniy et al. 2021, "Revisiting deep learning models for tabular data". Trained by AdamW; numbers are
 * learned in deviations from the training rows' mean, and errors reported in the target's own unit.
 */
export default defineModel({
  space: {
    learningRate: float(5e-4, 1e-2, { scale: 'log' }),
    weightDecay: float(1e-3, 0.3, { scale: 'log' }),
    regularisation: choice(['none', 'dropout']),
    dropout: float(0, 0.4, { when: { regularisation: 'dropout' } }),
    layers: int(1, 4),
    width: choice([64, 128, 256]),
    members: choice([1, 8, 16]),
    frequencies: choice([8, 16, 32]),
    embedding: choice([4, 8, 16]),
    frequencyScale: float(0.1, 3, { scale: 'log', structural: true }),
    decaySteps: 0,
  },

  build({ hyper, data }) {
    const { target, featureShape, categories = [] } = data;
    const prediction = predictionOf(data, 'tabular');
    if (data.vocabularySize !== undefined || (target.kind === 'number' && target.shape.length > 0)) {
      throw new Error('tabular predicts one value from numbers and categories, and the data set is another one');
    }
    const outputs = prediction.size;
    const decaySteps: number = hyper.decaySteps;
    const features = featureShape.reduce((a, b) => a * b, 1);
    const { width, members } = hyper;

    const numbers = periodicEmbedding(features, hyper.frequencies, hyper.embedding, hyper.frequencyScale);
    const codes = categoryEmbedding(categories, categorySize);
    const inputs = numbers.width + codes.width;
    const matrix = (rows: number, columns: number, gain = 2) =>
      tf.variable(tf.randomNormal<tf.Rank.R2>([rows, columns], 0, (gain / rows) ** 0.5));
    const bias = (size: number) => tf.variable(tf.zeros<tf.Rank.R1>([size]));
    // members differ from the start by the signs of what they read
    const signs = tf.randomUniform([members, 1, inputs]).greater(0.5).cast('float32').mul(2).sub(1);
    const adapter = tf.variable(members === 1 ? tf.ones([1, 1, inputs]) : signs);
    const first = { weights: matrix(inputs, width), bias: bias(width) };
    const blocks = Array.from({ length: hyper.layers - 1 }, () => ({
      weights: matrix(width, width),
      bias: bias(width),
    }));
    const heads = tf.variable(tf.randomNormal([members, width, outputs], 0, width ** -0.5));
    const headsBias = tf.variable(tf.zeros([members, 1, outputs]));
    const matrices = [first.weights, ...blocks.map(({ weights }) => weights)];
    const trained: tf.Variable[] = [
      ...numbers.variables,
      ...codes.variables,
      adapter,
      ...matrices,
      first.bias,
      ...blocks.map((block) => block.bias),
      heads,
      headsBias,
    ];
    const optimizer = adam(trained);

    /** Of each member, `[members, batch, outputs]`. */
    const outputsOf = ({ x, categories: given }: Inputs, drop: (x: tf.Tensor) => tf.Tensor) => {
      const parts = [numbers.apply(x.reshape([-1, features]))];
      if (given !== undefined) parts.push(codes.apply(given));
      const input = parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      let stream = gelu(input.expandDims(0).mul(adapter).reshape([-1, inputs]).matMul(first.weights).add(first.bias));
      for (const block of blocks) stream = stream.add(gelu(drop(stream).matMul(block.weights).add(block.bias)));
      return tf.matMul(drop(stream).reshape([members, -1, width]), heads).add(headsBias);
    };
    const repeated = (y: tf.Tensor1D) => tf.tile(y.expandDims(0), [members, 1]).flatten() as tf.Tensor1D;
    /** One loss a member and row, `[members × batch]`. */
    const losses = (y: Batch['y'], predictions: tf.Tensor) => {
      return prediction.rowLosses(repeated(y), predictions.reshape([-1, outputs]) as tf.Tensor2D);
    };
    /** The members' mean, `[batch, outputs]`: probabilities, or numbers in the target's own unit. */
    const predict = (inputs: Inputs) => {
      const predictions = outputsOf(inputs, (x) => x);
      if (target.kind !== 'number') return tf.softmax(predictions).mean(0) as tf.Tensor2D;
      return predictions.mean(0).mul(target.deviation).add(target.mean) as tf.Tensor2D;
    };

    return {
      step(batch, h, { random, step }) {
        const rate = h.dropout;
        const drop = (x: tf.Tensor) => (rate === undefined ? x : dropout(x, rate, random));
        const loss = () => losses(batch.y, outputsOf(batch, drop)).mean() as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, trained);
        const learningRate = decaySteps === 0 ? h.learningRate : cosineDecay(h.learningRate, step, decaySteps);
        optimizer.update(
          trained.map(({ name }) => grads[name]!),
          { learningRate },
        );
        decayWeights(matrices, h.weightDecay.mul(learningRate));
        return value;
      },
      predict,
      evaluate(batch) {
        if (target.kind === 'number') {
          return prediction.metrics(batch.y, outputsOf(batch, (x) => x).mean(0) as tf.Tensor2D);
        }
        // the logarithm of a probability of 0 would be infinite
        return prediction.metrics(batch.y, predict(batch).add(1e-30).log() as tf.Tensor2D);
      },
    };
  },
});
