/**
 * Traces a model's predictions into a graph that stands alone: inputs are placeholders, weights are constants. It is run twice,
 * with batches of different sizes; what differs between the two traces follows from the size of the batch and is computed from it in
 * the graph, so that it takes a batch of any size.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { anyBatch, type FixedInference } from './any-batch.js';
import type { TensorFlowBackend } from './backend.js';
import { errors } from './errors.js';
import { GraphBuilder } from './graph-builder.js';
import type { NodeDef } from './graph-def.js';
import { refusingSources } from './javascript-sources.js';
import type { OpDefinitions } from './op-definitions.js';
import { Recorder } from './recorder.js';
import type { Tensors } from './trace.js';

/** An input of a model, as its placeholder is called. */
export interface InferenceInput {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly rowShape: readonly number[];
}

/** A model's predictions as a graph. Plain data. */
export interface InferenceGraph {
  /** Only what the predictions need, in an order in which each comes after its inputs. */
  readonly nodes: readonly NodeDef[];
  /** The placeholders: `[batch, …rowShape]`. */
  readonly inputs: readonly InferenceInput[];
  /** What is predicted: `node:output`, float32 `[batch, …rowShape]`. */
  readonly output: { readonly reference: string; readonly rowShape: readonly number[] };
  /** Rows that a batch must have; `null` for any number. */
  readonly batchSize: number | null;
}

export interface InferenceOptions {
  readonly tf: typeof tfjs;
  readonly backend: TensorFlowBackend;
  readonly definitions: OpDefinitions;
  readonly inputs: readonly InferenceInput[];
  /** Rows of a batch where the graph turns out to work for one size only. */
  readonly batchSize: number;
}

/** Sizes that no dimension of a model is likely to have. */
const batchSizes = [23, 29] as const;

/**
 * The graph of `predict`, which gives one row of predictions for each row of its inputs.
 *
 * @throws GRAPH_PREDICTIONS_SHAPE if it does not, and whatever `predict` itself throws.
 */
export function traceInference(options: InferenceOptions, predict: (inputs: Tensors) => tfjs.Tensor): InferenceGraph {
  const [one, other] = batchSizes.map((size) => traceOnce(options, size, predict)) as [FixedInference, FixedInference];
  const any = anyBatch(one, other);
  if (any !== undefined) return finish(options, any.nodes, any.output, one.rowShape, null);
  const fixed = traceOnce(options, options.batchSize, predict);
  return finish(options, fixed.nodes, fixed.output, fixed.rowShape, options.batchSize);
}

function finish(
  { inputs }: InferenceOptions,
  nodes: readonly NodeDef[],
  reference: string,
  rowShape: readonly number[],
  batchSize: number | null,
): InferenceGraph {
  const needed = needs(nodes, [reference, ...inputs.map(({ name }) => `${name}:0`)]);
  return {
    nodes: nodes.filter(({ name }) => needed.has(name)),
    inputs,
    output: { reference, rowShape },
    batchSize,
  };
}

function needs(nodes: readonly NodeDef[], references: readonly string[]): Set<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const queue = references.map(nameOf);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    queue.push(...byName.get(name)!.input.map(nameOf));
  }
  return needed;
}

const nameOf = (reference: string) => reference.slice(0, reference.lastIndexOf(':'));

/** Numbers that differ from row to row; tokens and categories are 0, which every column has. */
function sampleOf(tf: typeof tfjs, { type, rowShape }: InferenceInput, size: number): tfjs.Tensor {
  const shape = [size, ...rowShape];
  if (type === 'int32') return tf.zeros(shape, 'int32');
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + size));
  return tf.tensor(values, shape);
}

function traceOnce(
  { tf, backend, definitions, inputs }: InferenceOptions,
  size: number,
  predict: (inputs: Tensors) => tfjs.Tensor,
): FixedInference {
  const graph = new GraphBuilder();
  const recorder = new Recorder(backend, graph, definitions);
  let traced: FixedInference | undefined;
  try {
    // not returned through tidy: it would search the whole graph for tensors
    tf.tidy(() => {
      const batch = inputs.map((input) => {
        const tensor = sampleOf(tf, input, size);
        const placeholder = graph.placeholder(input.name, input.type, [-1, ...input.rowShape]);
        recorder.bind(tensor, placeholder, `the batch's ${input.name}`);
        return [input.name, tensor] as const;
      });
      const predictions = recorder.record(() => refusingSources(() => predict(Object.fromEntries(batch))));
      checkPredictions(predictions, size);
      const output = named(graph, recorder.referenceOf(predictions));
      traced = { nodes: graph.nodes, output, rowShape: predictions.shape.slice(1), batchSize: size };
    });
  } finally {
    recorder.dispose();
  }
  return traced!;
}

/** A node of a name that can be asked for. */
function named(graph: GraphBuilder, reference: string): string {
  return graph.node('Identity', [reference], { T: { type: 1 } }, 'predictions');
}

function checkPredictions({ shape, dtype }: tfjs.Tensor, size: number): void {
  if (dtype === 'float32' && shape[0] === size) return;
  throw errors.GRAPH_PREDICTIONS_SHAPE({ shape: `[${shape}]`, type: dtype, batch: size });
}
