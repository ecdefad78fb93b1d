/**
 * A GRU over a whole sequence: one kernel a time step, forward and backward, and the weights' gradients as two products over all
 * steps at once. tfjs composes each time step of some 25 ops, and its gradient of a hundred.
 *
 * Cho et al. 2014, https://arxiv.org/abs/1406.1078, with the reset before the product, as tfjs has it. With `[a, b]` for
 * concatenation and `∘` for the product of elements:
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | x_t, h_t | input, output of time step t | [batch, features], [batch, units] |
 * | r, u | reset and update gate: sigmoid([x_t, h_(t-1)] W_ru + b_ru) | [batch, units] |
 * | c | candidate: tanh([x_t, r ∘ h_(t-1)] W_c + b_c) | [batch, units] |
 * | h_t | u ∘ h_(t-1) + (1 - u) ∘ c | |
 *
 * tfjs keeps the update gate (z) before the reset gate, the kernel after it.
 */
import * as tf from '@tensorflow/tfjs';
import { rawOp } from './raw-op.js';
import { installRecurrent, type RecurrentCell } from './recurrent.js';

const float = { T: { type: 'float32' } } as const;

/** Weights in the kernel's order. */
interface Weights {
  readonly gates: tf.Tensor2D;
  readonly candidate: tf.Tensor2D;
  readonly gatesBias: tf.Tensor1D;
  readonly candidateBias: tf.Tensor1D;
}

interface Step {
  readonly r: tf.Tensor2D;
  readonly u: tf.Tensor2D;
  readonly c: tf.Tensor2D;
  readonly h: tf.Tensor2D;
}

/** `[z, r, c]` along the last axis: the two gates the other way round, and the candidate. */
function split<T extends tf.Tensor>(tensor: T): [gates: T, candidate: T] {
  const [z, r, c] = tf.split(tensor, 3, -1) as [T, T, T];
  return [tf.concat([r, z], -1) as T, c];
}

/** The inverse of {@link split}. */
function join<T extends tf.Tensor>(gates: T, candidate: T): T {
  const [r, z] = tf.split(gates, 2, -1) as [T, T];
  return tf.concat([z, r, candidate], -1) as T;
}

function arrange(kernel: tf.Tensor2D, recurrent: tf.Tensor2D, bias: tf.Tensor1D): Weights {
  const [gates, candidate] = split(tf.concat([kernel, recurrent], 0));
  const [gatesBias, candidateBias] = split(bias);
  return { gates, candidate, gatesBias, candidateBias };
}

const list = (x: tf.Tensor, h: tf.Tensor, w: Weights) => [x, h, w.gates, w.candidate, w.gatesBias, w.candidateBias];

function forward(xs: readonly tf.Tensor2D[], start: tf.Tensor2D, weights: Weights): Step[] {
  const steps: Step[] = [];
  for (const x of xs) {
    const before = steps.at(-1)?.h ?? start;
    const [r, u, c, h] = rawOp('GRUBlockCell', float, list(x, before, weights), 4) as tf.Tensor2D[];
    steps.push({ r: r!, u: u!, c: c!, h: h! });
  }
  return steps;
}

interface Gradients {
  readonly dx: tf.Tensor3D;
  readonly gates: tf.Tensor2D;
  readonly candidate: tf.Tensor2D;
}

/** Back through time: what reaches the inputs, and the sums before the activations, `[time × batch, …]`. */
function backward(
  dys: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
  before: readonly tf.Tensor[],
  steps: readonly Omit<Step, 'h'>[],
  weights: Weights,
): Gradients {
  const dxs: tf.Tensor[] = [];
  const gates: tf.Tensor2D[] = [];
  const candidates: tf.Tensor2D[] = [];
  let later: tf.Tensor | undefined;
  for (let t = steps.length - 1; t >= 0; t--) {
    const { r, u, c } = steps[t]!;
    const dh = later ? dys[t]!.add(later) : dys[t]!;
    const inputs = [...list(xs[t]!, before[t]!, weights), r, u, c, dh];
    const [dx, dBefore, dCandidate, dGates] = rawOp('GRUBlockCellGrad', float, inputs, 4);
    dxs.unshift(dx!);
    candidates.unshift(dCandidate as tf.Tensor2D);
    gates.unshift(dGates as tf.Tensor2D);
    later = dBefore;
  }
  return { dx: tf.stack(dxs) as tf.Tensor3D, gates: tf.concat(gates, 0), candidate: tf.concat(candidates, 0) };
}

/** All outputs, `[time, batch, units]`, of `x`, `[time, batch, features]`; differentiable in all four. */
function gruSequence(x: tf.Tensor3D, kernel: tf.Tensor2D, recurrent: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const features = kernel.shape[0];
  const start = tf.zeros<tf.Rank.R2>([x.shape[1], recurrent.shape[0]]);
  const sequence = tf.customGrad((...args) => {
    const [input, w, v, b, save] = args as unknown as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, Save];
    const weights = arrange(w, v, b);
    const xs = tf.unstack(input) as tf.Tensor2D[];
    const steps = forward(xs, start, weights);
    const count = steps.length;
    save([...list(input, start, weights), ...xs, ...steps.flatMap(({ r, u, c, h }) => [r, u, c, h])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [all, first, gates, candidate, gatesBias, candidateBias] = saved as [tf.Tensor, ...tf.Tensor2D[]];
      const kept = { gates, candidate, gatesBias, candidateBias } as unknown as Weights;
      const states = saved.slice(6 + count) as tf.Tensor2D[];
      const at = (t: number) => ({ r: states[4 * t]!, u: states[4 * t + 1]!, c: states[4 * t + 2]! });
      const each = Array.from({ length: count }, (_, t) => at(t));
      const before = each.map((_, t) => (t === 0 ? first! : states[4 * t - 1]!));
      const d = backward(tf.unstack(dy), saved.slice(6, 6 + count), before, each, kept);
      return [d.dx, ...weightGradients(all.reshape([-1, features]), before, each, d)];
    };
    return { value: tf.stack(steps.map(({ h }) => h)), gradFunc };
  });
  return sequence(x, kernel, recurrent, bias) as tf.Tensor3D;
}

type Save = (tensors: tf.Tensor[]) => void;

/** Of kernel, recurrent kernel and bias, in tfjs's order. */
function weightGradients(
  x: tf.Tensor2D,
  before: readonly tf.Tensor2D[],
  steps: readonly Omit<Step, 'h'>[],
  { gates, candidate }: Gradients,
): tf.Tensor[] {
  const h = tf.concat([...before], 0);
  const reset = tf.concat(
    steps.map(({ r }) => r),
    0,
  );
  const product = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.matMul(a, b, true, false);
  return [
    join(product(x, gates), product(x, candidate)),
    join(product(h, gates), product(reset.mul(h), candidate)),
    join(gates.sum(0), candidate.sum(0)),
  ];
}

function applyCell({ kernel, recurrentKernel, bias, units }: RecurrentCell, x: tf.Tensor3D): tf.Tensor3D {
  return gruSequence(x, kernel.read(), recurrentKernel.read(), bias?.read() ?? tf.zeros([3 * units]));
}

/** Once a thread. */
export function installFusedGru(): void {
  installRecurrent(tf.layers.gru({ units: 1 }) as tf.layers.Layer, applyCell);
}
