/** Which types of tensors a traced step can have, in constants, between ops and in variables; others are refused readably. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeConfig } from '../../src/graph/config-proto.js';
import { GraphBuilder } from '../../src/graph/graph-builder.js';
import { type DataTypeName, dataTypes } from '../../src/graph/graph-def.js';
import { defineModel, type ModelDefinition, sgd } from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import { settings } from '../support/classifier.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

describe('a constant', () => {
  const values: Readonly<Record<DataTypeName, ArrayBufferView>> = {
    float32: Float32Array.of(1.5, -2),
    float64: Float64Array.of(1.5, -2),
    int32: Int32Array.of(7, -8),
    uint8: Uint8Array.of(7, 255),
    int16: Int16Array.of(7, -8),
    int8: Int8Array.of(7, -8),
    complex64: Float32Array.of(1, 2, 3, 4),
    int64: BigInt64Array.of(7n, -8n),
    bool: Uint8Array.of(1, 0),
    bfloat16: Uint16Array.of(0x3f80, 0xc000),
    uint16: Uint16Array.of(7, 65535),
    complex128: Float64Array.of(1, 2, 3, 4),
    float16: Uint16Array.of(0x3c00, 0xc000),
    uint32: Uint32Array.of(7, 2 ** 32 - 1),
    uint64: BigUint64Array.of(7n, 2n ** 64n - 1n),
  };
  it.each(Object.keys(dataTypes) as DataTypeName[])('of type %s is what was given', (type) => {
    const graph = new GraphBuilder();
    const fetches = [graph.identity(graph.constant(type, [2], values[type]), type)];
    const spec = { key: `constant ${type}`, graph: graph.encode(), feeds: [], fetches, config: encodeConfig() };
    const program = loaded.addon.load(spec);
    const out = new Uint8Array(values[type].byteLength);
    loaded.addon.run(program, [], [out]);
    loaded.addon.release(program);
    expect(Buffer.from(out)).toEqual(Buffer.from(values[type].buffer as ArrayBuffer));
  });
});

/** A step whose loss weighs its variable by what an operation makes of the features, `[8, 6]`. */
function weighing(operation: (x: tf.Tensor2D) => tf.Tensor, more: () => void = () => {}): ModelDefinition {
  return defineModel({
    space: {},
    build() {
      more();
      const weights = tf.variable(tf.tensor1d([1, 2, 3, 4, 5, 6]));
      const optimizer = sgd([weights]);
      const rows = (x: tf.Tensor) =>
        operation(x as tf.Tensor2D)
          .reshape([8, -1])
          .mean(1) as tf.Tensor1D;
      return {
        step: ({ x }, hyper) =>
          optimizer.minimize(() => rows(x).mean().mul(weights.square().sum()) as tf.Scalar, hyper as never),
        evaluate: ({ x }) => ({ loss: rows(x) }),
      };
    },
  }) as unknown as ModelDefinition;
}

describe('a step agrees with eager tfjs that has', () => {
  it.each<[string, (x: tf.Tensor2D) => tf.Tensor]>([
    ['integers', (x) => x.mul(5).floor().cast('int32').mod(tf.scalar(3, 'int32')).cast('float32')],
    ['booleans', (x) => tf.where(x.greater(0.5).logicalAnd(x.less(0.8)), x, tf.zerosLike(x))],
    ['complex numbers', (x) => tf.imag(tf.complex(x, x.mul(2)).mul(tf.complex(tf.onesLike(x), x)))],
    ['a Fourier transform', (x) => tf.real(tf.fft(tf.complex(x, tf.zerosLike(x))))],
    ['a real Fourier transform', (x) => tf.abs(tf.rfft(x))],
  ])('%s', (_, operation) => {
    expectAgreement(loaded, weighing(operation), settings([6]));
  });

  it('a complex constant of its model', () => {
    let constant: tf.Tensor | undefined;
    const make = () => {
      constant = tf.complex([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]);
    };
    expectAgreement(
      loaded,
      weighing((x) => tf.imag(tf.complex(x, x).mul(constant!)), make),
      settings([6]),
    );
  });
});

describe('is refused, by name:', () => {
  it.each<[string, ModelDefinition, string, RegExp]>([
    [
      'a constant of strings',
      weighing((x) => x.mul(tf.equal(tf.tensor(['a']), tf.tensor(['a'])).cast('float32'))),
      'GRAPH_TYPE_NOT_SUPPORTED',
      /a constant is string/,
    ],
    [
      'a variable of strings',
      weighing(
        (x) => x,
        () => tf.variable(tf.tensor1d(['a']), false, 'words'),
      ),
      'GRAPH_TYPE_NOT_SUPPORTED',
      /variable "words" is string/,
    ],
    [
      'a variable of complex numbers',
      weighing(
        (x) => x,
        () => tf.variable(tf.complex([1], [2]), false, 'phases'),
      ),
      'GRAPH_TYPE_NOT_SUPPORTED',
      /variable "phases" is complex64/,
    ],
  ])('%s', (_, model, code, message) => {
    expect(() => traceOnce(loaded, model, settings([6]))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
