import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  defineModel,
  EagerRunner,
  float,
  type MutableHyperparameters,
  type StepContext,
  sgd,
  softmaxCrossEntropy,
  trainableVariables,
} from '../../src/trial/index.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const space = { learningRate: float(0.01, 1) };
type Hyper = MutableHyperparameters<typeof space>;
type Batch = { readonly x: tf.Tensor; readonly y: tf.Tensor1D };

/** What a step under test is made of. */
interface Parts {
  readonly model: tf.LayersModel;
  readonly loss: (batch: Batch) => tf.Scalar;
  /** A plain step of gradient descent. */
  readonly train: (batch: Batch, h: Hyper) => tf.Scalar;
}
type Step = (batch: Batch, h: Hyper, context: StepContext) => tf.Scalar;

/** Traces a model of one layer whose step is `makeStep`'s. */
function trace(makeStep: (parts: Parts) => Step, evaluated: (logits: tf.Tensor) => tf.Tensor = (logits) => logits) {
  const definition = defineModel({
    space,
    build() {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
      const optimizer = sgd(trainableVariables(model));
      const losses = ({ x, y }: Batch) => softmaxCrossEntropy(y, evaluated(model.apply(x) as tf.Tensor) as tf.Tensor2D);
      const loss = (batch: Batch) => losses(batch).mean() as tf.Scalar;
      const train = (batch: Batch, { learningRate }: Hyper) => {
        return optimizer.minimize(() => loss(batch), { learningRate: learningRate! });
      };
      return { model, step: makeStep({ model, loss, train }), evaluate: (batch) => ({ loss: losses(batch) }) };
    },
  });
  return traceOnce(loaded, definition, {
    featureShape: [4],
    classCount: 3,
    batchSize: 8,
    feature: (i) => Math.sin(i),
    mutable: { learningRate: 0.1 },
  });
}

/** The trace is refused, with a line of this file in the message. */
function expectRefusal(makeStep: (parts: Parts) => Step, code: string, says: RegExp, todo = /./): void {
  const message = expect.stringMatching(says);
  const refusal = expect.objectContaining({ code, message, todo: expect.stringMatching(todo) });
  expect(() => trace(makeStep)).toThrow(refusal);
  if (code.startsWith('GRAPH')) expect(() => trace(makeStep)).toThrow(/refused-steps\.test\.ts:\d+/);
}

describe('a step that reads a value of its own', () => {
  const cases: [string, (parts: Parts) => Step, RegExp, RegExp?][] = [
    [
      'an if on the batch',
      ({ train }) =>
        (b, h) =>
          b.x.mean().dataSync()[0]! > 1e9 ? train(b, h).mul(2) : train(b, h),
      /a result of Mean/,
      /tf\.where/,
    ],
    [
      'an if on the loss that is never true',
      ({ train }) =>
        (b, h) => {
          const loss = train(b, h);
          return loss.dataSync()[0]! > 1e9 ? loss.mul(0) : loss;
        },
      /a result of/,
    ],
    [
      'an if on a hyperparameter',
      ({ train }) =>
        (b, h) =>
          h.learningRate!.dataSync()[0]! > 10 ? train(b, h).mul(0) : train(b, h),
      /hyperparameter "learningRate"/,
      /h\.learningRate/,
    ],
    [
      'a rate that is rounded in JavaScript',
      ({ loss, model }) => {
        const optimizer = sgd(trainableVariables(model));
        return (b, h) => {
          const learningRate = Math.round(h.learningRate!.dataSync()[0]! * 0) + 0.01;
          return optimizer.minimize(() => loss(b), { learningRate });
        };
      },
      /hyperparameter "learningRate"/,
    ],
    [
      'every thousandth step',
      ({ train }) =>
        (b, h, { step }) =>
          step.dataSync()[0]! % 1000 === 999 ? train(b, h).mul(0) : train(b, h),
      /the step number/,
    ],
    [
      'a loop that counts labels',
      ({ train }) =>
        (b, h) => {
          const count = b.y.dataSync().filter((label) => label === 11).length;
          return train(b, h).add(count);
        },
      /the batch's y/,
      /tf\.sum/,
    ],
    [
      'a weight, as nested arrays',
      ({ train, model }) =>
        (b, h) => {
          const [[first]] = model.getWeights()[0]!.arraySync() as [[number]];
          return first > 1e9 ? train(b, h).mul(0) : train(b, h);
        },
      /variable "dense.*kernel"/,
    ],
    [
      'a draw',
      ({ train }) =>
        (b, h, { random }) =>
          random.uniform([]).dataSync()[0]! < 0.001 ? train(b, h).mul(0) : train(b, h),
      /a random draw/,
    ],
    [
      'print',
      ({ train }) =>
        (b, h) => {
          const loss = train(b, h);
          loss.print();
          return loss;
        },
      /a result of/,
      /evaluate/,
    ],
    [
      'a read that it catches the refusal of',
      ({ train }) =>
        (b, h) => {
          try {
            if (b.x.dataSync()[0]! > 1e9) return train(b, h).mul(0);
          } catch {}
          return train(b, h);
        },
      /the batch's x/,
    ],
    [
      'a read by a promise',
      ({ train }) =>
        (b, h) => {
          void b.x.data().then(() => undefined);
          return train(b, h);
        },
      /the batch's x/,
    ],
  ];
  it.each(cases)('%s', (_, makeStep, says, todo) => expectRefusal(makeStep, 'GRAPH_VALUE_READ', says, todo));

  it('but constants may be read, and what tfjs reads to check it', () => {
    const { traced } = trace(({ train }) => {
      const table = tf.tensor2d([[1], [2], [3]]);
      return (b, h) => {
        const looked = tf.gather(table, b.y).mean();
        const scale = tf.scalar(3).dataSync()[0]! * (table.shape[0] ?? 1);
        return train(b, h).add(looked).mul(scale);
      };
    });
    expect(traced.training.kind).toBe('training');
  });

  it('in an evaluation', () => {
    const evaluated = (logits: tf.Tensor) => (logits.dataSync()[0]! > 1e9 ? logits.mul(0) : logits);
    expect(() => trace(({ train }) => train, evaluated)).toThrow(
      expect.objectContaining({
        code: 'GRAPH_VALUE_READ',
        message: expect.stringMatching(/refused-steps\.test\.ts:\d+/),
      }),
    );
  });
});

