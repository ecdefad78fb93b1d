import { errors } from './errors.js';
import { readDataFile } from './readers/data-file.js';
import { checkedUtf8 } from './readers/utf8.js';
import type { ColumnView, SharedDataset } from './shared-dataset.js';
import { layOutDataset } from './shared-layout.js';
import { textWindows, type WindowOptions } from './text-windows.js';
import { byteTokens, characterTokens, type TokenKind, type Tokens } from './tokens.js';

export interface TextOptions extends WindowOptions {
  readonly name: string;
  /** Of the text, for messages. */
  readonly path: string;
}

export interface ReadTextOptions extends TextOptions {
  readonly tokens: TokenKind;
  /** Of characters, each once; by default all that occur. Not for bytes. */
  readonly vocabulary?: readonly string[];
}

/**
 * Reads a text whole. Of characters, it must be UTF-8; a byte order mark is left out, and CR LF counts as LF. Bytes are taken as they are.
 *
 * @throws DATA_TEXT_ENCODING, DATA_TEXT_TOO_SHORT, the errors of tokens, and of a file that cannot be read.
 */
export async function readText(options: ReadTextOptions): Promise<SharedDataset> {
  const { path, tokens, vocabulary } = options;
  const bytes = await readDataFile(path);
  if (tokens === 'bytes') return textDataset(byteTokens(bytes), options);
  return textDataset(characterTokens(path, await decodeText(path, bytes), vocabulary), options);
}

/** Text of UTF-8, without a byte order mark, and with LF for CR LF. @throws DATA_TEXT_ENCODING */
export async function decodeText(path: string, bytes: Buffer): Promise<string> {
  for await (const _ of checkedUtf8(path, chunksOf(bytes)));
  return bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Makes a data set of windows of tokens: column `x`, `[context]`, and column `y`, `[context]`, the token after each of `x`. Both are
 * uint8 where the vocabulary has at most 256 tokens, else int32. See {@link textWindows} for what a row and a split are.
 *
 * @throws DATA_TEXT_TOO_SHORT if there is not a window for each split.
 */
export function textDataset({ codes, vocabulary }: Tokens, options: TextOptions): SharedDataset {
  const { name, context } = options;
  const windows = textWindows(codes.length, options);
  if (windows === undefined) throw errors.DATA_TEXT_TOO_SHORT({ ...options, tokens: codes.length });
  const { starts, splits } = windows;
  const type = vocabulary.length <= 256 ? 'uint8' : 'int32';
  const shifted = (by: number) => (view: ColumnView) => {
    starts.forEach((start, row) => {
      view.set(codes.subarray(start + by, start + by + context), row * context);
    });
  };
  return layOutDataset({
    name,
    rowCount: starts.length,
    columns: [
      { name: 'x', type, rowShape: [context], fill: shifted(0) },
      { name: 'y', type, rowShape: [context], fill: shifted(1) },
    ],
    features: { column: 'x', scale: 1, offset: 0, vocabulary },
    target: { column: 'y', kind: 'class', classes: vocabulary },
    splits,
    droppedRowCount: 0,
  });
}
