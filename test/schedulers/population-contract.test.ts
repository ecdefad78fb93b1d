import { describe, expect, it } from 'vitest';
import { noScheduler, parsePbtOptions, pb2, pbt } from '../../src/schedulers/index.js';
import { parsePb2Options } from '../../src/schedulers/pb2-options.js';
import type { DecideInput, Decision, Scheduler } from '../../src/schedulers/scheduler.js';
import { populationContract } from '../../src/testing/population-contract.js';

const schedulers: Record<string, () => Scheduler> = {
  'no scheduler': noScheduler,
  pbt: () => pbt(parsePbtOptions({ population: 8, interval: 100 })),
  'asynchronous pbt that goes back': () =>
    pbt(
      parsePbtOptions({ population: 2, interval: 100, asynchronous: true, backtrack: { patience: 1, checkpoints: 2 } }),
    ),
  'pbt that goes back': () =>
    pbt(parsePbtOptions({ population: 8, interval: 100, backtrack: { patience: 1, checkpoints: 2, who: 'all' } })),
};

describe.each(Object.entries(schedulers))('%s', (_, make) => {
  for (const { name, run } of populationContract(make)) it(name, run);
});

describe('pb2', () => {
  const make = () => pb2(parsePb2Options({ population: 8, interval: 100 }));
  // its model of a population of a thousand takes minutes
  for (const { name, run } of populationContract(make, { largest: 50 })) it(name, run);
});

/** How often a scheduler with moods was asked: what it decides depends on it. */
let moods = 0;

describe('the contract of population schedulers', () => {
  /** What it says of `pbt` with decisions changed. */
  const broken = (change: (decisions: Decision[], input: DecideInput) => Decision[]) => {
    const inner = pbt(parsePbtOptions({ population: 8, interval: 100 }));
    const make = (): Scheduler => ({ ...inner, decide: (input) => change(inner.decide(input), input) });
    return populationContract(make).flatMap(({ name, run }) => {
      try {
        run();
        return [];
      } catch (error) {
        return [`${name}: ${(error as Error).message}`];
      }
    });
  };
  const copies = (change: (copy: Decision & { kind: 'exploit' }, input: DecideInput) => Decision) => {
    return broken((decisions, input) => decisions.map((one) => (one.kind === 'exploit' ? change(one, input) : one)));
  };

  it('has nothing against one that is right', () => {
    expect(broken((decisions) => decisions)).toEqual([]);
  });

  it('finds decisions that are missing, too many, or in another order', () => {
    for (const change of [
      (decisions: Decision[]) => decisions.slice(1),
      (decisions: Decision[]) => [...decisions, ...decisions],
      (decisions: Decision[]) => decisions.reverse(),
    ]) {
      expect(broken(change).join('\n')).toContain('the trials that are decided on');
    }
  });

  it.each<[string, (copy: Decision & { kind: 'exploit' }, input: DecideInput) => Decision, string]>([
    ['a copy of oneself', (copy) => ({ ...copy, parent: copy.trial }), 'a copy of itself'],
    [
      'a failed parent',
      (copy, { members }) => {
        const failed = members.find(({ trial, score }) => score === null && trial !== copy.trial);
        return { ...copy, parent: failed?.trial ?? copy.parent };
      },
      'with a finite score',
    ],
    ['a parent that is none', (copy) => ({ ...copy, parent: 1e6 }), 'with a finite score'],
    ['a checkpoint that is none', (copy) => ({ ...copy, parentGeneration: 1e6 }), 'go back to a segment'],
    ['missing parameters', (copy) => ({ ...copy, hyperparameters: {} }), 'the names of trial'],
    [
      'values out of range',
      (copy) => {
        const values = Object.entries(copy.hyperparameters).map(([name]) => [name, 1e9]);
        return { ...copy, hyperparameters: Object.fromEntries(values) };
      },
      'must be in range',
    ],
    ['failing beside the healthy', ({ trial }) => ({ kind: 'fail', trial, reason: 'why not' }), 'is healthy'],
    [
      'moods',
      (copy) => (moods++ % 3 === 0 ? copy : { kind: 'continue', trial: copy.trial }),
      'decides the same for the same input',
    ],
  ])('finds %s', (_, change, message) => {
    expect(copies(change).join('\n')).toContain(message);
  });

  it('finds frozen parameters that change', () => {
    const faults = broken((_, input) =>
      pbt(parsePbtOptions({ population: 8, interval: 100 })).decide({ ...input, frozen: new Set() }),
    );
    expect(faults.join('\n')).toContain("must have its parent's");
  });
});
