import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { forTfjs } from '../../../src/trial/layers/keras-config.js';

describe('what newer versions of Keras write', () => {
  it('has L1 and L2 as L1L2', () => {
    expect(forTfjs({ kernel_regularizer: { class_name: 'L2', config: { l2: 0.5 } } })).toEqual({
      kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.5 } },
    });
  });

  // as Keras 3.5's model.to_json() has it, shortened
  it('of Keras 3 has shapes, types and inputs as Keras 2 had them', () => {
    const tensor = {
      class_name: '__keras_tensor__',
      config: { shape: [null, 4], dtype: 'float32', keras_history: ['in', 0, 0] },
    };
    const layer = {
      class_name: 'Dense',
      name: 'out',
      config: { units: 2, dtype: { class_name: 'DTypePolicy', config: { name: 'float32' } } },
    };
    const model = {
      layers: [
        { class_name: 'InputLayer', name: 'in', config: { batch_shape: [null, 4] }, inbound_nodes: [] },
        { ...layer, inbound_nodes: [{ args: [tensor], kwargs: {} }] },
      ],
      input_layers: ['in', 0, 0],
      output_layers: [['out', 0, 0]],
    };
    expect(forTfjs(model)).toEqual({
      layers: [
        { class_name: 'InputLayer', name: 'in', config: { batch_input_shape: [null, 4] }, inbound_nodes: [] },
        { ...layer, config: { units: 2, dtype: 'float32' }, inbound_nodes: [[['in', 0, 0, {}]]] },
      ],
      input_layers: [['in', 0, 0]],
      output_layers: [['out', 0, 0]],
    });
  });

  // what keras.layers.GlobalAveragePooling2D(keepdims=True) gives, by NumPy: x.mean((1, 2), keepdims=True)
  it.each([
    { dimensions: 2, kind: 'Average', shape: [4, 2, 3], axes: [1, 1, 3] },
    { dimensions: 2, kind: 'Max', shape: [4, 2, 3], axes: [1, 1, 3] },
    { dimensions: 1, kind: 'Average', shape: [4, 3], axes: [1, 3] },
  ])('keeps axes that pooling keeps: $kind, $dimensions', async ({ dimensions, kind, shape, axes }) => {
    const class_name = `Global${kind}Pooling${dimensions}D`;
    const pooling = { class_name, config: { name: 'pool', keepdims: true, data_format: 'channels_last' } };
    const input = { class_name: 'InputLayer', name: 'in', config: { batch_shape: [null, ...shape], name: 'in' } };
    const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['in', 0, 0] } };
    const functional = {
      class_name: 'Functional',
      config: {
        name: 'model',
        layers: [
          { ...input, inbound_nodes: [] },
          { ...pooling, name: 'pool', inbound_nodes: [{ args: [tensor], kwargs: {} }] },
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['pool', 0, 0]],
      },
    };
    const sequential = { class_name: 'Sequential', config: { name: 'model', layers: [input, pooling] } };
    const x = tf.randomNormal([2, ...shape], 0, 1, 'float32', 3);
    const along = shape.slice(1).map((_, axis) => axis + 1);
    const expected = kind === 'Max' ? x.max(along, true) : x.mean(along, true);
    for (const topology of [functional, sequential]) {
      const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: forTfjs(topology) as object }));
      expect(model.outputs[0]!.shape).toEqual([null, ...axes]);
      const found = model.predict(x) as tf.Tensor;
      expect(found.shape).toEqual([2, ...axes]);
      expect(found.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    }
  });

  it('stays as it is where it is older', () => {
    const node = { inbound_nodes: [[['in', 0, 0, {}]]], config: { dtype: 'float32', batch_input_shape: [null, 2] } };
    expect(forTfjs(node)).toEqual(node);
  });
});
