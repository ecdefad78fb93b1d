import { closeSync, openSync } from 'node:fs';
import type { RawColumn } from '../../raw-table.js';
import { BitRuns, widthLimit } from './bit-runs.js';
import type { Chunk } from './chunks.js';
import { decompressPage, prepareCodec } from './codecs.js';
import type { ColumnValues } from './column-values.js';
import { NumberValues } from './number-column.js';
import { encoding, type PageHeader, pageType } from './page-header.js';
import { PageSource, type RawPage } from './page-source.js';
import { BooleanValues, TextValues } from './text-column.js';
import type { ValueType } from './value-type.js';

/** A flat column. Structured-cloneable. */
export interface ColumnTask {
  readonly path: string;
  readonly name: string;
  readonly type: ValueType;
  readonly isOptional: boolean;
  readonly rowCount: number;
  readonly chunks: readonly Chunk[];
  /** Bytes that the pages of a chunk may become. */
  readonly byteLimit: number;
  /** Where its numbers, or the codes of its texts, are put; by default into a new array. On shared memory. */
  readonly out?: Float64Array | Int32Array | undefined;
}

/** Pages that are larger are left to the library: bits are counted in 31 bits. */
const pageLimit = 2 ** 28 - 1;

/**
 * Decodes columns of the kind that nearly all are: flat, of numbers, booleans or texts, with values that are plain or in a
 * dictionary. A file can say what it wants: whatever is read is checked against the bytes that are there, the rows that are promised, and
 * the limit.
 *
 * @param onChunk is awaited after each chunk
 * @returns `undefined` where a page has an encoding that is not decoded here
 * @throws Error where the file is damaged, DATA_NUMBER_NOT_FINITE
 */
export async function decodeColumn(task: ColumnTask, onChunk: () => Promise<void>): Promise<RawColumn | undefined> {
  const file = openSync(task.path, 'r');
  const pages = new PageSource(file);
  try {
    const decoder = new ColumnDecoder(task);
    for (const chunk of task.chunks) {
      await prepareCodec(chunk.codec);
      pages.open(chunk.start, chunk.end);
      if (!decoder.readChunk(chunk, pages)) return undefined;
      await onChunk();
    }
    return decoder.values.finish();
  } finally {
    pages.close();
    closeSync(file);
  }
}

function valuesOf({ type, name, rowCount, byteLimit, out }: ColumnTask): ColumnValues {
  if (type.kind === 'number') return new NumberValues(name, type, (out as Float64Array) ?? new Float64Array(rowCount));
  const codes = (out as Int32Array) ?? new Int32Array(rowCount);
  return type.kind === 'text' ? new TextValues(name, codes, byteLimit) : new BooleanValues(name, codes);
}

class ColumnDecoder {
  readonly values: ColumnValues;
  #row = 0;
  #codec: Chunk['codec'] = 'UNCOMPRESSED';
  #lastRow = 0;
  #bytesLeft = 0;
  #hasDictionary = false;
  #levels = new Int32Array(0);

  constructor(private readonly task: ColumnTask) {
    this.values = valuesOf(task);
  }

  /** False for what is not decoded here. */
  readChunk({ codec, rowCount }: Chunk, pages: PageSource): boolean {
    this.#codec = codec;
    this.#lastRow = this.#row + rowCount;
    this.#bytesLeft = this.task.byteLimit;
    this.#hasDictionary = false;
    this.values.startChunk();
    while (this.#row < this.#lastRow) {
      const page = pages.next();
      if (page === undefined) throw new Error(`column "${this.task.name}" ends before its row group does`);
      if (!this.#readPage(page)) return false;
    }
    return true;
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
    const plain = decompressPage(this.#codec, bytes, header.uncompressedBytes);
    this.values.readDictionary(plain, header.valueCount);
    return true;
  }

  #readData({ header, bytes }: RawPage): boolean {
    // a page of nothing is not worth being decompressed
    if (header.valueCount === 0) return true;
    const plain = decompressPage(this.#codec, bytes, header.uncompressedBytes);
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
    const codec = isCompressed ? this.#codec : 'UNCOMPRESSED';
    return this.#readRows(header, decompressPage(codec, bytes.subarray(start), size), 0, levels);
  }

  /** The values of a page, which start at `start`. */
  #readRows(header: PageHeader, bytes: Uint8Array, start: number, levels: BitRuns | undefined): boolean {
    const { valueCount: count } = header;
    const row = this.#row;
    if (count > this.#lastRow - row) throw new Error(`column "${this.task.name}" has more values than there are rows`);
    const isFull = levels === undefined || levels.startsWith(1, count);
    const valueCount = isFull ? count : this.#readLevels(levels, count);
    if (valueCount > 0) {
      const isIndexed = header.encoding === encoding.rleDictionary || header.encoding === encoding.plainDictionary;
      if (isIndexed && (bytes[start] ?? 0) > widthLimit) return false;
      if (!this.values.readValues(header.encoding, bytes, start, valueCount, row)) return false;
    }
    if (!isFull) this.values.spread(this.#levels, row, count, valueCount);
    this.values.check(row, count);
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
