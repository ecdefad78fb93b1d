import { closeSync, openSync } from 'node:fs';
import type { CompressionCodec } from 'hyparquet';
import { BitRuns, widthLimit } from './bit-runs.js';
import type { ChunkValues } from './chunk-values.js';
import { decompressPage, prepareCodec } from './codecs.js';
import { NumberChunk } from './number-chunk.js';
import { encoding, type PageHeader, pageType } from './page-header.js';
import { PageSource, type RawPage } from './page-source.js';
import { BooleanChunk, TextChunk } from './text-chunk.js';
import type { ValueType } from './value-type.js';

/** A column chunk, which is a flat column within a row group. Structured-cloneable. */
export interface ChunkTask {
  readonly path: string;
  readonly name: string;
  readonly type: ValueType;
  readonly isOptional: boolean;
  readonly codec: CompressionCodec;
  /** Of its pages in the file; the end is not included. */
  readonly start: number;
  readonly end: number;
  readonly rowCount: number;
  /** In the file, from 0. */
  readonly firstRow: number;
  /** Bytes that its pages may become. */
  readonly byteLimit: number;
  /** Of the chunk's rows, to be written: `Float64Array` of numbers, codes otherwise, as in a raw column. */
  readonly out: Float64Array | Int32Array;
}

/** What is not in `out`; `undefined` where a page has an encoding that is not decoded here. */
export type DecodedChunk = { readonly texts: readonly string[] } | undefined;

/** Pages that are larger are left to the library: bits are counted in 31 bits. */
const pageLimit = 2 ** 28 - 1;

/**
 * Decodes the column chunks that nearly all files consist of: flat, of numbers, booleans or texts, with values that are plain or in a
 * dictionary. A file can say what it wants: whatever is read is checked against the bytes that are there, the rows that are promised, and
 * the limit.
 *
 * @throws Error where the chunk is damaged, DATA_NUMBER_NOT_FINITE
 */
export async function decodeChunk(task: ChunkTask): Promise<DecodedChunk> {
  await prepareCodec(task.codec);
  const file = openSync(task.path, 'r');
  try {
    return new ChunkDecoder(task).decode(new PageSource(file, task.start, task.end));
  } finally {
    closeSync(file);
  }
}

function valuesOf({ type, name, out, firstRow }: ChunkTask): ChunkValues {
  if (type.kind === 'number') return new NumberChunk(name, type, out as Float64Array, firstRow);
  return type.kind === 'text' ? new TextChunk(out as Int32Array) : new BooleanChunk(out as Int32Array);
}

class ChunkDecoder {
  readonly #values: ChunkValues;
  #row = 0;
  #bytesLeft: number;
  #hasDictionary = false;
  #levels = new Int32Array(0);

  constructor(private readonly task: ChunkTask) {
    this.#values = valuesOf(task);
    this.#bytesLeft = task.byteLimit;
  }

  decode(pages: PageSource): DecodedChunk {
    const { name, rowCount } = this.task;
    while (this.#row < rowCount) {
      const page = pages.next();
      if (page === undefined)
        throw new Error(`column "${name}" has ${this.#row} values, and there are ${rowCount} rows`);
      if (!this.#readPage(page)) return undefined;
    }
    return { texts: this.#values.texts() };
  }

  /** False for what is not decoded here. */
  #readPage(page: RawPage): boolean {
    const { header } = page;
    if (header.uncompressedBytes > pageLimit) return false;
    this.#bytesLeft -= header.uncompressedBytes;
    if (this.#bytesLeft < 0)
      throw new Error(`column "${this.task.name}" becomes more than ${this.task.byteLimit} bytes`);
    if (header.type === pageType.dictionary) return this.#readDictionary(page);
    if (header.type === pageType.data) return this.#readData(page);
    if (header.type === pageType.dataV2) return this.#readDataV2(page);
    // of another type, to be skipped
    return true;
  }

  #readDictionary({ header, bytes }: RawPage): boolean {
    if (this.#hasDictionary) throw new Error(`column "${this.task.name}" has two dictionaries in a row group`);
    this.#hasDictionary = true;
    if (header.encoding !== encoding.plain && header.encoding !== encoding.plainDictionary) return false;
    const plain = decompressPage(this.task.codec, bytes, header.uncompressedBytes);
    this.#values.readDictionary(plain, header.valueCount);
    return true;
  }

  #readData({ header, bytes }: RawPage): boolean {
    // a page of nothing is not worth being decompressed
    if (header.valueCount === 0) return true;
    const plain = decompressPage(this.task.codec, bytes, header.uncompressedBytes);
    if (!this.task.isOptional) return this.#readRows(header, plain, 0, undefined);
    if (plain.length < 4) throw new Error('a page ends before its levels do');
    const start = 4 + new DataView(plain.buffer, plain.byteOffset, 4).getUint32(0, true);
    if (start > plain.length) throw new Error('a page ends before its levels do');
    return this.#readRows(header, plain, start, new BitRuns(plain, 4, start, 1));
  }

  #readDataV2({ header, bytes }: RawPage): boolean {
    if (header.valueCount === 0) return true;
    const { definitionBytes, repetitionBytes, isCompressed } = header.v2;
    const start = repetitionBytes + definitionBytes;
    if (start > bytes.length || start > header.uncompressedBytes) throw new Error('a page ends before its levels do');
    const levels = this.task.isOptional ? new BitRuns(bytes, repetitionBytes, start, 1) : undefined;
    const size = header.uncompressedBytes - start;
    const codec = isCompressed ? this.task.codec : 'UNCOMPRESSED';
    return this.#readRows(header, decompressPage(codec, bytes.subarray(start), size), 0, levels);
  }

  /** The values of a page, which start at `start`. */
  #readRows(header: PageHeader, bytes: Uint8Array, start: number, levels: BitRuns | undefined): boolean {
    const { valueCount: count } = header;
    const { rowCount, name } = this.task;
    const row = this.#row;
    if (count > rowCount - row) throw new Error(`column "${name}" has more values than there are rows`);
    const isFull = levels === undefined || levels.startsWith(1, count);
    const valueCount = isFull ? count : this.#readLevels(levels, count);
    if (valueCount > 0) {
      const isIndexed = header.encoding === encoding.rleDictionary || header.encoding === encoding.plainDictionary;
      if (isIndexed && (bytes[start] ?? 0) > widthLimit) return false;
      if (!this.#values.readValues(header.encoding, bytes, start, valueCount, row)) return false;
    }
    if (!isFull) this.#values.spread(this.#levels, row, count, valueCount);
    this.#values.check(row, count);
    this.#row += count;
    return true;
  }

  /** How many rows of a page have a value; which, is in `#levels`. */
  #readLevels(levels: BitRuns, count: number): number {
    if (this.#levels.length < count) this.#levels = new Int32Array(count);
    levels.read(this.#levels, count);
    let valueCount = 0;
    for (let i = 0; i < count; i++) valueCount += this.#levels[i]!;
    return valueCount;
  }
}
