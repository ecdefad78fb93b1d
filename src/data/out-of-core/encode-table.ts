import { dirname } from 'node:path';
import { writeFileAtomic } from '../../files/index.js';
import { contentsDigest, type DatasetContents, datasetFileOf } from '../dataset-file.js';
import { checkChoices } from '../encoders/choice.js';
import { fitColumn, type TabularEncoder } from '../feature-encoder.js';
import { ScratchFile } from '../scratch-file.js';
import { type ColumnView, columnArrays, rowSize } from '../shared-dataset.js';
import type { TableInput } from '../table-input.js';
import {
  type DividedRows,
  describeTabular,
  divideRows,
  dividingColumns,
  readAs,
  type TabularOptions,
  tabularColumns,
  targetColumn,
  targetValues,
} from '../tabular-layout.js';
import { type ColumnSource, forEachColumn } from './column-source.js';
import { type EncodedColumn, encodeColumn, gatherRows, type PieceStore } from './encoded-columns.js';
import { PieceMemory } from './piece-memory.js';

/** A data set's file that was written. */
export interface EncodedFile {
  readonly rowCount: number;
  readonly droppedRowCount: number;
  /** Of the columns and row numbers, once they are in memory. */
  readonly bytes: number;
  readonly digest: string;
}

/**
 * Encodes a table that need not fit into memory, and writes the Arrow file that `tabularDataset` and `writeDataset` would, byte for byte.
 * The target and what splits go by are read first; then the other columns, as many at once as fit: each is fitted to all of its training rows,
 * so that quantiles are exact, and its features are put into a scratch file beside the one to be written. At last rows are put together
 * from there. Beside the columns at hand, memory takes some 40 bytes a row.
 *
 * @param path of the file to write
 * @param memory bytes that it may take
 * @throws DATA_MEMORY_TOO_SMALL if not even one column fits, and as `tabularDataset`, readers and the files room do
 */
export async function encodeTable(input: TableInput, path: string, memory: number): Promise<EncodedFile> {
  const source = await input.columns(memory, dirname(path));
  try {
    return await encodeColumnsOf(source, path, { ...input.options, memory });
  } finally {
    source.close();
  }
}

async function encodeColumnsOf(
  source: ColumnSource,
  path: string,
  options: TabularOptions & { readonly memory: number },
): Promise<EncodedFile> {
  const { divided, sourceRows } = await divide(source, options);
  const scratch = ScratchFile.create(dirname(path));
  try {
    const store = { scratch, memory: new PieceMemory() };
    const columns = await encodeColumns(source, divided, store, { ...options, sourceRows });
    const encodings = columns.map(({ encoding }) => encoding);
    const encoder: TabularEncoder = { version: 2, columns: encodings, ...readAs(options) };
    const droppedRowCount = sourceRows - divided.target.rows.length;
    const contents: DatasetContents = {
      ...describeTabular(divided, encoder, options),
      columns: contentColumns(columns, encoder, divided, options.target, store),
      splits: divided.splits,
      droppedRowCount,
    };
    const digest = contentsDigest(contents);
    await writeFileAtomic(path, datasetFileOf(contents, digest));
    return { rowCount: contents.rowCount, droppedRowCount, digest, bytes: bytesOf(contents) };
  } finally {
    scratch.close();
  }
}

/** In a function of its own, so that what was read for it is free afterwards. */
async function divide(source: ColumnSource, options: TabularOptions) {
  const { columns, rowCount } = await source.read(dividingColumns(source.names, options));
  const columnOf = (name: string) => columns.find((column) => column.name === name)!;
  return { divided: divideRows(source.names, columnOf, options), sourceRows: rowCount };
}

async function encodeColumns(
  source: ColumnSource,
  { features, trainRows, target: { rows } }: DividedRows,
  store: PieceStore,
  { memory, encoding = {}, sourceRows }: TabularOptions & { readonly memory: number; readonly sourceRows: number },
): Promise<EncodedColumn[]> {
  checkChoices(encoding, features);
  const encoded: EncodedColumn[] = [];
  await forEachColumn(source, features, { rowCount: sourceRows, memory }, (column) => {
    encoded.push(encodeColumn(column, fitColumn(column, trainRows, encoding), rows, store));
  });
  return encoded;
}

/** The data set's columns, put together from the scratch file whenever some of their rows are asked for. */
function contentColumns(
  columns: readonly EncodedColumn[],
  encoder: TabularEncoder,
  { target }: DividedRows,
  label: string,
  store: PieceStore,
): DatasetContents['columns'] {
  const { x, indices, isConstant } = tabularColumns(encoder, label);
  const values = targetValues(target);
  const gathered = (shape: typeof x, parts: readonly EncodedColumn[]) => {
    const size = rowSize(shape.rowShape);
    const array = columnArrays[shape.type];
    const rows = (from: number, to: number) => {
      const out = store.memory.take<ColumnView>(shape.name, array, (to - from) * size);
      gatherRows(parts, from, to, out, store);
      return out;
    };
    return { ...shape, rows };
  };
  const features = columns.filter(({ encoding }) => encoding.kind !== 'index');
  const constant = { ...x, rows: (from: number, to: number) => new Float32Array(to - from).fill(1) };
  const categories = columns.filter(({ encoding }) => encoding.kind === 'index');
  return [
    isConstant ? constant : gathered(x, features),
    ...(indices === undefined ? [] : [gathered(indices, categories)]),
    { ...targetColumn(target), rows: (from: number, to: number) => values.subarray(from, to) },
  ];
}

function bytesOf({ columns, rowCount }: DatasetContents): number {
  const rowBytes = columns.reduce((sum, { type, rowShape }) => {
    return sum + rowSize(rowShape) * columnArrays[type].BYTES_PER_ELEMENT;
  }, Int32Array.BYTES_PER_ELEMENT);
  return rowBytes * rowCount;
}
