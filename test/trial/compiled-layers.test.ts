import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { expectAgreement } from '../support/agreement.js';
import { classifier, settings } from '../support/classifier.js';
import { activations, layerCases } from '../support/layer-cases.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const compile = 'always';

describe('one step, compiled, agrees with eager tfjs', () => {
  // XLA takes time for each time step of a recurrent layer
  const cases = layerCases(3).filter(({ plainOnly }) => !plainOnly);
  it.each(cases)('$name', ({ shape, body, feature, inexact }) => {
    const options = settings(shape, { compile, ...(feature && { feature }) });
    expectAgreement(loaded, classifier(body, shape), options, inexact === undefined ? {} : { inexact });
  });

  it('activations', () => {
    const body = () => activations.map((activation) => tf.layers.dense({ units: 7, activation: activation as never }));
    expectAgreement(loaded, classifier(body, [6]), settings([6], { compile }));
  });
});
