import { describe, expect, it } from 'vitest';
import { foldIn } from '../../src/random/index.js';
import { randomSampler } from '../../src/samplers/random.js';
import type { Observation, Proposal, ProposeInput, Sampler } from '../../src/samplers/sampler.js';
import { type Hyperparameters, sample, sampleSpace } from '../../src/space/index.js';
import { type SamplerContractOptions, samplerContract } from '../../src/testing/index.js';

const random = (input: ProposeInput): Hyperparameters => sampleSpace(input.space, input.key);

/** Names of the checks that a sampler fails, with their messages. */
function failures(make: () => Sampler, options: SamplerContractOptions = {}): Map<string, string> {
  const failed = new Map<string, string>();
  for (const { name, run } of samplerContract(make, { objectives: 'several', trials: 12, longest: 50, ...options })) {
    try {
      run();
    } catch (error) {
      failed.set(name, (error as Error).message);
    }
  }
  return failed;
}

const proposing = (propose: (input: ProposeInput) => Proposal) => () => ({ name: 'broken', propose });
/** Random search, whose values are then changed. */
const changing = (change: (values: Record<string, unknown>, input: ProposeInput) => unknown) =>
  proposing((input) => {
    const values = { ...random(input) };
    return { hyperparameters: (change(values, input) ?? values) as Hyperparameters };
  });

