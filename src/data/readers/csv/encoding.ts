import { TextDecoder } from 'node:util';
import { errors } from '../../errors.js';

/** Encodings of text; all are turned into UTF-8 before anything else looks at it. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin1'] as const;

export type Encoding = (typeof encodings)[number];

/** What the start of a text says of its encoding. */
export interface StartOfText {
  readonly encoding: Encoding;
  /** Length of the byte order mark. */
  readonly markLength: number;
}

/**
 * The encoding that a text's first bytes show: by its byte order mark, or UTF-16 by the zero bytes that Latin letters have
 * in it. Everything else counts as UTF-8 so far. A given encoding wins, but for a mark that contradicts it.
 *
 * @throws DATA_TEXT_ENCODING for UTF-32, and a mark of another encoding than the given one.
 */
export function encodingAtStart(path: string, start: Uint8Array, given: Encoding | undefined): StartOfText {
  const marked = byMark(path, start);
  if (marked !== undefined) {
    if (given !== undefined && given !== marked.encoding) {
      throw encodingError(path, `has the byte order mark of ${marked.encoding}, and encoding: ${given} was given`);
    }
    return marked;
  }
  return { encoding: given ?? wideByZeros(start) ?? 'utf-8', markLength: 0 };
}

function byMark(path: string, start: Uint8Array): StartOfText | undefined {
  const [a, b, c, d] = start;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', markLength: 3 };
  const isWide = (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff);
  if (isWide) throw encodingError(path, 'starts with the byte order mark of UTF-32');
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', markLength: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', markLength: 2 };
  return undefined;
}

/** UTF-16 without a mark: of the first 256 characters at least half have one zero byte, all of them on the same side. */
function wideByZeros(start: Uint8Array): Encoding | undefined {
  const length = Math.min(start.length & ~1, 512);
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (start[i] === 0) zeros[i & 1]!++;
  if (zeros[1]! * 4 >= length && zeros[0] === 0 && length > 0) return 'utf-16le';
  if (zeros[0]! * 4 >= length && zeros[1] === 0 && length > 0) return 'utf-16be';
  return undefined;
}

/**
 * Passes chunks on as UTF-8.
 *
 * @throws DATA_TEXT_ENCODING where bytes are not in the encoding.
 */
export async function* toUtf8(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    yield* chunks;
    return;
  }
  // what `latin1` names is windows-1252 in all but 27 control characters, which no text has
  const decoder = new TextDecoder(encoding === 'latin1' ? 'windows-1252' : encoding, { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  let before = 0;
  const decode = (chunk: Uint8Array, stream: boolean) => {
    try {
      return encoder.encode(decoder.decode(chunk, { stream }));
    } catch (cause) {
      throw encodingError(
        path,
        `has bytes that are not ${encoding}, between ${before} and ${before + chunk.length}`,
        cause,
      );
    }
  };
  for await (const chunk of chunks) {
    yield decode(chunk, true);
    before += chunk.length;
  }
  yield decode(new Uint8Array(), false);
}

/** Bytes from 0x80 on that follow the rules of UTF-8 or do not. */
export interface ByteCensus {
  /** Whether some characters of several bytes are whole. */
  readonly hasMultibyte: boolean;
  /** Position of the first byte that is not UTF-8. */
  readonly invalidAt: number;
  /** Whether all that is wrong is that the text ends within a character. */
  readonly isCutOff: boolean;
  /** Whether some byte is a control character in Windows-1252, or a character that it does not have. */
  readonly hasControl: boolean;
}

/** Looks at bytes that are known not to be UTF-8 throughout. */
export function censusOf(bytes: Uint8Array): ByteCensus {
  let hasMultibyte = false;
  let hasControl = false;
  let invalidAt = -1;
  let invalidCount = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) hasControl = true;
      at++;
      continue;
    }
    if (undefinedInWindows.has(byte)) hasControl = true;
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      hasMultibyte = true;
      at += length;
    } else {
      if (invalidAt === -1) invalidAt = at;
      invalidCount++;
      at++;
    }
  }
  const tail = trailingStart(bytes);
  return { hasMultibyte, invalidAt, hasControl, isCutOff: tail !== -1 && invalidAt === tail && invalidCount > 0 };
}

const undefinedInWindows: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Bytes of the character that starts here; 0 if it is not one. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length =
    first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  const isWrong =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return isWrong ? 0 : length;
}

/** Where a character starts that the bytes end within (the line end that was added aside); -1 if there is none. */
function trailingStart(bytes: Uint8Array): number {
  const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back]!;
    if (byte >= 0xc2 && byte <= 0xf4) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? end - back : -1;
    }
    if ((byte & 0xc0) !== 0x80) return -1;
  }
  return -1;
}

/** The error for text that cannot be read in any encoding that it may have. */
export function encodingError(path: string, found: string, cause?: unknown): Error {
  return errors.DATA_TEXT_ENCODING({ path, found }, cause);
}
