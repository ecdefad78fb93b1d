import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TunerError } from '../../errors/index.js';
import { writeFileAtomic } from '../../files/index.js';
import { contentsDigest, type DatasetContents, datasetFileOf } from '../dataset-file.js';
import { checkChoices } from '../encoders/choice.js';
import { fitColumn, type TabularEncoder } from '../feature-encoder.js';
import type { RawColumn } from '../raw-table.js';
import { ScratchFile } from '../scratch-file.js';
import { columnArrays, rowSize } from '../shared-dataset.js';
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
import { type ColumnSource, columnsAtOnce } from './column-source.js';
import { type EncodedColumn, encodeColumn, gatherRows } from './encoded-columns.js';

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
    const columns = await encodeColumns(source, divided, scratch, { ...options, sourceRows });
    const encodings = columns.map(({ encoding }) => encoding);
    const encoder: TabularEncoder = { version: 2, columns: encodings, ...readAs(options) };
    const droppedRowCount = sourceRows - divided.target.rows.length;
    const contents: DatasetContents = {
      ...describeTabular(divided, encoder, options),
      columns: contentColumns(columns, encoder, divided, options.target, scratch),
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
  scratch: ScratchFile,
  { memory, encoding = {}, sourceRows }: TabularOptions & { readonly memory: number; readonly sourceRows: number },
): Promise<EncodedColumn[]> {
  checkChoices(encoding, features);
  const encoded: EncodedColumn[] = [];
  const step = Math.min(columnsAtOnce(sourceRows, memory), source.mostAtOnce);
  for (let from = 0; from < features.length; from += step) {
    await forEachColumn(source, features.slice(from, from + step), (column) => {
      encoded.push(encodeColumn(column, fitColumn(column, trainRows, encoding), rows, scratch));
    });
  }
  return encoded;
}

/** Codes of errors that fewer columns at once may not have. */
const tooMuch = new Set(['DATA_MEMORY_LIMIT', 'DATA_TEXTS_TOO_LARGE']);

/** Reads columns at once, or where their texts turn out to take too much, in two halves. */
async function forEachColumn(
  source: ColumnSource,
  names: readonly string[],
  use: (column: RawColumn) => void,
): Promise<void> {
  const columns = await source.read(names).then(
    (table) => [...table.columns],
    (error: unknown) => {
      const isTooMuch = error instanceof TunerError && tooMuch.has(error.code);
      if (!isTooMuch || names.length === 1) throw error;
      return undefined;
    },
  );
  if (columns === undefined) {
    const middle = Math.ceil(names.length / 2);
    await forEachColumn(source, names.slice(0, middle), use);
    await forEachColumn(source, names.slice(middle), use);
    return;
  }
  // each is free once it is used, and its memory is given back between two turns of the event loop
  for (let column = columns.shift(); column !== undefined; column = columns.shift()) {
    use(column);
    await setImmediate();
  }
}

/** The data set's columns, put together from the scratch file whenever some of their rows are asked for. */
function contentColumns(
  columns: readonly EncodedColumn[],
  encoder: TabularEncoder,
  { target }: DividedRows,
  label: string,
  scratch: ScratchFile,
): DatasetContents['columns'] {
  const { x, indices, isConstant } = tabularColumns(encoder, label);
  const values = targetValues(target);
  const gathered = (shape: typeof x, parts: readonly EncodedColumn[]) => {
    const size = rowSize(shape.rowShape);
    const array = columnArrays[shape.type];
    let buffer = new SharedArrayBuffer(0);
    const rows = (from: number, to: number) => {
      const bytes = (to - from) * size * array.BYTES_PER_ELEMENT;
      // the same one again: V8 does not count shared memory as what its garbage holds
      if (buffer.byteLength < bytes) buffer = new SharedArrayBuffer(bytes);
      const out = new array(buffer, 0, (to - from) * size);
      gatherRows(parts, from, to, out, scratch);
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
