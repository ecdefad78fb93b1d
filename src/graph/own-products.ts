/**
 * Products of float matrices by the companion addon's own kernel in place of TensorFlow's, which leaves a quarter of a core's speed unused
 * on matrices of the sizes that are tuned. What that gains is in docs/notes.md.
 */
import type { SegmentAddon } from '../native/index.js';
import { encodeConfig } from './config-proto.js';
import { applies } from './fused-rules.js';
import { dataTypes, encodeGraph, type NodeDef } from './graph-def.js';
import type { BodyTrace } from './trace.js';

const transposes: Readonly<Record<string, readonly [a: string, b: string]>> = {
  MatMul: ['transpose_a', 'transpose_b'],
  BatchMatMulV2: ['adj_x', 'adj_y'],
};

/** The operation for a product of a and b, or of their transposes. */
const ownName = (a: boolean, b: boolean) => `TfjsTunerMatMul${a || b ? `${a ? 'T' : 'N'}${b ? 'T' : 'N'}` : ''}`;

/**
 * Whether a plain program's products are the addon's: where several trials keep the cores busy, since its products use one thread.
 * A function of the sweep and of the kind of machine, as the last bits differ.
 *
 * @param trials that train side by side
 */
export function choosesOwnProducts(addon: Pick<SegmentAddon, 'hasProducts'>, trials: number): boolean {
  return trials > 1 && applies('products') && addon.hasProducts(encodeConfig());
}

/** The same step with the addon's products, or the very same if it has none. XLA has no kernel for them. */
export function withOwnProducts(trace: BodyTrace): BodyTrace {
  const nodes = trace.nodes.map(ownProduct);
  return nodes.some((node, index) => node !== trace.nodes[index])
    ? { ...trace, nodes, body: encodeGraph(nodes) }
    : trace;
}

function ownProduct(node: NodeDef): NodeDef {
  const { name, op, input, attr } = node;
  const [a, b] = transposes[op] ?? [];
  if (a === undefined || b === undefined || attr.T?.type !== dataTypes.float32) return node;
  return { name, op: ownName(attr[a]?.b ?? false, attr[b]?.b ?? false), input, attr: {} };
}
