import * as tf from '@tensorflow/tfjs';

interface Kinds {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
}

interface OpBackend {
  readonly binding: Kinds;
  executeMultipleOutputs(op: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

/** An op's attribute: a type by name, or a number (float), boolean or string. */
export type RawAttribute = { readonly type: 'float32' | 'int32' | 'int64' } | number | boolean | string;

const types = { float32: 'TF_FLOAT', int32: 'TF_INT32', int64: 'TF_INT64' } as const;

function attribute(kinds: Kinds, name: string, value: RawAttribute): object {
  switch (typeof value) {
    case 'number':
      return { name, type: kinds.TF_ATTR_FLOAT, value };
    case 'boolean':
      return { name, type: kinds.TF_ATTR_BOOL, value };
    case 'string':
      return { name, type: kinds.TF_ATTR_STRING, value };
    default:
      return { name, type: kinds.TF_ATTR_TYPE, value: kinds[types[value.type]] };
  }
}

/** Runs an op of TensorFlow that tfjs has no kernel for, through tfjs-node's backend; it is traced like any other. */
export function rawOp(
  op: string,
  attributes: Readonly<Record<string, RawAttribute>>,
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as OpBackend;
  const list = Object.entries(attributes).map(([name, value]) => attribute(backend.binding, name, value));
  return backend.executeMultipleOutputs(op, list, inputs, outputs);
}
