import { foldIn, seedKey, uniform } from '../../dist/src/random/index.js';
import { cpuTime } from './cpu-time.mjs';

const trialCount = 10_000;
const maxSteps = 81;

/** Runs trials on one worker, and returns the microseconds of CPU of a decision after the first 10,000 trials: 20 means of 1,000 each. */
export function decisionTimes(scheduler, seed) {
  const key = seedKey(seed);
  const run = scheduler.begin({ key, maxSteps });
  const scores = Float64Array.from({ length: 4096 }, (_, i) => uniform(foldIn(key, i)));
  const score = (trial, step) => scores[(trial * 31 + step) & 4095] * 0.3 + scores[trial & 4095];
  const values = [];
  let [started, decided, from, task] = [0, 0, 0, undefined];
  while (values.length < 20) {
    if (task === undefined) {
      const job = run.next(started);
      if (job.kind === 'start') task = { trial: started++, step: job.toStep };
      else task = { trial: job.trial, step: job.toStep };
    }
    const { trial, step } = task;
    const verdict = run.report({ trial, step, score: score(trial, step) }).find((one) => one.trial === trial);
    task = verdict.kind === 'continue' ? { trial, step: verdict.toStep } : undefined;
    if (started <= trialCount || decided++ % 1000 > 0) continue;
    const now = cpuTime();
    if (decided > 1) values.push(now - from);
    from = now;
  }
  return values; // 1,000 decisions in milliseconds are one in microseconds
}
