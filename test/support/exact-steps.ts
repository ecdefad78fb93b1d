/**
 * A step's arithmetic in float64: what both ways of running it in float32 are near to. The step is traced with nothing fused, every
 * float32 of the graph is made a float64, and the graph is run. Its inputs (data, weights, hyperparameters, constants, random numbers)
 * are the float32 numbers that the step sees, so that what differs is rounding alone.
 */
import { createHash } from 'node:crypto';
import { encodeConfig } from '../../src/graph/config-proto.js';
import { GraphBuilder } from '../../src/graph/graph-builder.js';
import { type AttributeValue, dataTypes, type NodeDef } from '../../src/graph/graph-def.js';
import { drawEagerly, OpDefinitions, type TableColumn, tensorView, traceTraining } from '../../src/graph/index.js';
import { type Batch, type Building, KeyedRandom } from '../../src/trial/index.js';
import { withKeyedLayers } from '../../src/trial/keyed-layers.js';
import type { loadTensorFlow } from './tensorflow.js';

type Numbers = Float32Array | Int32Array | Uint8Array;

export interface ExactOptions {
  readonly columns: readonly TableColumn[];
  readonly batchSize: number;
  readonly hyperparameters: Readonly<Record<string, number>>;
  /** Before the first step, in the building's layout. */
  readonly state: Uint8Array;
  readonly steps: readonly { readonly number: number; readonly rows: Readonly<Record<string, Numbers>> }[];
  readonly seed: readonly [number, number];
}

/** The sum of the steps' losses, and the state after the last one, variable by variable. Changes the building's variables. */
export function exactSteps(
  { tf, backend, addon }: Awaited<ReturnType<typeof loadTensorFlow>>,
  building: Building,
  { columns, batchSize, hyperparameters, state, steps, seed }: ExactOptions,
): { loss: number; state: ArrayLike<number>[] } {
  const sample = (step: number) => ({
    rows: steps[0]!.rows,
    hyperparameters: Object.fromEntries(Object.entries(hyperparameters).map(([name, v]) => [name, v + step / 100])),
    step,
    seed: [step, 1] as const,
  });
  const trace = traceTraining(
    {
      tf,
      backend,
      definitions: new OpDefinitions(addon),
      variables: building.variables,
      columns,
      batchSize,
      samples: [sample(0), sample(1)],
    },
    (batch, { hyper, step, draw }) => {
      const random = new KeyedRandom(draw);
      const act = () => building.model.step(batch as unknown as Batch, hyper as never, { random, step });
      return withKeyedLayers(random, act);
    },
  );

  const graph = new GraphBuilder('exact_');
  for (const node of trace.nodes.map(inFloat64)) addNode(graph, node);
  const { tensors } = building.layout;
  const typeNumbers = tensors.map(({ type }) => dataTypes[type === 'float32' ? 'float64' : type]);
  // TensorFlow refuses to fetch what is fed, as is a variable that a step leaves alone
  const fetch = (parameter: string, type: number) =>
    graph.node('Identity', [trace.results[trace.parameters.indexOf(parameter)]!], { T: { type } });
  const fetches = [fetch('sum_loss', dataTypes.float64), ...typeNumbers.map((type, i) => fetch(`state_${i}`, type))];
  const encoded = graph.encode();
  const key = createHash('sha256').update(encoded).update(JSON.stringify(fetches)).digest('hex');
  const program = addon.load({ key, graph: encoded, feeds: trace.parameters, fetches, config: encodeConfig() });

  let values: ArrayBufferView[] = tensors.map((tensor) => wide(tensorView(state, tensor).slice()));
  const loss = new Float64Array(1);
  for (const { number, rows } of steps) {
    const given: Record<string, ArrayBufferView> = {
      counter: Int32Array.of(0),
      limit: Int32Array.of(1),
      firstStep: Int32Array.of(number),
      sum_loss: loss.slice(),
    };
    for (const [name, value] of Object.entries(hyperparameters)) given[`h_${name}`] = wide(Float32Array.of(value));
    for (const { name } of columns) given[`rows_${name}`] = wide(rows[name]!);
    for (const draw of trace.draws) {
      const padded = new Float64Array(draw.paddedSize);
      padded.set(tf.tidy(() => drawEagerly(tf, backend, draw, seed, number).dataSync()));
      given[`draw_${draw.index}`] = padded;
    }
    for (const [index, value] of values.entries()) given[`state_${index}`] = value;
    const out = values.map((value) => new (value.constructor as Float64ArrayConstructor)(value as Float64Array));
    addon.run(
      program,
      trace.parameters.map((name) => given[name]!),
      [loss, ...out],
    );
    values = out;
  }
  addon.release(program);
  return { loss: loss[0]!, state: values as unknown as ArrayLike<number>[] };
}

const wide = (values: Numbers) => (values instanceof Float32Array ? Float64Array.from(values) : values);

const { float32, float64 } = dataTypes;

/** Adds a node, or what stands for it: TensorFlow normalizes batches in float32 only. */
function addNode(graph: GraphBuilder, { name, op, input, attr }: NodeDef): void {
  if (op !== 'FusedBatchNorm') {
    graph.node(op, input, attr, name);
    return;
  }
  if (attr.is_training?.b !== false) throw new Error('FusedBatchNorm in training has no float64 form here');
  const [x, scale, offset, mean, variance] = input as [string, string, string, string, string];
  const of = (operation: string, inputs: string[], given?: string) =>
    graph.node(operation, inputs, { T: { type: float64 } }, given);
  const deviation = of('Sqrt', [of('AddV2', [variance, graph.scalar('float64', Math.fround(attr.epsilon!.f!))])]);
  const normal = of('RealDiv', [of('Sub', [x, mean]), deviation]);
  of('AddV2', [of('Mul', [normal, scale]), offset], name);
}

function inFloat64(node: NodeDef): NodeDef {
  const attr = Object.entries(node.attr).map(([name, value]) => [name, wideAttribute(value)] as const);
  return { ...node, attr: Object.fromEntries(attr) };
}

function wideAttribute({ type, list, tensor, ...rest }: AttributeValue): AttributeValue {
  const wideType = (one: number) => (one === float32 ? float64 : one);
  if (type !== undefined) return { type: wideType(type) };
  if (list?.type) return { list: { type: list.type.map(wideType) } };
  if (tensor?.dtype === float32) {
    const { buffer } = Float64Array.from(new Float32Array(Uint8Array.from(tensor.tensorContent).buffer));
    return { tensor: { ...tensor, dtype: float64, tensorContent: new Uint8Array(buffer) } };
  }
  return { ...rest, ...(list && { list }), ...(tensor && { tensor }) };
}
