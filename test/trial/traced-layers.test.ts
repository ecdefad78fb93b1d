import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAgreement } from '../support/agreement.js';
import { type Body, classifier, settings } from '../support/classifier.js';
import { activations, layerCases } from '../support/layer-cases.js';
import { traceOnce } from '../support/one-step.js';
import { loadTensorFlow } from '../support/tensorflow.js';

let loaded: Awaited<ReturnType<typeof loadTensorFlow>>;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

const { layers } = tf;

describe('one step, traced, agrees with eager tfjs', () => {
  it.each(layerCases(6))('$name', ({ shape, body, feature, inexact }) => {
    const options = settings(shape, feature && { feature });
    expectAgreement(loaded, classifier(body, shape), options, inexact === undefined ? {} : { inexact });
  });

  it.each(activations)('activation %s', (activation) => {
    const body = () => [layers.dense({ units: 7, activation: activation as never })];
    expectAgreement(loaded, classifier(body, [6]), settings([6]));
  });
});

describe('what cannot be traced is refused', () => {
  it.each<[string, number[], Body]>([
    ['conv3dTranspose', [4, 4, 4, 2], () => [layers.conv3dTranspose({ filters: 2, kernelSize: 2 })]],
    ['a dilated convolution', [8, 8, 3], () => [layers.conv2d({ filters: 2, kernelSize: 2, dilationRate: 2 })]],
    ['a causal convolution', [6, 4], () => [layers.conv1d({ filters: 2, kernelSize: 2, padding: 'causal' })]],
    ['thresholdedReLU of a layer', [6], () => [layers.dense({ units: 4 }), layers.thresholdedReLU()]],
  ])('%s, which tfjs cannot train either', (_, shape, body) => {
    expect(() => traceOnce(loaded, classifier(body, shape), settings(shape))).toThrow(
      expect.objectContaining({ code: 'TRIAL_STEP_FAILED' }),
    );
  });

  it('a recurrent layer whose states outlive a batch', () => {
    const body = () => [layers.gru({ units: 3, stateful: true })];
    const trace = () => traceOnce(loaded, classifier(body, [3, 4], undefined, 8), settings([3, 4]));
    expect(trace).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(GRAPH|TRIAL)_/) }));
  });
});
