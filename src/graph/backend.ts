import type { AttributeKinds, BindingAttribute } from './attributes.js';

/** A tensor of tfjs, as much as is needed here. */
export interface TensorLike {
  readonly dataId: object;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** The part of tfjs-node's native binding that tracing watches. Ids name tensors on the native side. */
export interface Binding extends AttributeKinds {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  createTensor(shape: number[], type: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(
    op: string,
    attributes: BindingAttribute[],
    inputs: number[],
    outputCount: number,
  ): { id: number; dtype: number; shape: number[] }[];
}

/** The part of tfjs-node's `NodeJSKernelBackend` that tracing uses; its `binding` is replaced while a step is recorded. */
export interface TensorFlowBackend {
  binding: Binding;
  getInputTensorIds(tensors: readonly TensorLike[]): number[];
  /** A tensor's values, soon. */
  read(dataId: object): Promise<unknown>;
  /** Makes a tfjs tensor of a native one. */
  createOutputTensor(metadata: { id: number; dtype: number }): TensorLike;
}
