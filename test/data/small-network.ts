import { foldIn, normal, permutation, seedKey } from '../../src/random/index.js';

export interface Examples {
  /** `[rows, features]` */
  readonly x: Float32Array;
  /** Class of each row. */
  readonly y: Int32Array;
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** `[inputs + 1, outputs]`; the last row is the bias. */
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly moment: Float64Array;
  readonly square: Float64Array;
}

/**
 * Validation accuracy of a network with ReLU layers of the given widths (none: logistic regression), softmax
 * cross-entropy and Adam at 0.01, decaying linearly to 0, with batches of 32.
 */
export function validationAccuracy(
  examples: Examples,
  classes: number,
  hidden: readonly number[],
  epochs: number,
): number {
  const features = examples.x.length / examples.y.length;
  const widths = [features, ...hidden, classes];
  const layers = widths.slice(1).map((outputs, i) => createLayer(widths[i]!, outputs, i));
  const batch = 32;
  const steps = epochs * Math.floor(examples.train.length / batch);
  for (let step = 0, epoch = 0; step < steps; epoch++) {
    const order = permutation(foldIn(seedKey(1), 'order', epoch), examples.train.length);
    for (let start = 0; start + batch <= order.length && step < steps; start += batch) {
      for (let i = start; i < start + batch; i++) {
        const row = examples.train[order.at(i)]!;
        const activations = forward(layers, examples.x.subarray(row * features, (row + 1) * features));
        backward(layers, activations, examples.y[row]!, batch);
      }
      step++;
      for (const layer of layers) adam(layer, step, 0.01 * (1 - step / (steps + 1)));
    }
  }
  let correct = 0;
  for (const row of examples.validation) {
    const scores = forward(layers, examples.x.subarray(row * features, (row + 1) * features)).at(-1)!;
    if (scores.indexOf(Math.max(...scores)) === examples.y[row]) correct++;
  }
  return correct / examples.validation.length;
}

function createLayer(inputs: number, outputs: number, index: number): Layer {
  const size = (inputs + 1) * outputs;
  const key = foldIn(seedKey(1), 'weights', index);
  const weights = Float64Array.from({ length: size }, (_, i) =>
    i < inputs * outputs ? normal(foldIn(key, i)) * Math.sqrt(2 / inputs) : 0,
  );
  const zeros = () => new Float64Array(size);
  return { inputs, outputs, weights, gradient: zeros(), moment: zeros(), square: zeros() };
}

/** The input and each layer's output, after its ReLU but for the last. */
function forward(layers: readonly Layer[], input: Float32Array): Float64Array[] {
  const activations = [Float64Array.from(input)];
  layers.forEach(({ inputs, outputs, weights }, index) => {
    const from = activations[index]!;
    const to = weights.slice(inputs * outputs);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) to[o]! += from[i]! * weights[i * outputs + o]!;
    }
    activations.push(index === layers.length - 1 ? to : to.map((value) => Math.max(0, value)));
  });
  return activations;
}

function backward(layers: readonly Layer[], activations: readonly Float64Array[], label: number, batch: number): void {
  let delta = softmaxGradient(activations.at(-1)!, label, batch);
  for (let index = layers.length - 1; index >= 0; index--) {
    const { inputs, outputs, weights, gradient } = layers[index]!;
    const from = activations[index]!;
    const below = new Float64Array(inputs);
    for (let o = 0; o < outputs; o++) gradient[inputs * outputs + o]! += delta[o]!;
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        gradient[i * outputs + o]! += from[i]! * delta[o]!;
        if (index > 0 && from[i]! > 0) below[i]! += weights[i * outputs + o]! * delta[o]!;
      }
    }
    delta = below;
  }
}

function softmaxGradient(scores: Float64Array, label: number, batch: number): Float64Array {
  const most = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - most));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value, i) => (value / sum - Number(i === label)) / batch);
}

function adam({ weights, gradient, moment, square }: Layer, step: number, rate: number): void {
  for (let i = 0; i < weights.length; i++) {
    const slope = gradient[i]!;
    moment[i] = 0.9 * moment[i]! + 0.1 * slope;
    square[i] = 0.999 * square[i]! + 0.001 * slope * slope;
    const scale = Math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step);
    weights[i]! -= (rate * scale * moment[i]!) / (Math.sqrt(square[i]!) + 1e-8);
  }
  gradient.fill(0);
}
