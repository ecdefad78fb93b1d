/**
 * Reads of tensors by JavaScript while a step is traced (`dataSync`, `data`, `arraySync`, `print` and whatever else ends in one of
 * them). What a step does with a value that depends on its inputs is frozen in the graph, also where two traces happen to agree
 * (`if (loss.dataSync()[0] > 5)`), so that reading one is refused. Constants may be read.
 */
import type { TunerError } from '../errors/index.js';
import { errors } from './errors.js';
import { stackHere, userLine } from './user-line.js';

/**
 * The one kernel of tfjs-node that reads a tensor, the indices of a gather: to check them, and it makes nothing of them. (Looked
 * for in tfjs-core, tfjs-layers and tfjs-node 4.22.)
 */
const checks = /[\\/]tfjs-node[\\/].*[\\/]GatherV2\.js/;

/** Knows which tensors depend on what a trace was given, and refuses to have them read. */
export class ValueReads {
  /** What a tensor is, by id, if it depends on what was given. */
  readonly #dependent = new Map<number, string>();
  #refused: TunerError | undefined;
  #isPromised = false;

  /** Tensor `id` was given to the step. */
  given(id: number, what: string): void {
    this.#dependent.set(id, what);
  }

  /** An op was run. */
  computed(op: string, inputs: readonly number[], outputs: readonly { readonly id: number }[]): void {
    if (!inputs.some((id) => this.#dependent.has(id))) return;
    for (const { id } of outputs) this.#dependent.set(id, `a result of ${op}`);
  }

  /** Tensor `id` is about to be read. Throws GRAPH_VALUE_READ if it may not be. */
  read(id: number): void {
    const what = this.#dependent.get(id);
    if (what === undefined) return;
    const stack = stackHere(this.read);
    if (checks.test(stack)) return;
    const error = errors.GRAPH_VALUE_READ({ what, line: userLine(stack) });
    this.#refused ??= error;
    if (!this.#isPromised) throw error;
  }

  /** Runs a read that answers with a promise: a rejection that nobody handles would end the thread, so that it is refused later. */
  promised<T>(read: () => T): T {
    this.#isPromised = true;
    try {
      return read();
    } finally {
      this.#isPromised = false;
    }
  }

  /** Runs a step; the first refusal is thrown also where the step caught it, or reads by a promise. */
  checked<T>(step: () => T): T {
    try {
      const result = step();
      if (this.#refused !== undefined) throw this.#refused;
      return result;
    } catch (error) {
      throw this.#refused ?? error;
    }
  }
}
