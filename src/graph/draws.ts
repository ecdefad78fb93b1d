/**
 * Random numbers for training steps. The i-th draw of step s of a trial is a block of Philox's output (Salmon et al. 2011,
 * "Parallel random numbers: as easy as 1, 2, 3"; TensorFlow's `StatelessRandom…V2` ops) under the key `seed XOR [i, 0]`, from
 * counter `s × blocks` on, where a counter gives four numbers and a draw takes `blocks` of them. So a draw is a function of
 * (seed, i, s), and those of consecutive steps lie one after another: the draws of all steps of a call are **one** op before
 * the loop, whatever number of steps that is. In the loop it would be slower: XLA takes 3 ms for what Philox's kernel does in 0.03.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { BindingAttribute } from './attributes.js';
import type { TensorFlowBackend } from './backend.js';
import type { GraphBuilder, Reference } from './graph-builder.js';

/** `uniform`: in [0, 1). `normal`: mean 0, standard deviation 1. */
export type DrawKind = 'uniform' | 'normal';

export interface DrawSpec {
  readonly kind: DrawKind;
  readonly shape: readonly number[];
  /** Counts a step's draws from 0. */
  readonly index: number;
  readonly size: number;
  /** `size` rounded up to whole blocks of four. */
  readonly paddedSize: number;
}

const ops = { uniform: 'StatelessRandomUniformV2', normal: 'StatelessRandomNormalV2' } as const;
/** The number of the algorithm; without it, the choice would be the device's. */
const philox = 1;
const numbersPerBlock = 4;

export function drawSpec(kind: DrawKind, shape: readonly number[], index: number): DrawSpec {
  const size = shape.reduce((a, b) => a * b, 1);
  return { kind, shape: [...shape], index, size, paddedSize: Math.ceil(size / numbersPerBlock) * numbersPerBlock };
}

const type = (name: 'int32' | 'float32' | 'int64' | 'uint64') => {
  return { type: { int32: 3, float32: 1, int64: 9, uint64: 23 }[name] };
};

/** The draws of `steps` steps from `firstStep` on: float32 `[steps, paddedSize]`. All references are int32. */
export function drawRows(
  graph: GraphBuilder,
  { kind, index, paddedSize }: DrawSpec,
  seed: Reference,
  firstStep: Reference,
  steps: Reference,
): Reference {
  const mixed = graph.binary('BitwiseXor', seed, graph.int32(index + 1, 0), 'int32');
  const bits = graph.node('Bitcast', [mixed], { T: type('int32'), type: type('uint64') });
  const key = graph.reshape(bits, [1], 'uint64');
  const blocks = graph.scalar64('int64', paddedSize / numbersPerBlock);
  const block = graph.binary('Mul', graph.cast(firstStep, 'int32', 'int64'), blocks, 'int64');
  const counter = graph.pack([graph.cast(block, 'int64', 'uint64'), graph.scalar64('uint64', 0)], 'uint64');
  const shape = graph.pack([steps, graph.scalar('int32', paddedSize)], 'int32');
  const inputs = [shape, key, counter, graph.scalar('int32', philox)];
  return graph.node(ops[kind], inputs, { dtype: type('float32'), Tshape: type('int32') });
}

/** The same numbers for one step, eagerly. uint64 tensors, which tfjs does not know, stay on the native side. */
export function drawEagerly(
  tf: typeof tfjs,
  backend: TensorFlowBackend,
  { kind, index, size, paddedSize, shape }: DrawSpec,
  seed: readonly [number, number],
  step: number,
): tfjs.Tensor {
  const { binding } = backend;
  const attribute = (name: string, value: number): BindingAttribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  const mixed = Int32Array.of(seed[0] ^ (index + 1), seed[1]);
  const key = new BigUint64Array(mixed.buffer);
  const counter = BigUint64Array.of((BigInt(step) * BigInt(paddedSize)) / BigInt(numbersPerBlock), 0n);
  const inputs = [
    binding.createTensor([1], binding.TF_INT32, Int32Array.of(paddedSize)),
    native64(backend, [1], key),
    native64(backend, [2], counter),
    binding.createTensor([], binding.TF_INT32, Int32Array.of(philox)),
  ];
  const attributes = [attribute('dtype', binding.TF_FLOAT), attribute('Tshape', binding.TF_INT32)];
  const [drawn] = binding.executeOp(ops[kind], attributes, inputs, 1);
  for (const id of inputs) binding.deleteTensor(id);
  const padded = backend.createOutputTensor(drawn!) as tfjs.Tensor1D;
  return tf.tidy(() => padded.slice(0, size).reshape([...shape]));
}

/** A uint64 tensor: the binding takes 32-bit numbers, which are put together natively. */
function native64({ binding }: TensorFlowBackend, shape: number[], values: BigUint64Array): number {
  const halves = new Int32Array(values.buffer);
  const id = binding.createTensor([...shape, 2], binding.TF_INT32, halves);
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    { name: 'type', type: binding.TF_ATTR_TYPE, value: 23 },
  ];
  const [whole] = binding.executeOp('Bitcast', attributes, [id], 1);
  binding.deleteTensor(id);
  return whole!.id;
}
