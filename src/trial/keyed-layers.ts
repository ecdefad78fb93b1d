/**
 * tfjs's own random layers (dropout and noise layers, dropout of recurrent cells) draw in JavaScript, which a traced step
 * would freeze. While a step has a keyed stream, they draw from it instead: their `call` is replaced once a thread, on the
 * prototypes, so that models from anywhere work unchanged.
 */
import * as tf from '@tensorflow/tfjs';
import { patchMethod } from './fused/index.js';
import { dropout, type KeyedRandom } from './keyed-random.js';

type Tensor = tf.Tensor;
type Call = (this: unknown, inputs: Tensor | Tensor[], kwargs: { training?: boolean }) => Tensor | Tensor[];

let current: KeyedRandom | undefined;

/** Runs `step` with `random` for all random layers that it calls. */
export function withKeyedLayers<T>(random: KeyedRandom, step: () => T): T {
  const before = current;
  current = random;
  try {
    return step();
  } finally {
    current = before;
  }
}

const first = (inputs: Tensor | Tensor[]) => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** Replaces `call` of a layer class by one that asks `keyed` first, while a step is run in training. */
function replace<L>(layer: tf.layers.Layer, keyed: (layer: L, x: Tensor, random: KeyedRandom) => Tensor): void {
  patchMethod<Call>(layer, 'call', (original) => {
    return function (inputs, kwargs) {
      if (!current || !kwargs?.training) return original.call(this, inputs, kwargs);
      return tf.tidy(() => keyed(this as L, first(inputs), current!));
    };
  });
}

/** Scales what a mask of 0 and 1 keeps. */
function masked(x: Tensor, rate: number, shape: readonly number[], random: KeyedRandom): Tensor {
  return x
    .mul(
      random
        .uniform(shape)
        .less(1 - rate)
        .cast('float32'),
    )
    .div(1 - rate);
}

interface RatedLayer {
  readonly rate: number;
}
interface DropoutLayer extends RatedLayer {
  getNoiseShape(x: Tensor): number[] | null | undefined;
}
interface AlphaDropoutLayer extends RatedLayer {
  _getNoiseShape(x: Tensor): number[];
}

const active = ({ rate }: RatedLayer) => rate > 0 && rate < 1;

/** Klambauer et al. 2017, "Self-Normalizing Neural Networks", equations 25 and 26; as tfjs computes it. */
function alphaDropout(x: Tensor, rate: number, shape: readonly number[], random: KeyedRandom): Tensor {
  const saturation = -1.6732632423543772 * 1.0507009873554805;
  const kept = random.uniform(shape).greaterEqual(rate).cast('float32');
  const scale = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
  return x
    .mul(kept)
    .add(kept.sub(1).mul(saturation))
    .mul(scale)
    .sub(scale * saturation * rate);
}

let installed = false;

/** Once a thread, and before any layer is made: a recurrent cell that was made earlier keeps its own `dropoutFunc`. */
export function installKeyedLayers(): void {
  if (installed) return;
  installed = true;
  replace<DropoutLayer>(tf.layers.dropout({ rate: 0.5 }), (layer, x, random) => {
    if (!active(layer)) return x;
    const shape = layer.getNoiseShape(x);
    return shape ? masked(x, layer.rate, shape, random) : dropout(x, layer.rate, random);
  });
  replace<{ stddev: number }>(tf.layers.gaussianNoise({ stddev: 1 }), ({ stddev }, x, random) => {
    return x.add(random.normal(x.shape).mul(stddev));
  });
  replace<RatedLayer>(tf.layers.gaussianDropout({ rate: 0.5 }), (layer, x, random) => {
    const deviation = Math.sqrt(layer.rate / (1 - layer.rate));
    return active(layer) ? x.mul(random.normal(x.shape).mul(deviation).add(1)) : x;
  });
  replace<AlphaDropoutLayer>(tf.layers.alphaDropout({ rate: 0.5 }), (layer, x, random) => {
    return active(layer) ? alphaDropout(x, layer.rate, layer._getNoiseShape(x), random) : x;
  });
  for (const cell of [tf.layers.simpleRNNCell, tf.layers.gruCell, tf.layers.lstmCell]) installCell(cell({ units: 1 }));
}

/**
 * Recurrent cells take a `dropoutFunc`, or else drop with JavaScript's randomness. A getter on their prototype supplies one
 * while a step is run; the constructor's own assignment (of `undefined`) is kept out by the setter.
 */
function installCell(cell: tf.layers.Layer): void {
  const given = new WeakMap<object, unknown>();
  Object.defineProperty(Object.getPrototypeOf(cell), 'dropoutFunc', {
    get(this: object) {
      const own = given.get(this);
      if (own || !current) return own;
      const random = current;
      return (ones: Tensor, rate: number) => dropout(ones, rate, random);
    },
    set(this: object, value: unknown) {
      given.set(this, value);
    },
  });
}
