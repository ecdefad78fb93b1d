// node bench/quality/scheduler-decisions.mjs: what a decision of a multi-fidelity scheduler costs with 10,000 trials behind it: taking in a
// result and giving the free worker its next job, in microseconds. Each value is the mean of 1,000 decisions.
import { asha, hyperband, medianStopping, pasha, successiveHalving } from '../../dist/src/schedulers/index.js';
import { printRows } from '../statistics.mjs';
import { decisionTimes } from './decision-times.mjs';

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

printRows(
  Object.entries(schedulers).map(([name, scheduler]) => {
    decisionTimes(scheduler, 1);
    const values = decisionTimes(scheduler, 2);
    return { case: `${name}, 10,000 trials`, system: 'tfjs-tuner', metric: 'decision', unit: 'µs', values };
  }),
  process.argv.includes('--json'),
);
