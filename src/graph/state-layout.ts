/**
 * A trial's state as one buffer: everything it needs to go on (weights, optimizer slots, counters), so that a checkpoint
 * is a file with these bytes and exploit is handing over a reference.
 *
 * | bytes | what |
 * | --- | --- |
 * | 0–3 | `TTST` |
 * | 4–7 | version of this format, uint32, little endian as all that follows |
 * | 8–15 | steps trained, uint64 |
 * | 16–23 | bytes of the whole buffer, uint64 |
 * | 24–39 | fingerprint of the layout: the first 16 bytes of the SHA-256 of the tensors' shapes and types |
 * | 40–63 | zero |
 * | 64– | the tensors, each on a 64-byte boundary |
 */
import { createHash } from 'node:crypto';
import { errors } from './errors.js';

export interface StateTensor {
  /** The variable's name in the model; for messages only, two builds of one model may differ in it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int32' | 'bool';
  /** From the start of the state buffer; a multiple of 64. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Where each tensor of a state lies. States of one model with equal structural hyperparameters share one. */
export interface StateLayout {
  readonly tensors: readonly StateTensor[];
  readonly byteLength: number;
  /** Hex, 32 digits. */
  readonly fingerprint: string;
}

const magic = 0x54535454;
const version = 1;
const headerBytes = 64;
/** TensorFlow takes memory as it is only on this boundary (EIGEN_MAX_ALIGN_BYTES); otherwise it copies. */
export const alignment = 64;

function alignUp(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** Lays variables out in the given order. */
export function layoutState(
  variables: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[],
): StateLayout {
  let byteOffset = headerBytes;
  const tensors = variables.map(({ name, shape, dtype }): StateTensor => {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw errors.GRAPH_TYPE_NOT_SUPPORTED({ what: `variable "${name}"`, type: dtype });
    }
    const byteLength = shape.reduce((a, b) => a * b, 1) * (dtype === 'bool' ? 1 : 4);
    const tensor = { name, shape: [...shape], type: dtype, byteOffset, byteLength } as const;
    byteOffset += alignUp(byteLength);
    return tensor;
  });
  const described = JSON.stringify(tensors.map(({ shape, type }) => [type, shape]));
  const fingerprint = createHash('sha256').update(described).digest('hex').slice(0, 32);
  return { tensors, byteLength: byteOffset, fingerprint };
}

function header(state: Uint8Array): DataView {
  return new DataView(state.buffer, state.byteOffset, headerBytes);
}

/** Writes the header of a state whose tensors lie in `state` already. `step`: steps trained so far. */
export function writeHeader(state: Uint8Array, layout: StateLayout, step: number): void {
  const view = header(state);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setBigUint64(8, BigInt(step), true);
  view.setBigUint64(16, BigInt(layout.byteLength), true);
  for (let i = 0; i < 16; i++) view.setUint8(24 + i, Number.parseInt(layout.fingerprint.slice(2 * i, 2 * i + 2), 16));
}

/** Checks that `state` is a whole state of this layout, and returns how many steps it was trained. */
export function readHeader(state: Uint8Array, layout: StateLayout): number {
  const bad = (why: string) => errors.GRAPH_STATE_INVALID({ why });
  if (state.byteLength < headerBytes) throw bad(`it has ${state.byteLength} bytes, and the header alone has 64`);
  const view = header(state);
  if (view.getUint32(0, true) !== magic) throw bad('it does not begin with TTST');
  if (view.getUint32(4, true) !== version)
    throw bad(`its format is version ${view.getUint32(4, true)}, not ${version}`);
  const fingerprint = Buffer.from(state.slice(24, 40)).toString('hex');
  if (fingerprint !== layout.fingerprint) throw bad("its tensors' shapes are not those of the model");
  if (Number(view.getBigUint64(16, true)) !== state.byteLength || state.byteLength !== layout.byteLength) {
    throw bad(`it has ${state.byteLength} bytes instead of ${layout.byteLength}`);
  }
  return Number(view.getBigUint64(8, true));
}

const views = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** A tensor's values within a state, as a view. */
export function tensorView(state: Uint8Array, tensor: StateTensor): Float32Array | Int32Array | Uint8Array {
  const View = views[tensor.type];
  return new View(
    state.buffer as ArrayBuffer,
    state.byteOffset + tensor.byteOffset,
    tensor.byteLength / View.BYTES_PER_ELEMENT,
  );
}

/** The name of the first tensor with a value that is NaN or infinite, if there is one. */
export function firstNonFinite(state: Uint8Array, layout: StateLayout): string | undefined {
  for (const tensor of layout.tensors) {
    if (tensor.type !== 'float32') continue;
    const values = tensorView(state, tensor) as Float32Array;
    // x * 0 is 0 for every finite x and NaN otherwise: one pass without a branch
    let zero = 0;
    for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
    if (zero !== 0) return tensor.name;
  }
  return undefined;
}