describe('a step that takes from outside', () => {
  const cases: [string, (parts: Parts) => Step, string, RegExp, RegExp][] = [
    [
      'a rare event',
      ({ train }) =>
        (b, h) =>
          Math.random() < 1e-9 ? train(b, h).mul(2) : train(b, h),
      'GRAPH_DRAWN_IN_JAVASCRIPT',
      /Math\.random\(\) was called/,
      /tf\.where/,
    ],
    [
      'tf.dropout',
      ({ train }) =>
        (b, h) =>
          train(b, h).add(tf.dropout(b.x, 0.5).mean()),
      'GRAPH_DRAWN_IN_JAVASCRIPT',
      /tf\.dropout/,
      /dropout\(x, rate, random\)/,
    ],
    [
      'tf.randomNormal',
      ({ train }) =>
        (b, h) =>
          train(b, h).add(tf.randomNormal([2]).mean()),
      'GRAPH_DRAWN_IN_JAVASCRIPT',
      /tf\.randomNormal/,
      /random\.normal\(shape\)/,
    ],
    [
      'Date.now',
      ({ train }) =>
        (b, h) =>
          Date.now() < 0 ? train(b, h).mul(2) : train(b, h),
      'GRAPH_CLOCK_READ',
      /Date\.now\(\)/,
      /step/,
    ],
    [
      'a new Date',
      ({ train }) =>
        (b, h) =>
          new Date().getFullYear() === 1970 ? train(b, h).mul(2) : train(b, h),
      'GRAPH_CLOCK_READ',
      /new Date\(\)/,
      /step/,
    ],
    [
      'performance.now',
      ({ train }) =>
        (b, h) =>
          performance.now() < 0 ? train(b, h).mul(2) : train(b, h),
      'GRAPH_CLOCK_READ',
      /performance\.now\(\)/,
      /step/,
    ],
  ];
  it.each(cases)('%s', (_, makeStep, code, says, todo) => expectRefusal(makeStep, code, says, todo));

  it("a random op with a seed, whose state would be the process's", () => {
    expectRefusal(
      ({ train }) =>
        (b, h) =>
          train(b, h).add(tf.multinomial(tf.zeros([3]) as tf.Tensor1D, 2, 7).sum()),
      'GRAPH_OP_KEEPS_STATE',
      /Multinomial/,
    );
  });

  it('leaves randomness and the clock as they were', () => {
    const before = [Math.random, Date, performance.now];
    expect(() => trace(cases[0]![1])).toThrow();
    expect([Math.random, Date, performance.now]).toEqual(before);
  });
});

