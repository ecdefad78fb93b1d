import {
  type AttributeValue,
  type DataTypeName,
  dataTypes,
  encodeGraph,
  type NodeDef,
  shapeProto,
} from './graph-def.js';

/** An output of a node in a graph being built: `node:output`. */
export type Reference = string;

const typeAttribute = (type: DataTypeName): AttributeValue => ({ type: dataTypes[type] });

/** Writes a GraphDef node by node. The names of nodes are unique; those that the caller gives are kept as they are. */
export class GraphBuilder {
  readonly nodes: NodeDef[] = [];
  readonly #names = new Set<string>();

  /** @param prefix of the names that are made here, where nodes of another builder are added under theirs */
  constructor(private readonly prefix = 'n') {}

  /** Adds a node and returns the reference of its first output. */
  node(op: string, input: readonly Reference[], attr: Record<string, AttributeValue>, name?: string): Reference {
    const unique = name ?? `${this.prefix}${this.nodes.length}_${op}`;
    if (this.#names.has(unique)) throw new Error(`the graph has a node "${unique}" already`);
    this.#names.add(unique);
    this.nodes.push({ name: unique, op, input: [...input], attr });
    return `${unique}:0`;
  }

  placeholder(name: string, type: DataTypeName, shape: readonly number[]): Reference {
    return this.node('Placeholder', [], { dtype: typeAttribute(type), shape: { shape: shapeProto(shape) } }, name);
  }

  constant(type: DataTypeName, shape: readonly number[], values: ArrayBufferView): Reference {
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.constantOfBytes(dataTypes[type], shape, content);
  }

  /** The same of TensorFlow's type number, and of the values as they lie in memory. */
  constantOfBytes(dtype: number, shape: readonly number[], bytes: Uint8Array): Reference {
    const tensor = { dtype, tensorShape: shapeProto(shape), tensorContent: Uint8Array.from(bytes) };
    return this.node('Const', [], { dtype: { type: dtype }, value: { tensor } });
  }

  int32(...values: number[]): Reference {
    return this.constant('int32', [values.length], Int32Array.from(values));
  }

  scalar(type: 'int32' | 'float32' | 'float64', value: number): Reference {
    const view = { int32: Int32Array, float32: Float32Array, float64: Float64Array }[type];
    return this.constant(type, [], view.of(value));
  }

  /** An integer below 2^53, as 64 bits. */
  scalar64(type: 'int64' | 'uint64', value: number): Reference {
    return this.constant(type, [], BigUint64Array.of(BigInt(value)));
  }

  /** Rows of `table` (first axis) by number. */
  gather(table: Reference, rows: Reference, type: DataTypeName): Reference {
    return this.node('GatherV2', [table, rows, this.scalar('int32', 0)], {
      Tparams: typeAttribute(type),
      Tindices: typeAttribute('int32'),
      Taxis: typeAttribute('int32'),
      batch_dims: { i: 0 },
    });
  }

  cast(value: Reference, from: DataTypeName, to: DataTypeName): Reference {
    if (from === to) return value;
    return this.node('Cast', [value], { SrcT: typeAttribute(from), DstT: typeAttribute(to) });
  }

  identity(value: Reference, type: DataTypeName): Reference {
    return this.node('Identity', [value], { T: typeAttribute(type) });
  }

  binary(op: 'AddV2' | 'Mul' | 'BitwiseXor', a: Reference, b: Reference, type: DataTypeName): Reference {
    return this.node(op, [a, b], { T: typeAttribute(type) });
  }

  /** Sum over the first axis of a vector: a scalar. */
  sum(vector: Reference, type: DataTypeName): Reference {
    return this.node('Sum', [vector, this.int32(0)], {
      T: typeAttribute(type),
      Tidx: typeAttribute('int32'),
      keep_dims: { b: false },
    });
  }

  reshape(value: Reference, shape: readonly number[], type: DataTypeName): Reference {
    return this.node('Reshape', [value, this.int32(...shape)], {
      T: typeAttribute(type),
      Tshape: typeAttribute('int32'),
    });
  }

  /** The first `size` values of a vector. */
  head(vector: Reference, size: number, type: DataTypeName): Reference {
    return this.node('Slice', [vector, this.int32(0), this.int32(size)], {
      T: typeAttribute(type),
      Index: typeAttribute('int32'),
    });
  }

  /** Scalars as a vector. */
  pack(scalars: readonly Reference[], type: DataTypeName): Reference {
    return this.node('Pack', scalars, { N: { i: scalars.length }, T: typeAttribute(type), axis: { i: 0 } });
  }

  encode(): Uint8Array {
    return encodeGraph(this.nodes);
  }
}
