import type { PreparedModel } from './tasks.js';

/** Traced shapes that are kept for trials to come, in bytes of their graphs. A shape that is dropped is traced again. */
const mostBytes = 256 * 2 ** 20;

function bytesOf(model: PreparedModel): number {
  if (model.kind === 'eager') return 0;
  const { training, evaluation } = model.traced;
  const bytes = [training, evaluation].map(({ spec }) => spec.graph.byteLength + (spec.loop?.body.byteLength ?? 0));
  return bytes.reduce((a, b) => a + b, 0);
}

/** Prepared models by key; the least recently used go when their graphs take too much memory. */
export class PreparedModels {
  /** Least recently used first. */
  readonly #models = new Map<string, Promise<PreparedModel>>();
  readonly #bytes = new Map<string, number>();
  #total = 0;

  /** @param limit bytes; what is asked for is kept even if it alone is larger */
  constructor(private readonly limit = mostBytes) {}

  get size(): number {
    return this.#models.size;
  }

  /** The model of `key`, prepared now if it is not there. A failure is not kept. */
  get(key: string, prepare: () => Promise<PreparedModel>): Promise<PreparedModel> {
    const known = this.#models.get(key);
    this.#models.delete(key);
    const model = known ?? this.#start(key, prepare);
    this.#models.set(key, model);
    return model;
  }

  #start(key: string, prepare: () => Promise<PreparedModel>): Promise<PreparedModel> {
    const model = prepare();
    model.then(
      (prepared) => this.#account(key, bytesOf(prepared)),
      () => this.#models.delete(key),
    );
    return model;
  }

  #account(key: string, bytes: number): void {
    this.#bytes.set(key, bytes);
    this.#total += bytes;
    for (const [oldest] of this.#models) {
      if (this.#total <= this.limit || oldest === key) return;
      this.#total -= this.#bytes.get(oldest) ?? 0;
      this.#bytes.delete(oldest);
      this.#models.delete(oldest);
    }
  }
}
