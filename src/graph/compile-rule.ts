import type { NodeDef } from './graph-def.js';

/**
 * Ops that XLA makes slower on the CPU, or that it takes too long to compile: convolutions and pooling (a small CNN's step
 * takes 42 ms compiled and 15 plain) and their gradients.
 */
const plainOps = /^(Conv|Depthwise|MaxPool|AvgPool|LRN|CropAndResize|Resize)/;

/** Ops that XLA does not have: those that stand for whole recurrent layers (`trial/fused/`). */
const uncompilableOps = /^(GRUBlockCell|BlockLSTM)/;

/** A graph of this many nodes takes tens of seconds to compile (a GRU's 4,435 took 28 s). */
const mostNodes = 600;

/** Whether a graph has ops of that kind. */
export function hasHeavyOps(nodes: readonly NodeDef[]): boolean {
  return nodes.some(({ op }) => plainOps.test(op));
}

export function operationCount(nodes: readonly NodeDef[]): number {
  return nodes.filter(({ op }) => op !== 'Const' && op !== 'Placeholder').length;
}

export interface CompileChoice {
  readonly compile: boolean;
  /** For the record: why. */
  readonly reason: string;
}

/** What the rule knows of the study. */
export interface CompileContext {
  /** Steps that are going to be trained with this graph in the whole study, estimated from the sweep. */
  readonly plannedSteps: number;
  /** Trials that train side by side. */
  readonly trials: number;
}

/**
 * Whether a step is compiled with XLA, under `compile: auto`. Compiled and plain steps differ in the last bits, so the
 * choice is a function of the graph and of the sweep, never of a timing. What was measured
 * behind it (`node bench/one-sweep.mjs` with `compile: always` and without):
 * - Several trials at once keep all cores busy with one thread each. Compiled, the example sweep was about a fifth faster on
 *   two cores, and took 130 MB more; `compile: always` has that.
 * - One trial alone is twice as fast compiled, on two cores: about 4 µs a node and step, for 0.4 s and 3 ms a node of
 *   compiling.
 */
export function compileRule(nodes: readonly NodeDef[], { plannedSteps, trials }: CompileContext): CompileChoice {
  if (trials > 1) return { compile: false, reason: `${trials} trials keep the cores busy uncompiled` };
  const lacking = nodes.find(({ op }) => uncompilableOps.test(op));
  if (lacking) return { compile: false, reason: `${lacking.op} cannot be compiled` };
  const slow = nodes.find(({ op }) => plainOps.test(op));
  if (slow) return { compile: false, reason: `${slow.op} runs faster uncompiled` };
  const count = operationCount(nodes);
  if (count > mostNodes) return { compile: false, reason: `${count} operations take too long to compile` };
  const saved = plannedSteps * count * 4e-6;
  const cost = 0.4 + count * 3e-3;
  const numbers = `${count} operations, ${plannedSteps} steps planned: saves ${saved.toFixed(1)} s for ${cost.toFixed(1)} s`;
  return { compile: saved > cost, reason: numbers };
}
