// node bench/quality/scheduler-decisions.mjs: what a decision of a multi-fidelity scheduler costs with 10,000 trials behind it: taking in a
// result and giving the free worker its next job, in microseconds. Each value is the mean of 1,000 decisions.
import { foldIn, seedKey, uniform } from '../../dist/src/random/index.js';
import { asha, hyperband, medianStopping, pasha, successiveHalving } from '../../dist/src/schedulers/index.js';
import { printRows } from '../statistics.mjs';

const trialCount = 10_000;
const maxSteps = 81;
const schedulers = {
  'ASHA, promotion': asha(),
  'ASHA, promotion, 4 brackets': asha({ brackets: 4 }),
  'ASHA, stopping': asha({ variant: 'stopping' }),
  'ASHA, stopping by rank': asha({ variant: 'stopping', cutoff: 'rank' }),
  'successive halving': successiveHalving(),
  Hyperband: hyperband(),
  PASHA: pasha(),
  'median stopping': medianStopping(),
};

/** Runs trials on one worker, and returns the microseconds of each decision after the first 10,000 trials. */
function measure(scheduler, seed) {
  const key = seedKey(seed);
  const run = scheduler.begin({ key, maxSteps });
  const scores = Float64Array.from({ length: 4096 }, (_, i) => uniform(foldIn(key, i)));
  const score = (trial, step) => scores[(trial * 31 + step) & 4095] * 0.3 + scores[trial & 4095];
  const values = [];
  let [started, decided, spent, task] = [0, 0, 0, undefined];
  while (values.length < 20) {
    const from = performance.now();
    if (task === undefined) {
      const job = run.next(started);
      if (job.kind === 'start') task = { trial: started++, step: job.toStep };
      else task = { trial: job.trial, step: job.toStep };
    }
    const { trial, step } = task;
    const verdict = run.report({ trial, step, score: score(trial, step) }).find((one) => one.trial === trial);
    const time = performance.now() - from;
    task = verdict.kind === 'continue' ? { trial, step: verdict.toStep } : undefined;
    if (started <= trialCount) continue;
    spent += time;
    if (++decided % 1000 > 0) continue;
    values.push(spent);
    spent = 0;
  }
  return values; // 1,000 decisions in milliseconds are one in microseconds
}

printRows(
  Object.entries(schedulers).map(([name, scheduler]) => {
    measure(scheduler, 1);
    const values = measure(scheduler, 2);
    return { case: `${name}, 10,000 trials`, system: 'tfjs-tuner', metric: 'decision', unit: 'µs', values };
  }),
  process.argv.includes('--json'),
);
