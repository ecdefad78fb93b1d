/**
 * Where in an Arrow IPC file that was written from a data set the values lie, so that any rows can be read straight to where
 * they are wanted. The format: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 */
import { readSync } from 'node:fs';
import type { Field, MessageHeader, Schema } from 'apache-arrow';
// By their own paths: the library's index takes 7 MB more.
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { Message, type RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { DataType } from 'apache-arrow/type';
import { columnType } from '../arrow-column-type.js';
import { type DatasetMetadata, foreignTable, isDatasetSchema, readMetadata, readRowShape } from '../arrow-metadata.js';
import { type ColumnType, columnArrays, rowSize, type SplitName } from '../shared-dataset.js';

/** Consecutive rows of a column. Positions are bytes from the file's start. */
interface Chunk {
  readonly fromRow: number;
  readonly rowCount: number;
  readonly position: number;
}

export interface FileColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly rowShape: readonly number[];
  readonly rowBytes: number;
  readonly chunks: readonly Chunk[];
}

/** Which split a row belongs to: one code a row, an int8 index into `names`; where its bit of `validity` is 0, none. */
export interface SplitCodes {
  readonly names: readonly SplitName[];
  readonly chunks: readonly (Chunk & { readonly validity: number | undefined })[];
}

/** Plain data: it is posted to the threads that read. */
export interface ArrowLayout {
  readonly rowCount: number;
  readonly columns: readonly FileColumn[];
  readonly splits: SplitCodes;
}

export interface DescribedFile {
  readonly metadata: DatasetMetadata;
  readonly layout: ArrowLayout;
}

const magic = 'ARROW1';
/** Of the footer's length and the magic after it. */
const trailerBytes = 10;

/**
 * The layout of a data set's file.
 *
 * @param file a descriptor
 * @returns `undefined` for another Arrow file, and for a data set's that was written in another form since (a stream, compressed
 * buffers, other types): such files are for the general reader.
 * @throws DATA_ARROW_FOREIGN, and whatever is thrown for a damaged one.
 */
export function readArrowLayout(file: number, size: number): DescribedFile | undefined {
  const footer = readFooter(file, size);
  if (footer === undefined || !isDatasetSchema(footer.schema)) return undefined;
  const dictionaries = [...footer.dictionaryBatches()].map((block) => readBlock(file, size, block));
  const names = splitNames(file, dictionaries);
  const batches = [...footer.recordBatches()].map((block) => readBlock(file, size, block));
  if (names === undefined || batches.some(({ header }) => header.compression !== null)) return undefined;
  const layout = new LayoutBuilder(footer.schema, names).add(batches);
  return layout && { metadata: readMetadata(footer.schema), layout };
}

function readFooter(file: number, size: number): Footer | undefined {
  if (size < trailerBytes + magic.length + 2) return undefined;
  const trailer = readBytes(file, size - trailerBytes, trailerBytes);
  if (trailer.toString('latin1', 4) !== magic) return undefined;
  const length = trailer.readInt32LE(0);
  if (length <= 0 || length > size - trailerBytes) return undefined;
  return Footer.decode(readBytes(file, size - trailerBytes - length, length));
}

function readBytes(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, position + read);
    if (count === 0) throw new Error(`it ends at byte ${position + read}`);
    read += count;
  }
  return bytes;
}

interface Batch {
  readonly header: RecordBatch;
  readonly bodyPosition: number;
  readonly bodyLength: number;
}

type Block = { readonly offset: number; readonly metaDataLength: number; readonly bodyLength: number };

function readBlock(file: number, size: number, { offset, metaDataLength, bodyLength }: Block): Batch {
  const end = offset + metaDataLength + bodyLength;
  if (metaDataLength < 8 || end > size) throw new Error(`a record batch ends at byte ${end}, the file at ${size}`);
  const bytes = readBytes(file, offset, metaDataLength);
  // files of old versions have no mark before the length
  const start = bytes.readInt32LE(0) === -1 ? 8 : 4;
  const message = Message.decode(bytes.subarray(start)) as Message<MessageHeader>;
  if (!message.isRecordBatch() && !message.isDictionaryBatch()) throw new Error(`no batch begins at byte ${offset}`);
  const header = message.header() as RecordBatch | { readonly data: RecordBatch };
  const bodyPosition = offset + metaDataLength;
  return { header: 'data' in header ? header.data : header, bodyPosition, bodyLength };
}

