import fc from 'fast-check';
import { it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { foldIn, seedKey } from '../../src/random/index.js';
import type { Observation, ProposeInput, Sampler } from '../../src/samplers/sampler.js';
import { parseSpace, type Space } from '../../src/space/index.js';
import { type SamplerContractOptions, samplerContract } from '../../src/testing/index.js';
import { SimulatedStudy } from '../../src/testing/simulated-study.js';
import { constrainedSpace } from '../space/arbitraries.js';

interface Options extends SamplerContractOptions {
  /** Code of the error with which a space may be refused. */
  readonly mayRefuse?: string;
}

/** What every sampler must do; the tests of a sampler begin with a call of this. */
export function itIsASampler(make: () => Sampler, { mayRefuse, ...options }: Options = {}): void {
  for (const { name, run } of samplerContract(make, options)) it(name, run);

  it('proposes allowed values in any space', () => {
    fc.assert(
      fc.property(constrainedSpace(), fc.maxSafeNat(), ({ definition, constraints }, seed) => {
        try {
          new SimulatedStudy(make(), parseSpace(definition, { constraints }), seed).run(12);
        } catch (error) {
          if (!(error instanceof TunerError && error.code === mayRefuse)) throw error;
        }
      }),
      { numRuns: 30 },
    );
  });
}

/** An observation of a complete trial; what `rest` does not say is as small as it can be. */
export function observation(
  trial: number,
  hyperparameters: Observation['hyperparameters'],
  rest: Partial<Observation> = {},
): Observation {
  return { trial, hyperparameters, status: 'complete', losses: [0], violations: [], reports: [], note: null, ...rest };
}

/** What a sampler is asked for a trial of the study under `seed`. */
export function input(
  space: Space,
  trial: number,
  rest: Partial<ProposeInput> & { readonly seed?: number } = {},
): ProposeInput {
  const { seed = 7, ...others } = rest;
  const studyKey = seedKey(seed);
  return { space, key: foldIn(studyKey, 'trial', trial), studyKey, trial, history: [], objectiveCount: 1, ...others };
}
