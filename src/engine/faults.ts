/**
 * Faults on demand, to show that the engine recovers: `TFJS_TUNER_FAULT=exit:2:3` makes the worker that trains generation 3
 * of trial 2 exit half-way through the segment; `throw:2:3` makes it throw outside of any handler. Only the first attempt is
 * hit, or with a trailing `:always` each one.
 */
export function injectFault(at: { trial: number; generation: number; attempt: number }): void {
  const fault = process.env.TFJS_TUNER_FAULT;
  if (!fault) return;
  for (const one of fault.split(',')) {
    const [what, trial, generation, always] = one.split(':');
    if (Number(trial) !== at.trial || Number(generation) !== at.generation) continue;
    if (at.attempt > 1 && always !== 'always') continue;
    if (what === 'exit') process.exit(7);
    if (what === 'throw') {
      queueMicrotask(() => {
        throw new Error(`fault injected by TFJS_TUNER_FAULT=${fault}`);
      });
    }
  }
}
