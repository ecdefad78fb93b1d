import type { Scheduler } from './scheduler.js';

/** Every trial that is ready goes on as it is: with a sampler alone, this is random search. Also members without a score go on. */
export function noScheduler(): Scheduler {
  return {
    name: 'none',
    synchronous: true,
    decide: ({ ready }) =>
      ready.map((trial) => ({ kind: 'continue' as const, trial })).sort((a, b) => a.trial - b.trial),
  };
}
