/**
 * Watches tfjs-node's binding while a step runs eagerly. Every kernel of tfjs-node ends in one call,
 * `executeOp(name, attributes, inputIds, outputCount)`; writing those calls down gives the step's graph. (The idea of
 * tracing by running once with a recording interpreter: jax, "Autodidax".)
 */
import { attributeValue, type BindingAttribute } from './attributes.js';
import type { Binding, TensorFlowBackend, TensorLike } from './backend.js';
import { errors } from './errors.js';
import { applies } from './fused-rules.js';
import type { GraphBuilder, Reference } from './graph-builder.js';
import { type DataTypeName, dataTypes, typeText } from './graph-def.js';
import type { OpDefinitions } from './op-definitions.js';
import { type CallSite, callSite } from './user-line.js';
import { ValueReads } from './value-reads.js';

/** An op that was run, in order; `node` is its index in the graph. */
export interface RecordedOp {
  readonly op: string;
  readonly node: number;
  readonly site: CallSite;
}

interface CreatedTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

function typeName(type: number): DataTypeName {
  for (const [name, number] of Object.entries(dataTypes)) if (number === type) return name as DataTypeName;
  throw errors.GRAPH_TYPE_NOT_SUPPORTED({ what: 'a constant', type: typeText(type) });
}

/** Records the ops of one function run into a graph. One recorder serves one run. */
export class Recorder {
  readonly ops: RecordedOp[] = [];
  readonly #references = new Map<number, Reference>();
  /** Tensors made from JavaScript values during the run. */
  readonly #created = new Map<number, CreatedTensor>();
  /** Tensors that were given to an op: what a constant needs to know of one that existed before the run. */
  readonly #seen = new Map<number, TensorLike>();
  /** TensorFlow's type number of each tensor that an op took or gave. */
  readonly #types = new Map<number, number>();
  readonly #shapes = new Map<number, readonly number[]>();
  /** Outputs of convolutions. */
  readonly #convolved = new Set<number>();
  /** What a reshaped tensor was before it was reshaped for the first time. */
  readonly #unshaped = new Map<number, number>();
  readonly #deleted: number[] = [];
  readonly #reads = new ValueReads();
  readonly #binding: Binding;
  readonly #spy: Binding;

  constructor(
    readonly backend: TensorFlowBackend,
    readonly graph: GraphBuilder,
    readonly definitions: OpDefinitions,
  ) {
    this.#binding = backend.binding;
    this.#spy = this.#makeSpy();
  }

  /**
   * Says that `tensor`, made before the run, is `reference` in the graph.
   * @param what it is, for the error of a step that reads its value
   */
  bind(tensor: TensorLike, reference: Reference, what: string): void {
    const id = this.backend.getInputTensorIds([tensor])[0]!;
    this.#references.set(id, reference);
    this.#reads.given(id, what);
    this.#types.set(id, dataTypes[tensor.dtype as DataTypeName]);
    this.#shapes.set(id, tensor.shape);
  }

  /**
   * Runs `step`, recording. Tensors that it deletes live until `dispose`, so that ids stay unique.
   * @throws GRAPH_VALUE_READ, and whatever `step` throws
   */
  record<T>(step: () => T): T {
    const { backend } = this;
    const { getInputTensorIds, read } = backend;
    backend.binding = this.#spy;
    backend.getInputTensorIds = (tensors) => {
      const ids = getInputTensorIds.call(backend, tensors);
      for (const [index, id] of ids.entries()) this.#seen.set(id, tensors[index]!);
      return ids;
    };
    backend.read = (dataId) => this.#reads.promised(() => read.call(backend, dataId));
    try {
      return this.#reads.checked(step);
    } finally {
      backend.binding = this.#binding;
      backend.getInputTensorIds = getInputTensorIds;
      backend.read = read;
    }
  }

  /** Runs something within `record` that is no part of the graph. */
  unrecorded<T>(act: () => T): T {
    const { backend } = this;
    const recording = backend.binding;
    backend.binding = this.#binding;
    try {
      return act();
    } finally {
      backend.binding = recording;
    }
  }

  /** The reference of a tensor: bound, computed by a recorded op, or else a constant. */
  referenceOf(tensor: TensorLike): Reference {
    const id = this.record(() => this.backend.getInputTensorIds([tensor])[0]!);
    return this.#reference(id);
  }

  /** Frees what the step deleted. No reference may be asked for afterwards. */
  dispose(): void {
    for (const id of this.#deleted) this.#binding.deleteTensor(id);
    this.#deleted.length = 0;
    this.#created.clear();
    this.#seen.clear();
  }

  #reference(id: number): Reference {
    let reference = this.#references.get(id);
    if (reference === undefined) {
      reference = this.#constant(id);
      this.#references.set(id, reference);
    }
    return reference;
  }

