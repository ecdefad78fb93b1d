/** Objectives and workers that are reproducible, for studies that are asked and told. */
import { foldIn, integer, seedKey, uniform } from '../../../src/random/index.js';
import type { Trial } from '../../../src/study/public.js';

export const plane = { a: { float: [-5, 5] }, b: { float: [-5, 5] } } as const;

type Plane = { readonly a: number; readonly b: number };

export const bowl = ({ a, b }: Plane) => (a - 1) ** 2 + 2 * (b + 2) ** 2;

/** A curve that falls to the bowl's value over `steps` steps. */
export function curve(hyperparameters: Plane, step: number): number {
  return bowl(hyperparameters) + 30 / step;
}

/** Lets promises settle, `turns` times. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

/** A pool of `size` workers: what it is given waits for one, then takes as many turns of the event loop as the seed says. */
export class Pool {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  constructor(
    size: number,
    readonly seed: number,
  ) {
    this.#free = size;
  }

  async work(): Promise<void> {
    const turn = this.#count++;
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    await turns(integer(foldIn(seedKey(this.seed), turn), 0, 12));
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

/** An objective of some steps, each done by the pool; how many depends on the trial. */
export function steppedObjective(pool: Pool, steps: number) {
  return async (trial: Trial<Plane, true>) => {
    const own = 1 + Math.floor(uniform(seedKey(trial.seed)) * steps);
    for (let step = 1; step <= own; step++) {
      await pool.work();
      if ((await trial.report(step, curve(trial.hyperparameters, step))) === 'stop') return;
    }
    return bowl(trial.hyperparameters);
  };
}
