/**
 * Laws over random networks. The cases are the same in every run, and those of a failure are printed with their seed. To look further:
 * `ARCHITECTURE_SEED=2 ARCHITECTURE_RUNS=500 npx vitest run test/trial/random-architectures.test.ts`
 */
import type * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { momentum } from '../../src/trial/index.js';
import { expectAgreement } from '../support/agreement.js';
import { classifier, type MakeOptimizer, optimizers, settings } from '../support/classifier.js';
import { architecture, bodyOf, featureOf, inputShapes } from '../support/random-architecture.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const nesterov = (variables: readonly tf.Variable[]) => momentum(variables, { nesterov: true });
const byName: Readonly<Record<string, MakeOptimizer>> = { ...optimizers, nesterov: nesterov as never };

/**
 * Where five digits are not to be had, as they are in most cases: units of which a batch leaves nothing (dropped, dead, of one value), which a
 * normalization divides by; biases before one, whose gradient cancels; and those of optimizers that divide by a gradient's own size.
 */
const inexact = 'sums that cancel';

const runs = (by: number) => Number(process.env.ARCHITECTURE_RUNS ?? by);
const seed = Number(process.env.ARCHITECTURE_SEED ?? 1);

describe('random small networks, by any optimizer, agree with eager tfjs', () => {
  it.each([
    ['never', 24],
    ['always', 3],
  ] as const)(
    'compiled %s',
    (compile, count) => {
      fc.assert(
        fc.property(
          architecture,
          fc.constantFrom(...Object.keys(byName)),
          fc.integer({ min: 1, max: 3 }),
          (given, optimizer, steps) => {
            const { input } = given;
            const options = settings(inputShapes[input], { feature: featureOf(input), steps, compile });
            expectAgreement(loaded, classifier(bodyOf(given), inputShapes[input], byName[optimizer]), options, {
              inexact,
            });
          },
        ),
        { numRuns: runs(count), seed, endOnFailure: true },
      );
    },
    600_000,
  );
});
