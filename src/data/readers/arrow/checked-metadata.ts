import { ByteBuffer } from 'flatbuffers';

/** Bytes of the smallest thing that Arrow's metadata have lists of. */
const leastBytes = 4;

/**
 * Makes the reading of Arrow's metadata refuse lists that are longer than the metadata themselves. apache-arrow takes a list's
 * length as it stands there: a flipped bit in it is a loop of two thousand million rounds, which fills the memory. The flatbuffers
 * package, which reads them, checks nothing, and has one prototype to do it at.
 */
export function checkMetadataLengths(): void {
  const prototype = ByteBuffer.prototype;
  prototype.__vector_len = function (this: ByteBuffer, offset: number): number {
    const at = offset + this.readInt32(offset);
    const length = this.readInt32(at);
    if (!(length >= 0 && at >= 0 && at + leastBytes * (length + 1) <= this.capacity())) {
      throw new Error('its metadata are damaged');
    }
    return length;
  };
}
