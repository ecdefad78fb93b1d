import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EvaluationRunner, TrainingRunner } from '../../src/graph/index.js';
import { defineModel, float, sgd, softmaxCrossEntropy, trainableVariables } from '../../src/trial/index.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

type Batch = { readonly x: tf.Tensor; readonly y: tf.Tensor };
interface Added {
  /** Added to the training loss. */
  readonly training?: (batch: Batch) => tf.Tensor;
  /** Added to each row's metric. */
  readonly evaluation?: (batch: Batch) => tf.Tensor;
  readonly compile?: 'always' | 'never';
}

/** A traced model of one layer with more in its step, and data on which that more fails: traced with y from 0 to 2, run with 50. */
function failing({ training, evaluation, compile = 'never' }: Added) {
  const definition = defineModel({
    space: { learningRate: float(0.01, 1) },
    build() {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [12] })] });
      const optimizer = sgd(trainableVariables(model));
      const losses = ({ x, y }: Batch) => {
        return softmaxCrossEntropy(y.toInt() as tf.Tensor1D, model.apply(x) as tf.Tensor2D);
      };
      return {
        model,
        step: (batch, { learningRate }) => {
          const loss = optimizer.minimize(() => losses(batch).mean(), { learningRate: learningRate! });
          return training ? loss.add(training(batch).mean()) : loss;
        },
        evaluate: (batch) => ({ loss: evaluation ? losses(batch).add(evaluation(batch)) : losses(batch) }),
      };
    },
  });
  const mutable = { learningRate: 0.1 };
  const options = { featureShape: [12], classCount: 3, batchSize: 4, feature: (i: number) => i % 7, mutable, compile };
  const { traced, state, tables } = traceOnce(loaded, definition, options);
  tables.y.fill(50);
  const call = { hyperparameters: mutable, tables };
  return {
    train: () => {
      const runner = new TrainingRunner(loaded.addon, traced.training);
      return runner.train({ ...call, steps: 1, firstStep: 0, seed: [1, 2], from: state, to: state });
    },
    evaluate: () => {
      const runner = new EvaluationRunner(loaded.addon, traced.evaluation);
      return runner.evaluate({ ...call, rows: Int32Array.of(0, 1), state });
    },
  };
}

const table = () => tf.tensor1d([1, 2, 3]);
const outOfRange = ({ y }: Batch) => tf.gather(table(), y.toInt() as tf.Tensor1D);
const named = (op: string) => expect.stringMatching(new RegExp(`${op} \\(.*run-failure\\.test\\.ts:\\d+:\\d+\\)`));

describe('a call that TensorFlow fails names the op and the line', () => {
  it('of a training step', () => {
    expect(failing({ training: outOfRange }).train).toThrow(
      expect.objectContaining({ code: 'GRAPH_RUN_FAILED', message: named('training step, but GatherV2') }),
    );
  });

  it('of one without a loop', () => {
    const training = (batch: Batch) => {
      const pooled = tf.maxPool(batch.x.reshape([4, 3, 4, 1]) as tf.Tensor4D, 2, 1, 'same').mean();
      return outOfRange(batch).add(pooled);
    };
    expect(failing({ training }).train).toThrow(
      expect.objectContaining({ code: 'GRAPH_RUN_FAILED', message: named('training step, but GatherV2') }),
    );
  });

  it('of an evaluation', () => {
    expect(failing({ evaluation: outOfRange }).evaluate).toThrow(
      expect.objectContaining({ code: 'GRAPH_RUN_FAILED', message: named('evaluation, but GatherV2') }),
    );
  });

  it('of the last of a thousand operations', () => {
    const training = (batch: Batch) => {
      let x = batch.x;
      for (let i = 0; i < 1000; i++) x = x.sin();
      return outOfRange(batch).add(x.mean());
    };
    expect(failing({ training }).train).toThrow(expect.objectContaining({ message: named('GatherV2') }));
  });

  it('that XLA cannot compile, in a step and in an evaluation, with what to do', () => {
    const cropped = ({ x }: Batch) => {
      const images = x.reshape([4, 3, 4, 1]) as tf.Tensor4D;
      return tf.image.cropAndResize(images, tf.tensor2d([[0, 0, 1, 1]]), [0], [2, 2]).mean();
    };
    const { train, evaluate } = failing({ training: cropped, evaluation: cropped, compile: 'always' });
    const code = 'GRAPH_COMPILE_FAILED';
    const todo = expect.stringContaining('compile: never');
    expect(train).toThrow(expect.objectContaining({ code, todo, message: named('CropAndResize') }));
    expect(evaluate).toThrow(expect.objectContaining({ code, todo, message: named('CropAndResize') }));
  });

  it('in one line, and keeps what TensorFlow said', () => {
    try {
      failing({ training: outOfRange }).train();
      expect.unreachable();
    } catch (error) {
      const { message, cause } = error as Error & { cause: Error };
      expect(message).not.toMatch(/\n|\{\{/);
      expect(message).toContain('indices[0] = 50 is not in [0, 3)');
      expect(cause.message).toMatch(/\{\{node/);
    }
  });
});