/** Samplers with one fault each, a check that has to find it, and what it has to say. */
const broken: readonly (readonly [fault: string, make: () => Sampler, check: string, message: string])[] = [
  [
    'leaves the range',
    changing((values) => {
      if ('a' in values) values.a = -11;
    }),
    'proposes allowed values in a space of integers',
    'must be in range, on the grid and of its type: "a", proposed as -11',
  ],
  [
    'leaves the grid',
    changing((values) => {
      if ('momentum' in values) values.momentum = 0.123;
    }),
    'proposes allowed values in a space of every kind',
    '"momentum", proposed as 0.123',
  ],
  [
    'gives numbers as text',
    changing((values) => {
      if ('units' in values) values.units = String(values.units);
    }),
    'proposes allowed values in a space of every kind',
    '"units", proposed as',
  ],
  [
    'gives parameters that are not active a value',
    proposing(({ space, key }) => ({
      hyperparameters: Object.fromEntries(
        space.parameters.map((one) => [one.name, sample(one, foldIn(key, one.name))]),
      ),
    })),
    'proposes allowed values in a space with conditions',
    'the names of a proposal',
  ],
  [
    'forgets fixed parameters',
    changing((values) => {
      delete values.batchSize;
    }),
    'proposes allowed values in a space of every kind',
    'the names of a proposal',
  ],
  [
    'orders names by the alphabet',
    changing((values) => Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    'proposes allowed values in a space of every kind',
    'in the order of the space',
  ],
  [
    'does not know constraints',
    proposing(({ space, key }) => ({ hyperparameters: sampleSpace({ ...space, constraints: [] }, key) })),
    'proposes allowed values in a space with constraints',
    'a proposal must satisfy "',
  ],
  [
    'draws from a generator of its own',
    () => {
      let asked = 0;
      return {
        name: 'counting',
        propose: ({ space, key }) => ({ hyperparameters: sampleSpace(space, foldIn(key, asked++)) }),
      };
    },
    'proposes the same for the same input, whatever it was asked before',
    'the proposal',
  ],
  [
    'remembers what another study found',
    () => {
      let first: Hyperparameters | undefined;
      return {
        name: 'remembering',
        propose: (input) => {
          first ??= random(input);
          const isOurs = Object.keys(first).join() === Object.keys(random(input)).join();
          return { hyperparameters: isOurs ? first : random(input) };
        },
      };
    },
    'proposes the same for the same input, whatever it was asked before',
    'the proposal',
  ],
  [
    'knows its history by identity',
    () => {
      const seen = new WeakSet<readonly Observation[]>();
      return {
        name: 'recognising',
        propose: (input) => {
          const key = seen.has(input.history) ? input.key : foldIn(input.key, 'new');
          seen.add(input.history);
          return { hyperparameters: sampleSpace(input.space, key) };
        },
      };
    },
    'proposes the same for the same input, whatever it was asked before',
    'the proposal',
  ],
  [
    'does not use the key',
    proposing(({ space, trial }) => ({ hyperparameters: sampleSpace(space, [trial, 0]) })),
    'proposes the same in a study that is run again, and other things under another key',
    'two keys must not give the same trials',
  ],
  [
    'does not tell trials apart',
    proposing(({ space, studyKey }) => ({ hyperparameters: sampleSpace(space, studyKey) })),
    'does not propose the same values to all trials',
    'must not all be',
  ],
  [
    'sorts the history in place',
    proposing((input) => {
      if (!Object.isFrozen(input.history)) (input.history as Observation[]).sort((a, b) => b.trial - a.trial);
      return { hyperparameters: random(input) };
    }),
    'leaves its input as it is',
    'must not change what it is given',
  ],
  [
    'copies the best trial whatever space it is of',
    proposing((input) => {
      const best = input.history.toSorted((a, b) => a.losses[0]! - b.losses[0]!)[0];
      return { hyperparameters: best?.hyperparameters ?? random(input) };
    }),
    'goes on in a space whose parameters are now elsewhere',
    'must be in range',
  ],
  [
    'needs a complete trial once there are ten',
    proposing((input) => {
      const complete = input.history.filter(({ status }) => status === 'complete');
      if (input.history.length >= 10 && complete.length === 0) throw new Error('no complete trial');
      return { hyperparameters: random(input) };
    }),
    'goes on after nothing but failed trials',
    'no complete trial',
  ],
  [
    'cannot stand infinite losses',
    proposing((input) => {
      const mean = input.history.reduce((sum, { losses }) => sum + (losses[0] ?? 0), 0);
      if (Number.isNaN(mean)) throw new Error('the mean is NaN');
      return { hyperparameters: random(input) };
    }),
    'goes on after infinite losses',
    'the mean is NaN',
  ],
  [
    'writes notes that are not JSON',
    proposing((input) => ({ hyperparameters: random(input), note: { best: Number.NaN } })),
    'proposes allowed values in a space without parameters',
    'a note must be JSON',
  ],
  [
    'trusts every note to be its own',
    proposing((input) => {
      for (const { note } of input.history) if (typeof note === 'string') throw new Error('not my note');
      return { hyperparameters: random(input), note: { mine: true } };
    }),
    'goes on after trials that others proposed',
    'not my note',
  ],
  ['has no name', () => ({ ...randomSampler(), name: ' ' }), 'has a name', 'a sampler must have a name'],
];

describe('the contract suite of samplers', () => {
  it('finds nothing wrong with random search', () => expect(failures(randomSampler)).toEqual(new Map()));

  it.each(broken)('finds a sampler that %s', (_, make, name, message) => {
    const failed = failures(make);
    expect(failed.get(name)).toContain(message);
  });

  it('finds a sampler of one objective that takes two', () => {
    const failed = failures(randomSampler, { objectives: 'one' });
    expect([...failed.keys()]).toEqual(['refuses several objectives by an error that says so']);
  });

  it('takes an error about objectives as a refusal', () => {
    const single = proposing((input) => {
      if (input.objectiveCount > 1) throw new Error('takes one objective only');
      return { hyperparameters: random(input) };
    });
    expect(failures(single, { objectives: 'one' })).toEqual(new Map());
    expect(failures(single).has('proposes for 2 objectives')).toBe(true);
  });

  it('needs no test runner', () => {
    const checks = samplerContract(randomSampler, { objectives: 'several', longest: 10 });
    expect(checks.length).toBeGreaterThan(50);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });
});
