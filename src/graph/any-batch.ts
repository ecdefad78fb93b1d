/** Two graphs of one function, traced with batches of different sizes, as one graph for a batch of any size. */
import { GraphBuilder, type Reference } from './graph-builder.js';
import { dataTypes, type NodeDef } from './graph-def.js';

/** A trace with a batch of one size. */
export interface FixedInference {
  readonly nodes: readonly NodeDef[];
  readonly output: Reference;
  readonly rowShape: readonly number[];
  readonly batchSize: number;
}

interface Constant {
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** `intercepts + slopes × batch`, element by element. */
interface Linear {
  readonly intercepts: readonly number[];
  readonly slopes: readonly number[];
}

/**
 * One graph that does what both do. The traces must have the same ops; integers that differ (shapes, mostly) must be linear in the size
 * of the batch, and constants whose shapes differ must have one value throughout, such as the zeros that a recurrent layer starts
 * from. `undefined` where something else differs: then the function depends on the size in a way that is not seen here.
 */
export function anyBatch(
  one: FixedInference,
  other: FixedInference,
): { nodes: readonly NodeDef[]; output: Reference } | undefined {
  if (one.nodes.length !== other.nodes.length || one.output !== other.output) return undefined;
  if (`${one.rowShape}` !== `${other.rowShape}`) return undefined;
  const merger = new Merger(one, other);
  for (const [index, node] of one.nodes.entries()) {
    if (!merger.add(node, other.nodes[index]!)) return undefined;
  }
  return { nodes: merger.graph.nodes, output: one.output };
}

class Merger {
  readonly graph = new GraphBuilder('b');
  /** References that stand for another one's. */
  readonly #replaced = new Map<Reference, Reference>();
  #batch: Reference | undefined;

  constructor(
    private readonly one: FixedInference,
    private readonly other: FixedInference,
  ) {}

  /** Whether the two nodes could be made one. */
  add(a: NodeDef, b: NodeDef): boolean {
    if (a.op !== b.op || `${a.input}` !== `${b.input}`) return false;
    if (a.op === 'Const') return this.#addConstant(a, b);
    if (!sameAttributes(a, b)) return false;
    const input = a.input.map((reference) => this.#replaced.get(reference) ?? reference);
    this.graph.node(a.op, input, a.attr, a.name);
    return true;
  }

  #addConstant(node: NodeDef, b: NodeDef): boolean {
    const [first, second] = [constantOf(node), constantOf(b)];
    if (first.type !== second.type || first.shape.length !== second.shape.length) return false;
    if (`${first.shape}` !== `${second.shape}`) return this.#addFilled(node, first, second);
    if (Buffer.compare(first.bytes, second.bytes) === 0) {
      this.graph.node('Const', [], node.attr, node.name);
      return true;
    }
    if (first.type !== dataTypes.int32) return false;
    const linear = this.#linear([...int32s(first)], [...int32s(second)]);
    if (linear === undefined) return false;
    const single = this.#isShapeOfReshapes(node) ? withOneUnknown(linear) : undefined;
    const value = single === undefined ? this.#computed(linear, first.shape, node.name) : this.graph.int32(...single);
    this.#replaced.set(`${node.name}:0`, value);
    return true;
  }

  /** One value throughout, in a shape that the batch's size decides. */
  #addFilled({ name }: NodeDef, first: Constant, second: Constant): boolean {
    const value = uniformBytes(first, second);
    const shape = this.#linear(first.shape, second.shape);
    if (value === undefined || shape === undefined) return false;
    const dims = this.#computed(shape, [first.shape.length], name);
    const scalar = this.graph.constantOfBytes(first.type, [], value);
    const attributes = { T: { type: first.type }, index_type: { type: dataTypes.int32 } };
    this.#replaced.set(`${name}:0`, this.graph.node('Fill', [dims, scalar], attributes, `${name}/filled`));
    return true;
  }

  #linear(first: readonly number[], second: readonly number[]): Linear | undefined {
    const step = this.other.batchSize - this.one.batchSize;
    const slopes = first.map((value, i) => (second[i]! - value) / step);
    if (!slopes.every(Number.isInteger)) return undefined;
    return { slopes, intercepts: first.map((value, i) => value - slopes[i]! * this.one.batchSize) };
  }

  #computed({ slopes, intercepts }: Linear, shape: readonly number[], name: string): Reference {
    const { graph } = this;
    this.#batch ??= this.#batchSize();
    const values = (numbers: readonly number[]) => graph.constant('int32', shape, Int32Array.from(numbers));
    const scaled = graph.node('Mul', [this.#batch, values(slopes)], int32Attribute, `${name}/scaled`);
    return graph.node('AddV2', [scaled, values(intercepts)], int32Attribute, `${name}/computed`);
  }

  /** int32 []: rows of the first input. */
  #batchSize(): Reference {
    const { graph } = this;
    const input = this.one.nodes.find(({ op }) => op === 'Placeholder')!;
    const attributes = { T: input.attr.dtype!, out_type: { type: dataTypes.int32 } };
    const shape = graph.node('Shape', [`${input.name}:0`], attributes, 'batch/shape');
    return graph.gather(shape, graph.scalar('int32', 0), 'int32');
  }

  /** Whether a constant is nothing but the shape that something is given. */
  #isShapeOfReshapes({ name }: NodeDef): boolean {
    return this.one.nodes.every(({ op, input }) => {
      const place = input.indexOf(`${name}:0`);
      return place === -1 || (op === 'Reshape' && place === 1);
    });
  }
}

const int32Attribute = { T: { type: dataTypes.int32 } };

/** A shape in which one dimension follows from the others; `undefined` if two depend on the batch, or one is 0. */
function withOneUnknown({ slopes, intercepts }: Linear): number[] | undefined {
  const unknown = slopes.flatMap((slope, i) => (slope === 0 ? [] : [i]));
  if (unknown.length !== 1 || intercepts.some((size, i) => slopes[i] === 0 && size === 0)) return undefined;
  return intercepts.map((size, i) => (i === unknown[0] ? -1 : size));
}

function constantOf({ attr }: NodeDef): Constant {
  const { dtype, tensorShape, tensorContent } = attr.value!.tensor!;
  return { type: dtype, shape: tensorShape.dim.map(({ size }) => size), bytes: tensorContent };
}

function int32s({ bytes }: Constant): Int32Array {
  return new Int32Array(bytes.slice().buffer);
}

/** The bytes of the one value that both constants have throughout. */
function uniformBytes(...constants: Constant[]): Uint8Array | undefined {
  const [{ bytes, type }] = constants as [Constant, ...Constant[]];
  const size = type === dataTypes.bool ? 1 : 4;
  const value = bytes.subarray(0, size);
  const isUniform = constants.every((constant) => {
    return constant.bytes.length > 0 && constant.bytes.every((byte, i) => byte === value[i % size]);
  });
  return isUniform ? value : undefined;
}

function sameAttributes(a: NodeDef, b: NodeDef): boolean {
  const plain = (node: NodeDef) =>
    JSON.stringify(node.attr, (_, value) => (value instanceof Uint8Array ? [...value] : value));
  return plain(a) === plain(b);
}
