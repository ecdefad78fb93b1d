/**
 * An LSTM (Hochreiter and Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735) over a whole sequence in one kernel, and its
 * gradient in another. The kernel has tfjs's order of gates: input, forget, candidate, output.
 */
import * as tf from '@tensorflow/tfjs';
import { rawOp } from './raw-op.js';
import { installRecurrent, type RecurrentCell } from './recurrent.js';

const float = { T: { type: 'float32' }, use_peephole: false } as const;
type Save = (tensors: tf.Tensor[]) => void;

/** The number of time steps, which the kernels want in 64 bits. tfjs has no such type, and tfjs-node says so each time. */
function length64(count: number): tf.Tensor {
  const { warn } = console;
  console.warn = () => {};
  try {
    return rawOp('Cast', { SrcT: { type: 'int32' }, DstT: { type: 'int64' } }, [tf.scalar(count, 'int32')], 1)[0]!;
  } finally {
    console.warn = warn;
  }
}

/** All outputs, `[time, batch, units]`, of `x`, `[time, batch, features]`; differentiable in all four. */
function lstmSequence(x: tf.Tensor3D, kernel: tf.Tensor2D, recurrent: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  const units = recurrent.shape[0];
  const features = kernel.shape[0];
  const start = tf.zeros([x.shape[1], units]);
  const peephole = tf.zeros([units]);
  const sequence = tf.customGrad((...args) => {
    const [input, w, v, b, save] = args as unknown as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, Save];
    const count = length64(input.shape[0]);
    const inputs = [count, input, start, start, tf.concat([w, v], 0), peephole, peephole, peephole, b];
    const outputs = rawOp('BlockLSTMV2', { ...float, cell_clip: 0 }, inputs, 7);
    save([...inputs, ...outputs]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const given = [...saved, tf.zerosLike(dy), dy];
      const [dx, , , dw, , , , db] = rawOp('BlockLSTMGradV2', float, given, 8);
      const [dKernel, dRecurrent] = tf.split(dw!, [features, units], 0);
      return [dx!, dKernel!, dRecurrent!, db!];
    };
    return { value: outputs.at(-1)!, gradFunc };
  });
  return sequence(x, kernel, recurrent, bias) as tf.Tensor3D;
}

function applyCell({ kernel, recurrentKernel, bias, units }: RecurrentCell, x: tf.Tensor3D): tf.Tensor3D {
  return lstmSequence(x, kernel.read(), recurrentKernel.read(), bias?.read() ?? tf.zeros([4 * units]));
}

/** Once a thread. */
export function installFusedLstm(): void {
  installRecurrent(tf.layers.lstm({ units: 1 }) as tf.layers.Layer, applyCell);
}
