/** Ctrl-C and its kin. */
import { interruptedCode } from './exit-code.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes the first signal that asks the process to end a request, and the second an order.
 *
 * @param onFirst told the signal's name once it was sent on
 * @returns a signal that aborts at the first one, and what stops listening
 */
export function listenForInterrupt(onFirst: (by: string) => void): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const listener = (by: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    controller.abort(by);
    onFirst(by);
  };
  for (const signal of signals) process.on(signal, listener);
  const stop = () => {
    for (const signal of signals) process.off(signal, listener);
  };
  return { signal: controller.signal, stop };
}
