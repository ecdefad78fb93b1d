/** Behind the signature: the length, the type and the start of the first chunk, IHDR. */
const colourTypeAt = 25;
const indexed = 3;

/**
 * Whether the bytes are those of a PNG image with a palette of greys alone: what a black and white image becomes in many a program (PNG
 * specification, section 11.2.2).
 */
export function hasGreyPalette(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x89 || bytes[colourTypeAt] !== indexed) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // each chunk: length, type, data, checksum
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (view.getUint32(at + 4) === plte) return data.length > 0 && isGrey(data);
    at += length + 12;
  }
  return false;
}

/** "PLTE". */
const plte = 0x504c5445;

function isGrey(colours: Uint8Array): boolean {
  for (let i = 0; i + 2 < colours.length; i += 3) {
    if (colours[i] !== colours[i + 1] || colours[i] !== colours[i + 2]) return false;
  }
  return true;
}
