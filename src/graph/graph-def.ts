/**
 * TensorFlow's GraphDef as protocol buffers: the few messages a traced graph needs, with TensorFlow's own field numbers
 * (tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape,types,versions}.proto).
 */
import protobuf from 'protobufjs/light.js';

/** TensorFlow's type numbers (types.proto) of what can be traced: all that the addon can feed. */
export const dataTypes = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  complex128: 18,
  float16: 19,
  uint32: 22,
  uint64: 23,
} as const;
export type DataTypeName = keyof typeof dataTypes;

/** What has no numbers in it, and may be met in a step all the same. */
const otherTypes: Readonly<Record<number, string>> = { 7: 'string', 20: 'resource', 21: 'variant' };

/** For messages: a type by its number, of those that cannot be traced. */
export function typeText(type: number): string {
  return otherTypes[type] ?? `TensorFlow type ${type}`;
}

export interface TensorShape {
  /** -1: not known before the run. */
  dim: { size: number }[];
}
export interface AttributeValue {
  list?: { s?: Uint8Array[]; i?: number[]; f?: number[]; b?: boolean[]; type?: number[]; shape?: TensorShape[] };
  s?: Uint8Array;
  i?: number;
  f?: number;
  b?: boolean;
  type?: number;
  shape?: TensorShape;
  tensor?: { dtype: number; tensorShape: TensorShape; tensorContent: Uint8Array };
}
export interface NodeDef {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, AttributeValue>;
}

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    Dim: { fields: { size: field('int64', 1) } },
    TensorShape: { fields: { dim: repeated('Dim', 2) } },
    Tensor: {
      fields: { dtype: field('int32', 1), tensorShape: field('TensorShape', 2), tensorContent: field('bytes', 4) },
    },
    ListValue: {
      fields: {
        s: repeated('bytes', 2),
        i: { ...repeated('int64', 3), options: { packed: true } },
        f: { ...repeated('float', 4), options: { packed: true } },
        b: { ...repeated('bool', 5), options: { packed: true } },
        type: { ...repeated('int32', 6), options: { packed: true } },
        shape: repeated('TensorShape', 7),
      },
    },
    AttrValue: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: field('ListValue', 1),
        s: field('bytes', 2),
        i: field('int64', 3),
        f: field('float', 4),
        b: field('bool', 5),
        type: field('int32', 6),
        shape: field('TensorShape', 7),
        tensor: field('Tensor', 8),
      },
    },
    NodeDef: {
      fields: {
        name: field('string', 1),
        op: field('string', 2),
        input: repeated('string', 3),
        attr: { keyType: 'string', type: 'AttrValue', id: 5 } as protobuf.IField,
      },
    },
    Versions: { fields: { producer: field('int32', 1), minConsumer: field('int32', 2) } },
    GraphDef: { fields: { node: repeated('NodeDef', 1), versions: field('Versions', 4) } },
  },
});

const graphDef = root.lookupType('GraphDef');

/** The GraphDef producer version written: TensorFlow 2.12's, old enough for any library that this project loads. */
const producer = 1395;

/** The serialized GraphDef of these nodes. */
export function encodeGraph(nodes: readonly NodeDef[]): Uint8Array {
  return graphDef.encode({ node: nodes, versions: { producer } }).finish();
}

export function shapeProto(shape: readonly number[]): TensorShape {
  return { dim: shape.map((size) => ({ size })) };
}
