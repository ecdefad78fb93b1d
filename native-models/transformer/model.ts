import * as tf from '@tensorflow/tfjs';
import {
  adam,
  type Batch,
  choice,
  clipByGlobalNorm,
  correct,
  cosineDecay,
  decayWeights,
  defineModel,
  dropout,
  exponentialMean,
  float,
  gelu,
  int,
  type KeyedRandom,
  layerNorm,
  linearWarmup,
  softmaxCrossEntropy,
} from '../../src/trial/index.js';
import { attend, attentionTables } from './attention.js';

/** Up to this many tokens, a product with one-hot rows is faster than gathering, whose gradient has to be scattered. */
const oneHotLimit = 512;

/** Drops units of a tensor, or does nothing. */
type Drop = (x: tf.Tensor) => tf.Tensor;

/**
 * A small causal language model (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, decoder only; layers normalized before
 * each block, as Radford et al. 2019): predicts each next token from those before it. Trained by AdamW.
 */
export default defineModel({
  space: {
    learningRate: float(5e-4, 1e-2, { scale: 'log' }),
    weightDecay: float(0.01, 1, { scale: 'log' }),
    beta2: float(0.95, 0.999),
    layers: int(2, 6),
    width: choice([64, 128, 256]),
    heads: choice([2, 4, 8]),
    regularisation: choice(['none', 'dropout']),
    dropout: float(0, 0.4, { when: { regularisation: 'dropout' } }),
    warmup: 50,
    decaySteps: 0,
  },

  build({ hyper, data }) {
    const { vocabularySize, target, featureShape } = data;
    if (vocabularySize === undefined || target.kind !== 'class' || target.shape.length !== 1) {
      throw new Error('transformer needs a data set of text: { text: path, context: 128 }');
    }
    const { width, heads } = hyper;
    const decaySteps: number = hyper.decaySteps;
    if (width % (2 * heads) !== 0)
      throw new Error(`width must be a multiple of 2 × heads, and ${width} is not one of ${2 * heads}`);
    const context = featureShape[0]!;
    const tables = attentionTables(context, heads, width / heads);
    const matrix = (rows: number, columns: number, deviation = rows ** -0.5) =>
      tf.variable(tf.randomNormal<tf.Rank.R2>([rows, columns], 0, deviation));
    const scale = () => tf.variable(tf.ones<tf.Rank.R1>([width]));

    const embedding = matrix(vocabularySize, width, 0.5);
    const blocks = Array.from({ length: hyper.layers }, () => ({
      attentionScale: scale(),
      project: matrix(width, 3 * width),
      // what is added to the residual stream starts small: it is added once a block (Radford et al. 2019, section 2.3)
      merge: matrix(width, width, (2 * hyper.layers * width) ** -0.5),
      hiddenScale: scale(),
      widen: matrix(width, 4 * width),
      narrow: matrix(4 * width, width, (2 * hyper.layers * 4 * width) ** -0.5),
    }));
    const outputScale = scale();
    const output = matrix(width, vocabularySize, 0.02);
    const matrices = [
      ...blocks.flatMap(({ project, merge, widen, narrow }) => [project, merge, widen, narrow]),
      output,
    ];
    const scales = [...blocks.flatMap(({ attentionScale, hiddenScale }) => [attentionScale, hiddenScale]), outputScale];
    const trained: tf.Variable[] = [embedding, ...matrices, ...scales];
    const optimizer = adam(trained);

    const embed = (tokens: tf.Tensor1D) => {
      if (vocabularySize > oneHotLimit) return tf.gather(embedding, tokens) as tf.Tensor2D;
      return tf.matMul(tf.oneHot(tokens, vocabularySize).cast('float32') as tf.Tensor2D, embedding as tf.Tensor2D);
    };
    /** Logits of each next token, `[batch × context, vocabulary]`. */
    const logits = (x: tf.Tensor, drop: Drop) => {
      let stream = drop(embed(x.flatten() as tf.Tensor1D));
      for (const block of blocks) {
        const projected = layerNorm(stream, block.attentionScale).matMul(block.project) as tf.Tensor2D;
        stream = stream.add(drop(attend(projected, context, tables).matMul(block.merge)));
        const hidden = gelu(layerNorm(stream, block.hiddenScale).matMul(block.widen));
        stream = stream.add(drop(hidden.matMul(block.narrow)));
      }
      return layerNorm(stream, outputScale).matMul(output) as tf.Tensor2D;
    };
    /** One loss a token, in nats: `[batch × context]`. */
    const losses = ({ y }: Batch, predicted: tf.Tensor2D) => softmaxCrossEntropy(y.flatten() as tf.Tensor1D, predicted);
    const dropping = (rate: tf.Scalar | undefined, random: KeyedRandom): Drop => {
      return rate === undefined ? (x) => x : (x) => dropout(x, rate, random);
    };

    return {
      step(batch, h, { random, step }) {
        const loss = () => losses(batch, logits(batch.x, dropping(h.dropout, random))).mean() as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, trained);
        const gradients = clipByGlobalNorm(
          trained.map(({ name }) => grads[name]!),
          1,
        );
        const warm = linearWarmup(h.learningRate, step, hyper.warmup);
        const learningRate = decaySteps === 0 ? warm : cosineDecay(warm, step, decaySteps, 0.02);
        optimizer.update(gradients, { learningRate, beta2: h.beta2 });
        decayWeights(matrices, h.weightDecay.mul(learningRate));
        return value;
      },
      predict: ({ x }) => tf.softmax(logits(x, (values) => values)).reshape([-1, context, vocabularySize]),
      evaluate(batch) {
        const predicted = logits(batch.x, (x) => x);
        const byRow = (values: tf.Tensor) => values.reshape([-1, context]).mean(1);
        const loss = byRow(losses(batch, predicted));
        return {
          loss,
          bitsPerToken: loss.div(Math.LN2),
          perplexity: exponentialMean(loss),
          accuracy: byRow(correct(batch.y.flatten() as tf.Tensor1D, predicted)),
        };
      },
    };
  },
});
