/** Session options, as TensorFlow's ConfigProto (tensorflow/core/protobuf/config.proto). */
import protobuf from 'protobufjs/light.js';

export interface SessionOptions {
  /** Let the graphics card's memory grow as it is needed, since many sessions share it. */
  readonly allowGrowth?: boolean;
}

/**
 * `inter_op_parallelism_threads = -1` runs the graph in the thread that calls it: a call costs 5 µs instead of 120.
 *
 * Nothing here says how many threads an op is split over: the library has one pool for that in the whole process, which
 * the native room sets (measured: `use_per_session_threads` changes neither speed nor bits).
 */
export function encodeConfig({ allowGrowth = true }: SessionOptions = {}): Uint8Array {
  const gpuOptions = protobuf.Writer.create().uint32(tag(4, 'varint')).bool(allowGrowth).finish();
  return (
    protobuf.Writer.create()
      .uint32(tag(5, 'varint'))
      .int32(-1)
      .uint32(tag(6, 'bytes'))
      .bytes(gpuOptions)
      // allow_soft_placement: an op without a kernel for the graphics card runs on the processor
      .uint32(tag(7, 'varint'))
      .bool(true)
      .finish()
  );
}

function tag(field: number, wire: 'varint' | 'bytes'): number {
  return (field << 3) | (wire === 'varint' ? 0 : 2);
}
