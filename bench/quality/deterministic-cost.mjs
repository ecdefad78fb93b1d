// node bench/quality/deterministic-cost.mjs: what deterministic mode costs in waiting. Time is simulated, so the figures are the
// same on every machine: each step of a trial takes a time drawn from a log-normal distribution of mean 1, whose spread is partly
// the trial's (a large model) and partly the step's (a busy machine).
import { foldIn, normal, seedKey } from '../../dist/src/random/index.js';
import { asha, createStudy, medianStopping, randomSampler } from '../../dist/src/study/public.js';

const workers = 8;
const trials = 200;
const steps = 27;
const seeds = [1, 2, 3, 4, 5];
const space = { a: { float: [0, 1] }, b: { float: [0, 1] } };

/** Sleepers are woken in the order of simulated time, once nothing else can happen. */
class Clock {
  now = 0;
  #sleepers = [];

  sleep(time) {
    return new Promise((wake) => this.#sleepers.push({ at: this.now + time, wake }));
  }

  async run() {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#sleepers.length === 0) return;
      const next = this.#sleepers.reduce((first, one) => (one.at < first.at ? one : first));
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.now = next.at;
      next.wake();
    }
  }
}

/** Steps wait for one of the workers, first come, first served. */
class Pool {
  #free = workers;
  #waiting = [];

  async take() {
    if (this.#free === 0) await new Promise((resolve) => this.#waiting.push(resolve));
    else this.#free--;
  }

  release() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

const logNormal = (key, sigma) => Math.exp(sigma * normal(key) - (sigma * sigma) / 2);

async function simulate({ scheduler, trialSpread, stepSpread, deterministic, seed, places = workers }) {
  const clock = new Clock();
  const pool = new Pool();
  let busy = 0;
  const study = createStudy({
    space,
    seed,
    trials,
    maxSteps: steps,
    parallel: places,
    deterministic,
    sampler: randomSampler(),
    ...(scheduler === undefined ? {} : { scheduler: scheduler() }),
  });
  const done = study.optimize(async (trial) => {
    const key = foldIn(seedKey(seed), 'cost', trial.number);
    const pace = logNormal(foldIn(key, 'trial'), trialSpread);
    const { a, b } = trial.hyperparameters;
    for (let step = 1; step <= steps; step++) {
      const time = pace * logNormal(foldIn(key, 'step', step), stepSpread);
      busy += time;
      await pool.take();
      await clock.sleep(time);
      pool.release();
      if ((await trial.report(step, a + b + 3 / step)) === 'stop') return;
    }
    return a + b;
  });
  await clock.run();
  await done;
  return { span: clock.now, busy };
}

const median = (values) => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];

const schedulers = {
  none: undefined,
  'median stopping': () => medianStopping(),
  'ASHA, stopping': () => asha({ variant: 'stopping' }),
};
const spreads = [
  [0, 0],
  [0, 0.3],
  [0.3, 0],
  [0.3, 0.3],
  [0.7, 0.3],
  [1, 0.3],
];

/** Time for the same work against the asynchronous study with as many places as workers; and the shares of time that workers are busy. */
async function compare(options) {
  const rows = [];
  for (const seed of seeds) {
    const fixed = await simulate({ ...options, seed, deterministic: true });
    const free = await simulate({ ...options, seed, deterministic: false, places: workers });
    // pruning may choose other trials: what is compared is the time for the same work
    rows.push({ cost: fixed.span / fixed.busy / (free.span / free.busy), fixed: share(fixed), free: share(free) });
  }
  const percent = (name) => `${(100 * median(rows.map((row) => row[name]))).toFixed(0)} %`;
  return [median(rows.map(({ cost }) => cost)).toFixed(2), percent('fixed'), percent('free')];
}

const share = ({ span, busy }) => busy / span / workers;

const table = [['scheduler', 'places', 'trial sd', 'step sd', 'time', 'busy', 'busy, asynchronous']];
for (const [name, scheduler] of Object.entries(schedulers)) {
  for (const [trialSpread, stepSpread] of spreads) {
    const figures = await compare({ scheduler, trialSpread, stepSpread });
    table.push([name, workers, trialSpread, stepSpread, ...figures]);
  }
  for (const places of [12, 16, 24]) {
    const figures = await compare({ scheduler, trialSpread: 0.7, stepSpread: 0.3, places });
    table.push([name, places, 0.7, 0.3, ...figures]);
  }
}

console.log(`${trials} trials of ${steps} steps, ${workers} workers; medians of ${seeds.length} seeds`);
for (const row of table)
  console.log(
    row
      .map((cell) => String(cell).padEnd(16))
      .join('')
      .trimEnd(),
  );
