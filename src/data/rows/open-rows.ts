import { extname } from 'node:path';
import { isJsonLines } from '../predicting.js';
import type { Preprocessing } from '../preprocessing.js';
import { textFile } from '../readers/csv/text-source.js';
import { dataFileSize, readDataFile } from '../readers/data-file.js';
import { decodeIdx } from '../readers/idx.js';
import { readTableFile } from '../readers/table-file.js';
import { decodeText } from '../text-dataset.js';
import { isByteTokens } from '../tokens.js';
import type { RowChunk } from './cells.js';
import { type CsvRowsOptions, csvRows } from './csv-rows.js';
import { imageFileRows, isImages } from './image-rows.js';
import { jsonRows } from './json-rows.js';
import { lastRows } from './last-rows.js';
import { imageRows, tableRows } from './table-rows.js';

export interface RowSourceOptions extends CsvRowsOptions {
  /** Columns whose numbers are wanted as texts, in all their digits. */
  readonly texts?: readonly string[];
  /** What `-` stands for. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/**
 * New rows of a file, or of standard input for `-`, chunk by chunk, as a model reads them: of a series, the last window as one chunk; of
 * a text that is not JSON lines, the whole as one row; of images, also those of a folder. Delimited text and JSON lines (told apart by name, or on
 * standard input by their first character) are read piece by piece; Parquet, Arrow and IDX images as a whole.
 *
 * @throws errors of the readers.
 */
export async function rowsFor(
  input: string,
  preprocessing: Preprocessing,
  options: RowSourceOptions,
): Promise<AsyncIterable<RowChunk>> {
  const { series, features } = preprocessing;
  if (features.vocabulary !== undefined && !isJsonLines(input)) return textRow(input, features.vocabulary, options);
  if (input !== '-' && (await isImages(input))) return imageFileRows(input, preprocessing, options.chunkRows);
  const rows = await rowsOf(input, options);
  return series === undefined ? rows : lastRows(input, rows, series.window);
}

async function* textRow(
  input: string,
  vocabulary: readonly string[],
  { stdin = process.stdin }: RowSourceOptions,
): AsyncGenerator<RowChunk> {
  const [path, bytes] = input === '-' ? ['standard input', await whole(stdin)] : [input, await readDataFile(input)];
  const text = isByteTokens(vocabulary) ? bytes : await decodeText(path, bytes);
  yield { firstRow: 1, rowCount: 1, columns: new Map([['x', [text]]]) };
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * New rows of a file, or of standard input for `-`, as they stand there.
 *
 * @throws errors of the readers.
 */
export async function rowsOf(input: string, options: RowSourceOptions): Promise<AsyncIterable<RowChunk>> {
  const { chunkRows } = options;
  if (input === '-') return fromText(await peeked(options.stdin ?? process.stdin), options);
  const size = await dataFileSize(input);
  const isCompressed = /\.(gz|zst)$/i.test(input);
  switch (extname(isCompressed ? input.slice(0, input.lastIndexOf('.')) : input).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return jsonRows({ path: input, bytes: textFile(input, size).open() }, chunkRows);
    case '.csv':
    case '.tsv':
    case '.txt':
      return csvRows(textFile(input, size), options);
    default:
      return each(await wholeFile(input, options));
  }
}

async function wholeFile(input: string, { chunkRows, texts = [] }: RowSourceOptions): Promise<Iterable<RowChunk>> {
  if (/ubyte(\.gz)?$|\.idx(\.gz)?$/i.test(input)) {
    return imageRows(await decodeIdx(input, await readDataFile(input), 3), chunkRows);
  }
  return tableRows(await readTableFile(input, { ignore: [], texts }), chunkRows);
}

async function* each(chunks: Iterable<RowChunk>): AsyncGenerator<RowChunk> {
  yield* chunks;
}

interface Peeked {
  readonly first: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The bytes again, with the first character that is not a space. */
async function peeked(source: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let first = '';
  while (first === '') {
    const { value, done } = await iterator.next();
    if (done) break;
    head.push(value);
    first = Buffer.from(value)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim()
      .slice(0, 1);
  }
  return { first, bytes: rejoined(head, iterator) };
}

async function* rejoined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function fromText({ first, bytes }: Peeked, options: RowSourceOptions): AsyncIterable<RowChunk> {
  const path = 'standard input';
  if (first === '{') return jsonRows({ path, bytes }, options.chunkRows);
  return csvRows({ path, expectedBytes: 0, open: () => bytes }, options);
}
