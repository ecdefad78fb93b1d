import { errors } from './errors.js';
import type { NodeDef } from './graph-def.js';
import type { RecordedOp } from './recorder.js';

/** What one trace left. */
export interface Recording {
  readonly nodes: readonly NodeDef[];
  readonly ops: readonly RecordedOp[];
}

/**
 * Two traces of one step, with other batches, other hyperparameters and another state, must give the same graph: what
 * differs was computed in JavaScript and would be frozen in it. Throws GRAPH_VALUE_FROM_JAVASCRIPT for a constant that
 * differs, GRAPH_STEP_NOT_REPEATABLE for other ops.
 *
 * What it cannot see: a value drawn in JavaScript that happens to be equal in both traces.
 */
export function compareTraces(first: Recording, second: Recording): void {
  compareOps(first, second);
  for (const [index, a] of first.nodes.entries()) {
    const b = second.nodes[index];
    if (b && a.op === b.op && sameInputs(a, b) && same(a.attr, b.attr)) continue;
    const user = a.op === 'Const' ? userOf(first, index) : opAt(first, index);
    throw errors.GRAPH_VALUE_FROM_JAVASCRIPT({ op: user?.op ?? 'the result', line: user?.site.line });
  }
}

function compareOps(first: Recording, second: Recording): void {
  const length = Math.max(first.ops.length, second.ops.length);
  for (let index = 0; index < length; index++) {
    const a = first.ops[index];
    const b = second.ops[index];
    if (a?.op === b?.op) continue;
    const other = b?.op ?? 'nothing more';
    throw errors.GRAPH_STEP_NOT_REPEATABLE({ op: a?.op ?? 'nothing', line: (a ?? b)?.site.line, other });
  }
}

function sameInputs(a: NodeDef, b: NodeDef): boolean {
  return a.input.length === b.input.length && a.input.every((name, index) => name === b.input[index]);
}

/** Attributes are made of plain objects, numbers and byte arrays; NaN equals NaN. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** The first op that takes the constant at `index`. */
function userOf({ nodes, ops }: Recording, index: number): RecordedOp | undefined {
  const reference = `${nodes[index]!.name}:0`;
  return ops.find(({ node }) => nodes[node]!.input.includes(reference));
}

/** The op at or next after a node (a constant stands before the op that takes it). */
function opAt({ ops }: Recording, index: number): RecordedOp | undefined {
  return ops.find(({ node }) => node >= index);
}
