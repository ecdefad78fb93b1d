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

  it('stays as it is where it is older', () => {
    const node = { inbound_nodes: [[['in', 0, 0, {}]]], config: { dtype: 'float32', batch_input_shape: [null, 2] } };
    expect(forTfjs(node)).toEqual(node);
  });
});
