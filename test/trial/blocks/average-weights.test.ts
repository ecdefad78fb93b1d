import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { averageWeights } from '../../../src/trial/index.js';
import { loadTensorFlow } from '../../support/tensorflow.js';

let tf: typeof tfjs;
beforeAll(async () => {
  ({ tf } = await loadTensorFlow());
});

describe('averageWeights', () => {
  const averaged = (decay: tfjs.Scalar | number, step: number) => {
    const [average, variable] = [tf.variable(tf.tensor1d([1, 0])), tf.variable(tf.tensor1d([2, -4]))];
    averageWeights([average], [variable], decay, tf.scalar(step, 'int32'));
    const values = [...average.dataSync()];
    tf.dispose([average, variable]);
    return values;
  };

  it('keeps its decay of the average, with a tensor as with a number, once there were many steps', () => {
    const wanted = [0.9 + 0.2, -0.4].map((value) => expect.closeTo(value, 6));
    expect(averaged(0.9, 1000)).toEqual(wanted);
    expect(averaged(tf.scalar(0.9), 1000)).toEqual(wanted);
  });

  it('copies at 0', () => {
    expect(averaged(0, 1000)).toEqual([2, -4]);
  });

  it('keeps a tenth at the first step, however large the decay', () => {
    expect(averaged(0.999, 0)).toEqual([0.1 + 1.8, -3.6].map((value) => expect.closeTo(value, 6)));
  });
});