const knownSplits: readonly string[] = ['train', 'validation', 'test'];

/** The dictionary of the splits' names; it is the only one in the file. */
function splitNames(file: number, dictionaries: readonly Batch[]): SplitName[] | undefined {
  const [batch] = dictionaries;
  if (batch === undefined || dictionaries.length > 1 || batch.header.compression !== null) return undefined;
  const [, offsets, values] = batch.header.buffers.map(({ offset, length }) =>
    readBytes(file, batch.bodyPosition + offset, Math.min(length, 1024)),
  );
  if (offsets === undefined || values === undefined) return undefined;
  const names = Array.from({ length: batch.header.length }, (_, index) => {
    return values.toString('utf8', offsets.readInt32LE(4 * index), offsets.readInt32LE(4 * index + 4));
  });
  return names.every((name) => knownSplits.includes(name)) ? (names as SplitName[]) : undefined;
}

const splitColumn = 'split';

class LayoutBuilder {
  readonly #columns: (Omit<FileColumn, 'chunks'> & { readonly chunks: Chunk[] })[];
  readonly #splits: { readonly names: SplitName[]; readonly chunks: SplitCodes['chunks'][number][] };
  #rowCount = 0;

  constructor(
    private readonly schema: Schema,
    names: SplitName[],
  ) {
    this.#columns = schema.fields.filter(({ name }) => name !== splitColumn).map(describeColumn);
    this.#splits = { names, chunks: [] };
  }

  add(batches: readonly Batch[]): ArrowLayout | undefined {
    for (const batch of batches) if (!this.#addBatch(batch)) return undefined;
    return { rowCount: this.#rowCount, columns: this.#columns, splits: this.#splits };
  }

  #addBatch({ header, bodyPosition, bodyLength }: Batch): boolean {
    const buffers = header.buffers[Symbol.iterator]();
    const nodes = header.nodes[Symbol.iterator]();
    const next = (bytes: number) => {
      const { offset, length } = buffers.next().value ?? { offset: 0, length: 0 };
      if (!(bytes <= length && offset >= 0 && offset + length <= bodyLength)) {
        throw new Error(`a buffer that must have ${bytes} bytes has ${length} from byte ${offset} of ${bodyLength} on`);
      }
      return bodyPosition + offset;
    };
    const chunk = { fromRow: this.#rowCount, rowCount: header.length };
    let plain = true;
    for (const field of this.schema.fields) {
      const isList = DataType.isFixedSizeList(field.type);
      const nullCount = (nodes.next().value?.nullCount ?? 0) + (isList ? (nodes.next().value?.nullCount ?? 0) : 0);
      const hasValidity = field.name === splitColumn && nullCount > 0;
      const validity = next(hasValidity ? Math.ceil(header.length / 8) : 0);
      if (isList) next(0);
      if (field.name === splitColumn) {
        plain &&= DataType.isDictionary(field.type) && field.type.indices.bitWidth === 8;
        const position = next(header.length);
        this.#splits.chunks.push({ ...chunk, position, validity: hasValidity ? validity : undefined });
      } else {
        plain &&= nullCount === 0;
        const column = this.#columns.find(({ name }) => name === field.name)!;
        column.chunks.push({ ...chunk, position: next(header.length * column.rowBytes) });
      }
    }
    this.#rowCount += header.length;
    return plain && this.#splits.chunks.length > 0;
  }
}

function describeColumn(field: Field): Omit<FileColumn, 'chunks'> & { readonly chunks: Chunk[] } {
  const { name, metadata } = field;
  const list = DataType.isFixedSizeList(field.type) ? field.type : undefined;
  const rowShape = list === undefined ? [] : readRowShape(metadata);
  const size = rowSize(rowShape);
  if (list !== undefined && list.listSize !== size) {
    throw foreignTable(`column "${name}" has ${list.listSize} values a row, and the shape [${rowShape}]`);
  }
  const type = columnType(field, list?.children[0]?.type ?? field.type);
  return { name, type, rowShape, rowBytes: size * columnArrays[type].BYTES_PER_ELEMENT, chunks: [] };
}
