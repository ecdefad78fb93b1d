/**
 * A rectifier before max pooling, put after it: maximum and rectifier commute to the last bit, and so do their gradients, which are zero where
 * no value of a window is positive and go to the same element elsewhere. Behind the pooling there is a fraction of the numbers to
 * rectify. What that gains is in docs/notes.md.
 */
import type { Reference } from './graph-builder.js';
import type { NodeDef } from './graph-def.js';

/** The nodes around a rectifier and the pooling behind it, by index. */
interface Pair {
  readonly relu: number;
  readonly pool: number;
  /** Their gradients, where the graph has them. */
  readonly gradients?: { readonly pool: number; readonly relu: number };
}

/**
 * The same graph with such pairs exchanged. Nodes keep their places and names: what was called after the rectifier pools then.
 *
 * @param results what is taken out of the graph, and therefore stays as it is
 */
export function poolFirst(nodes: readonly NodeDef[], results: readonly Reference[]): NodeDef[] {
  const changed = [...nodes];
  const users = usersOf(nodes);
  const taken = new Set(results);
  for (const [relu, { op }] of nodes.entries()) {
    const pair = op === 'Relu' ? pairAt(nodes, users, taken, relu) : undefined;
    if (pair !== undefined) exchange(nodes, pair, changed);
  }
  return changed;
}

/** Nodes that take each output, by index, once for each input. */
function usersOf(nodes: readonly NodeDef[]): ReadonlyMap<Reference, readonly number[]> {
  const users = new Map<Reference, number[]>();
  for (const [index, { input }] of nodes.entries()) {
    for (const reference of input) {
      const list = users.get(reference);
      if (list === undefined) users.set(reference, [index]);
      else list.push(index);
    }
  }
  return users;
}

function pairAt(
  nodes: readonly NodeDef[],
  users: ReadonlyMap<Reference, readonly number[]>,
  taken: ReadonlySet<Reference>,
  relu: number,
): Pair | undefined {
  const outputOf = (index: number) => `${nodes[index]!.name}:0`;
  const usersWith = (op: string, reference: Reference) =>
    (users.get(reference) ?? []).filter((user) => nodes[user]!.op === op);
  const rectified = outputOf(relu);
  const [pool, ...more] = usersWith('MaxPool', rectified);
  if (pool === undefined || more.length > 0 || taken.has(rectified)) return undefined;
  const [poolGradient, ...others] = usersWith('MaxPoolGrad', rectified);
  if (poolGradient === undefined) return users.get(rectified)!.length === 1 ? { relu, pool } : undefined;
  const [input, output] = nodes[poolGradient]!.input;
  const [reluGradient] = usersWith('ReluGrad', outputOf(poolGradient));
  if (others.length > 0 || input !== rectified || output !== outputOf(pool) || reluGradient === undefined)
    return undefined;
  const [, features] = nodes[reluGradient]!.input;
  const fromRectified = features === rectified ? 3 : 2;
  const fits =
    (features === rectified || features === nodes[relu]!.input[0]) &&
    users.get(rectified)!.length === fromRectified &&
    users.get(outputOf(poolGradient))!.length === 1 &&
    !taken.has(outputOf(poolGradient));
  return fits ? { relu, pool, gradients: { pool: poolGradient, relu: reluGradient } } : undefined;
}

function exchange(nodes: readonly NodeDef[], { relu, pool, gradients }: Pair, changed: NodeDef[]): void {
  const place = (at: number, as: number, input: readonly (Reference | undefined)[]) => {
    const { op, attr } = nodes[as]!;
    changed[at] = { name: nodes[at]!.name, op, attr, input: input as Reference[] };
  };
  // another pair may have changed what this one takes, but never its name
  const [value] = nodes[relu]!.input;
  const pooled = `${nodes[relu]!.name}:0`;
  place(relu, pool, [value]);
  place(pool, relu, [pooled]);
  if (gradients === undefined) return;
  place(gradients.pool, gradients.relu, [nodes[gradients.pool]!.input[2], pooled]);
  place(gradients.relu, gradients.pool, [value, pooled, `${nodes[gradients.pool]!.name}:0`]);
}
