import { TextDecoder } from 'node:util';
import { errors } from '../errors.js';

/**
 * Passes chunks on as they are, once they are known to be UTF-8: a parser would replace what is not, and every
 * accented category would silently be another one.
 *
 * @throws DATA_TEXT_ENCODING for UTF-16 or UTF-32, binary data and other encodings.
 */
export async function* checkedUtf8(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let before = 0;
  for await (const chunk of chunks) {
    if (before === 0) refuseWideText(path, chunk);
    const zero = chunk.indexOf(0);
    if (zero !== -1) throw encodingError(path, `has a zero byte at ${before + zero}: it is not text, or is UTF-16`);
    decode(path, decoder, chunk, before);
    before += chunk.length;
    yield chunk;
  }
  decode(path, decoder, new Uint8Array(), before, false);
}

function decode(path: string, decoder: TextDecoder, chunk: Uint8Array, before: number, stream = true): void {
  try {
    decoder.decode(chunk, { stream });
  } catch (cause) {
    throw encodingError(path, `has bytes that are not, between ${before} and ${before + chunk.length}`, cause);
  }
}

function refuseWideText(path: string, start: Uint8Array): void {
  const [first, second] = start;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (wide) throw encodingError(path, 'starts with the byte order mark of UTF-16');
}

function encodingError(path: string, found: string, cause?: unknown): Error {
  return errors.DATA_TEXT_ENCODING({ path, found }, cause);
}