describe('a step that keeps something in JavaScript', () => {
  const keeps = (makeStep: (parts: Parts) => Step, says: RegExp) => {
    expectRefusal(makeStep, 'TRIAL_STEP_KEEPS_STATE', says, /tf\.Variable/);
  };

  it('a counter that decides after a hundred calls', () => {
    let count = 0;
    keeps(
      ({ train }) =>
        (b, h) =>
          count++ < 100 ? train(b, h) : train(b, h).mul(0.5),
      /"count" from \d+ to \d+/,
    );
  });

  it('a rate that decays in a function beside it', () => {
    keeps(({ loss, model }) => {
      const optimizer = sgd(trainableVariables(model));
      let calls = 0;
      const rate = () => 0.1 * 0.5 ** Math.floor(calls++ / 1000);
      return (b) => optimizer.minimize(() => loss(b), { learningRate: rate() });
    }, /"calls"/);
  });

  it('a field of an object', () => {
    const schedule = { state: { calls: 0 } };
    keeps(({ train }) => {
      return (b, h) => (schedule.state.calls++ < 100 ? train(b, h) : train(b, h).mul(0.5));
    }, /"schedule\.state\.calls"/);
  });

  it('a counter in another scope, which changes what is computed within three calls', () => {
    const after = (calls: number) => {
      let left = calls;
      return () => left-- <= 0;
    };
    expectRefusal(
      ({ train }) => {
        const isLate = after(2);
        return (b, h) => (isLate() ? train(b, h).square() : train(b, h));
      },
      'GRAPH_STEP_NOT_REPEATABLE',
      /Square/,
    );
  });

  it('but what its first call computes may stay', () => {
    let table: { scale: number } | undefined;
    const { traced } = trace(({ train }) => (b, h) => {
      table ??= { scale: 2 };
      return train(b, h).mul(table.scale);
    });
    expect(traced.training.kind).toBe('training');
  });
});

describe('a step that runs op by op', () => {
  const runner = (makeStep: (parts: Parts) => Step) => {
    const { building, state, tables } = trace(({ train }) => train);
    const step = makeStep({ train: building.model.step as Parts['train'] } as Parts);
    const eager = new EagerRunner({
      building: { ...building, model: { ...building.model, step: step as typeof building.model.step } },
      backend: loaded.backend,
      columns: [
        { name: 'x', type: 'float32', rowShape: [4] },
        { name: 'y', type: 'int32', rowShape: [] },
      ],
      batchSize: 8,
      evaluationBatchSize: 8,
    });
    eager.indices.set([0, 1, 2, 3, 4, 5, 6, 7]);
    const hyperparameters = { learningRate: 0.1 };
    return (firstStep: number) => {
      return eager.train({ firstStep, seed: [1, 2], hyperparameters, tables, from: state, to: state });
    };
  };

  it('may read values, and draws in JavaScript what depends on the step only', () => {
    const train = runner(() => (b) => tf.scalar(Math.random() + b.x.dataSync()[0]! * 0));
    const losses = [train(0), train(1), train(0)];
    expect(losses[2]).toBe(losses[0]);
    expect(losses[1]).not.toBe(losses[0]);
  });

  it('may not keep what all trials would share', () => {
    let calls = 0;
    const train = runner(
      ({ train }) =>
        (b, h) =>
          calls++ < 100 ? train(b, h) : train(b, h).mul(2),
    );
    train(0);
    expect(() => train(1)).toThrow(expect.objectContaining({ code: 'TRIAL_STEP_KEEPS_STATE' }));
  });

  it('may not make variables', () => {
    const optimizer = tf.train.adam(0.01);
    const train = runner(({ train }) => (b, h) => {
      optimizer.minimize(() => b.x.mul(tf.variable(tf.scalar(1))).mean(), true);
      return train(b, h);
    });
    expect(() => train(0)).toThrow(expect.objectContaining({ code: 'TRIAL_VARIABLE_MADE_IN_STEP' }));
  });
});

describe('a step with variables that build did not make', () => {
  it.each([
    ['tf.train.adam', () => tf.train.adam(0.01)],
    ['tf.train.momentum', () => tf.train.momentum(0.01, 0.9)],
  ])('%s is refused, with what to use', (_, make) => {
    const optimizer = make();
    const step = ({ loss }: Parts): Step => {
      return (b) => optimizer.minimize(() => loss(b), true) as tf.Scalar;
    };
    expectRefusal(step, 'TRIAL_VARIABLE_MADE_IN_STEP', /refused-steps\.test\.ts:\d+/, /adam\(trainableVariables/);
  });

  it('a layer that is built by its first call', () => {
    const late = tf.layers.dense({ units: 1 });
    expectRefusal(
      ({ train }) =>
        (b, h) =>
          train(b, h).add((late.apply(b.x) as tf.Tensor).mean()),
      'TRIAL_VARIABLE_MADE_IN_STEP',
      /refused-steps\.test\.ts:\d+/,
    );
  });

  it('one of the module that it assigns', () => {
    const seen = tf.variable(tf.scalar(0), false, 'seen');
    expectRefusal(
      ({ train }) =>
        (b, h) => {
          seen.assign(seen.add(1));
          return train(b, h);
        },
      'TRIAL_VARIABLE_OUTSIDE_STATE',
      /"seen" \(.*refused-steps\.test\.ts:\d+/,
    );
  });

  it('the optimizer of tf.train that keeps nothing is traced', () => {
    const optimizer = tf.train.sgd(0.01);
    const { traced } = trace(
      ({ loss }) =>
        (b) =>
          optimizer.minimize(() => loss(b), true) as tf.Scalar,
    );
    expect(traced.training.kind).toBe('training');
  });
});
