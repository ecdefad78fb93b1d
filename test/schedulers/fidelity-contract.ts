import { it } from 'vitest';
import type { FidelityScheduler } from '../../src/schedulers/fidelity.js';
import { fidelityContract } from '../../src/testing/scheduler-contract.js';

/** What every multi-fidelity scheduler must do; the tests of one begin with a call of this. */
export function itIsAFidelityScheduler(make: () => FidelityScheduler): void {
  for (const { name, run } of fidelityContract(make)) it(name, run);
}
