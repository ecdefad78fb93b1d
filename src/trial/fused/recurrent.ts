/** Which recurrent layers the fused kernels can stand for. */
import * as tf from '@tensorflow/tfjs';
import { canFusePlain } from './active.js';
import { patchMethod } from './class-patch.js';

interface NamedActivation {
  getClassName(): string;
}

interface LayerVariable {
  read(): tf.Tensor2D;
}

export interface RecurrentCell {
  readonly units: number;
  readonly activation: NamedActivation;
  readonly recurrentActivation: NamedActivation;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly kernel: LayerVariable;
  readonly recurrentKernel: LayerVariable;
  readonly bias?: { read(): tf.Tensor1D };
}

export interface RecurrentLayer {
  readonly cell: RecurrentCell;
  readonly stateful: boolean;
  readonly returnState: boolean;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

interface Arguments {
  readonly mask?: unknown;
  readonly initialState?: unknown;
}
type Call = (this: RecurrentLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: Arguments) => tf.Tensor | tf.Tensor[];

/** The kernels know sigmoid gates and tanh, start from zeros, and take sequences of one length without dropout. */
function isPlain(
  { cell, stateful, returnState }: RecurrentLayer,
  x: tf.Tensor,
  kwargs: Arguments | undefined,
): boolean {
  const standard = cell.activation.getClassName() === 'tanh' && cell.recurrentActivation.getClassName() === 'sigmoid';
  const masked = Array.isArray(kwargs?.mask) ? kwargs.mask.some((mask) => mask !== null) : kwargs?.mask;
  const given = masked || kwargs?.initialState || stateful || returnState;
  return standard && !given && !cell.dropout && !cell.recurrentDropout && x.rank === 3 && x.dtype === 'float32';
}

/**
 * Replaces `call` of a recurrent layer's class, for the layers that are plain.
 *
 * @param sequence from the input `[time, batch, features]` in the order of time steps to all outputs, `[time, batch, units]`
 */
export function installRecurrent(
  layer: tf.layers.Layer,
  sequence: (cell: RecurrentCell, x: tf.Tensor3D) => tf.Tensor3D,
): void {
  patchMethod<Call>(layer, 'call', (original) => {
    return function (inputs, kwargs) {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const single = !Array.isArray(inputs) || inputs.length === 1;
      if (!canFusePlain('recurrent') || !single || !isPlain(this, x, kwargs))
        return original.call(this, inputs, kwargs);
      return tf.tidy(() => {
        const byTime = x.transpose<tf.Tensor3D>([1, 0, 2]);
        const outputs = sequence(this.cell, this.goBackwards ? byTime.reverse(0) : byTime);
        if (this.returnSequences) return outputs.transpose([1, 0, 2]);
        return outputs.slice([outputs.shape[0] - 1, 0, 0], [1, -1, -1]).squeeze([0]);
      });
    };
  });
}
