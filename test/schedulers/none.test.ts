import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import { noScheduler } from '../../src/schedulers/index.js';
import { inputOf, itIsAScheduler, member } from './scheduler-contract.js';

describe('no scheduler', () => {
  itIsAScheduler(noScheduler);

  it('lets every member go on, also one without a score', () => {
    const members = [member(2, 0.5, seedKey(1)), member(0, null, seedKey(2))];
    expect(noScheduler().decide(inputOf(members))).toEqual([
      { kind: 'continue', trial: 0 },
      { kind: 'continue', trial: 2 },
    ]);
  });
});
