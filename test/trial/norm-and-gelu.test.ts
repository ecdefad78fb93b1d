import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { gelu, layerNorm } from '../../src/trial/index.js';

beforeAll(() => tf.setBackend('cpu'));

const values = (count: number) =>
  fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: count, maxLength: count });

/** Layer normalization as its definition says, for tfjs to differentiate. */
function composedNorm(x: tf.Tensor, scale: tf.Tensor): tf.Tensor {
  const mean = x.mean(-1, true);
  const variance = x.sub(mean).square().mean(-1, true);
  return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(scale);
}
function composedGelu(x: tf.Tensor): tf.Tensor {
  return x.mul(0.5).mul(
    x
      .add(x.pow(3).mul(0.044715))
      .mul(Math.sqrt(2 / Math.PI))
      .tanh()
      .add(1),
  );
}

/** Values, and gradients by each argument for an incoming gradient. */
function compared(f: (...args: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor): number[][] {
  return [f(...inputs), ...tf.grads(f)(inputs, dy)].map((tensor) => [...tensor.dataSync()]);
}

function expectClose(actual: number[][], expected: number[][], tolerance: number): void {
  const scale = Math.max(1, ...expected.flat().map(Math.abs));
  for (const [index, numbers] of actual.entries()) {
    numbers.forEach((number, at) => {
      expect(Math.abs(number - expected[index]![at]!) / scale).toBeLessThan(tolerance);
    });
  }
}

describe('layerNorm', () => {
  it('is its definition, with its gradients', () => {
    fc.assert(
      fc.property(values(12), values(4), values(12), (x, scale, dy) => {
        tf.tidy(() => {
          const inputs = [tf.tensor(x, [3, 4]), tf.tensor1d(scale)];
          const incoming = tf.tensor(dy, [3, 4]);
          const fused = compared((a, b) => layerNorm(a!, b as tf.Tensor1D), inputs, incoming);
          expectClose(
            fused,
            compared((a, b) => composedNorm(a!, b!), inputs, incoming),
            2e-3,
          );
        });
      }),
    );
  });
});

describe('gelu', () => {
  it('is its definition, with its gradient', () => {
    fc.assert(
      fc.property(values(6), values(6), (x, dy) => {
        tf.tidy(() => {
          const [input, incoming] = [tf.tensor1d(x), tf.tensor1d(dy)];
          const fused = compared((a) => gelu(a!), [input], incoming);
          expectClose(
            fused,
            compared((a) => composedGelu(a!), [input], incoming),
            1e-5,
          );
        });
      }),
    );
  });

  it('is x times the normal distribution function, nearly', () => {
    // Φ(1) = 0.841345, Φ(-2) = 0.022750
    expect(gelu(tf.scalar(1)).dataSync()[0]).toBeCloseTo(0.841345, 3);
    expect(gelu(tf.scalar(-2)).dataSync()[0]).toBeCloseTo(-0.0455, 3);
  });

  it('can be differentiated again, as layerNorm can', () => {
    const scale = tf.tensor1d([1, 2, 0.5]);
    const f = (x: tf.Tensor) => gelu(layerNorm(x as tf.Tensor1D, scale)).sum() as tf.Scalar;
    const penalty = (x: tf.Tensor) => tf.grad(f)(x).square().sum() as tf.Scalar;
    const at = tf.tensor1d([0.3, -1, 2]);
    const [first] = tf.grad(penalty)(at).dataSync();
    const moved = (by: number) => penalty(at.add([by, 0, 0])).dataSync()[0]!;
    expect(first).toBeCloseTo((moved(1e-2) - moved(-1e-2)) / 2e-2, 1);
  });
});
