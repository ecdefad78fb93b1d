import type { SegmentAddon } from '../native/index.js';
import { alignment } from './state-layout.js';

/**
 * Shared memory whose first byte lies on a 64-byte boundary, where TensorFlow reads it in place. V8 gives memory on
 * 16-byte boundaries only, so a little more is taken and the start moved.
 */
export function alignedShared(addon: Pick<SegmentAddon, 'address'>, byteLength: number): Uint8Array {
  const buffer = new SharedArrayBuffer(byteLength + alignment);
  const misaligned = addon.address(new Uint8Array(buffer)) % alignment;
  return new Uint8Array(buffer, misaligned === 0 ? 0 : alignment - misaligned, byteLength);
}
