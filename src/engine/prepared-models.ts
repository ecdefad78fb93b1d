import { RecentlyUsed } from './recently-used.js';
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
  readonly #models: RecentlyUsed<Promise<PreparedModel>>;

  /** @param limit bytes; what was asked for last is kept even if it alone is larger */
  constructor(limit = mostBytes) {
    this.#models = new RecentlyUsed({ mostBytes: limit });
  }

  get size(): number {
    return this.#models.size;
  }

  /** The model of `key`, prepared now if it is not there. A failure is not kept. */
  get(key: string, prepare: () => Promise<PreparedModel>): Promise<PreparedModel> {
    return this.#models.get(key, () => this.#start(key, prepare));
  }

  #start(key: string, prepare: () => Promise<PreparedModel>): Promise<PreparedModel> {
    const model = prepare();
    model.then(
      (prepared) => this.#models.weigh(key, model, bytesOf(prepared)),
      () => this.#models.delete(key, model),
    );
    return model;
  }
}