  /** A value that no recorded op computed: it was made in JavaScript during the step, or it existed before. */
  #constant(id: number): Reference {
    const created = this.#created.get(id);
    if (created) {
      const type = typeName(created.type);
      this.#types.set(id, created.type);
      return this.graph.constant(type, created.shape, typed(created.values, type));
    }
    const { dtype, shape } = this.#seen.get(id)!;
    if (!(dtype in dataTypes)) throw errors.GRAPH_TYPE_NOT_SUPPORTED({ what: 'a tensor', type: dtype });
    this.#types.set(id, dataTypes[dtype as DataTypeName]);
    return this.graph.constant(dtype as DataTypeName, shape, this.#binding.tensorDataSync(id));
  }

  #makeSpy(): Binding {
    const real = this.#binding;
    const spy: Record<string, unknown> = {};
    for (const name of Object.getOwnPropertyNames(real)) {
      const value = (real as unknown as Record<string, unknown>)[name];
      spy[name] = typeof value === 'function' ? value.bind(real) : value;
    }
    const overrides: Partial<Binding> = {
      createTensor: (shape, type, values) => {
        const id = real.createTensor(shape, type, values);
        this.#created.set(id, { shape: [...shape], type, values });
        return id;
      },
      deleteTensor: (id) => {
        this.#deleted.push(id);
      },
      tensorDataSync: (id) => {
        this.#reads.read(id);
        return real.tensorDataSync(id);
      },
      executeOp: (op, attributes, inputs, outputCount) => {
        const outputs = real.executeOp(op, attributes, inputs, outputCount);
        this.#write(op, attributes, [...inputs], outputs);
        return outputs;
      },
    };
    return Object.assign(spy, overrides) as unknown as Binding;
  }

  #write(op: string, attributes: BindingAttribute[], inputs: number[], outputs: OutputTensor[]): void {
    for (const { id, dtype, shape } of outputs) {
      this.#types.set(id, dtype);
      this.#shapes.set(id, shape);
    }
    this.#reads.computed(op, inputs, outputs);
    if (applies('no-ops') && this.#isNothing(op, inputs, outputs)) return;
    if (this.definitions.isStateful(op)) throw errors.GRAPH_OP_KEEPS_STATE({ op, line: callSite().line });
    const from = inputs.map((id) => this.#reference(id));
    const given = Object.fromEntries(attributes.map((a) => [a.name, attributeValue(this.#binding, a)]));
    const types = inputs.map((id) => this.#types.get(id)!);
    const attr = { ...this.definitions.inferred(op, types, given), ...given };
    if (convolutions.has(op)) this.#convolved.add(outputs[0]!.id);
    this.ops.push({ op, node: this.graph.nodes.length, site: callSite() });
    const reference = this.#addsBias(op, inputs)
      ? this.graph.node('BiasAdd', from, { ...attr, data_format: { s: Buffer.from('NHWC') } })
      : this.graph.node(op, from, attr);
    const name = reference.slice(0, -2);
    for (const [index, { id }] of outputs.entries()) this.#references.set(id, `${name}:${index}`);
  }

  /** Whether it adds a vector along the last dimension of a convolution: as `BiasAdd`, TensorFlow computes the two at once. */
  #addsBias(op: string, [to, added]: number[]): boolean {
    if (op !== 'Add' || !this.#convolved.has(to!)) return false;
    const shape = this.#shapes.get(added!) ?? this.#seen.get(added!)!.shape;
    return shape.length === 1 && shape[0] === this.#shapes.get(to!)!.at(-1) && applies('bias');
  }

  /**
   * Casts to the same type and reshapes to a shape that the tensor had, with what was reshaped before reshaped at once: a third
   * of what tfjs runs. TensorFlow takes them out of a graph, but not out of a loop's body.
   */
  #isNothing(op: string, inputs: number[], [output]: OutputTensor[]): boolean {
    const [input] = inputs as [number];
    if (op === 'Cast' && this.#types.get(input) === output!.dtype && this.#references.has(input)) {
      this.#alias(output!.id, input);
      return true;
    }
    if (op !== 'Reshape') return false;
    const whole = this.#unshaped.get(input) ?? input;
    inputs[0] = whole;
    this.#unshaped.set(output!.id, whole);
    const before = this.#shapes.get(whole);
    if (before === undefined || !sameShape(before, output!.shape)) return false;
    this.#alias(output!.id, whole);
    return true;
  }

  #alias(id: number, other: number): void {
    this.#references.set(id, this.#reference(other));
    const whole = this.#unshaped.get(other);
    if (whole !== undefined) this.#unshaped.set(id, whole);
  }
}

const convolutions = new Set(['Conv2D', 'DepthwiseConv2dNative']);

interface OutputTensor {
  readonly id: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

const sameShape = (a: readonly number[], b: readonly number[]) => {
  return a.length === b.length && a.every((size, index) => size === b[index]);
};

/** The values of a created tensor in the layout of its type (tfjs hands over booleans and numbers as it has them). */
function typed(values: ArrayBufferView, type: DataTypeName): ArrayBufferView {
  const numbers = values as unknown as ArrayLike<number>;
  if (type === 'bool' && !(values instanceof Uint8Array)) return Uint8Array.from(numbers);
  return values;
}
