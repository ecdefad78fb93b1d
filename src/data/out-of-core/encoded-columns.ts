import { checkFeatures } from '../check-features.js';
import { type ColumnEncoding, encoderOf } from '../encoders/index.js';
import { encodedWidth } from '../feature-encoder.js';
import type { RawColumn } from '../raw-table.js';
import type { ScratchFile } from '../scratch-file.js';
import type { ColumnView } from '../shared-dataset.js';
import type { PieceMemory } from './piece-memory.js';

/** Bytes of encoded rows that are written at once, about, and rows of a column that is narrow. */
const pieceBytes = 4 << 20;
const pieceRows = 1 << 16;

/** One column's encoded values in a scratch file: `[rows, width]`, float32, or int32 where they are numbers of a category. */
export interface EncodedColumn {
  readonly encoding: ColumnEncoding;
  readonly width: number;
  readonly position: number;
}

/** Where pieces of columns are kept, and where those are that are under way. */
export interface PieceStore {
  readonly scratch: ScratchFile;
  readonly memory: PieceMemory;
}

/**
 * Encodes a column piece by piece.
 *
 * @param rows of the column that the data set has, ascending
 * @throws DATA_NUMBER_NOT_FINITE, DATA_ENCODER_INPUT, FILES_…
 */
export function encodeColumn(
  column: RawColumn,
  encoding: ColumnEncoding,
  rows: Int32Array,
  { scratch, memory }: PieceStore,
): EncodedColumn {
  const encoder = encoderOf(encoding.kind);
  const [width, names] = [encodedWidth(encoding), encoder.names(encoding)];
  const position = scratch.length;
  const step = Math.max(1, Math.min(pieceRows, Math.floor(pieceBytes / 4 / Math.max(1, width))));
  for (let from = 0; from < rows.length; from += step) {
    const picked = rows.subarray(from, from + step);
    const own = memory.take('row numbers', Int32Array, picked.length);
    for (let i = 0; i < own.length; i++) own[i] = i;
    const out = memory.take<Float32Array | Int32Array>('features', arrayOf(encoding), picked.length * width).fill(0);
    encoder.write(encoding, pickedRows(column, picked, memory), { out, rows: own, stride: width, feature: 0 });
    if (out instanceof Float32Array) checkFeatures(out, names, (row) => picked[row]! + 1);
    scratch.append(out);
  }
  return { encoding, width, position };
}

/** The column with some of its rows alone. */
function pickedRows(column: RawColumn, rows: Int32Array, memory: PieceMemory): RawColumn {
  if (column.kind === 'number') {
    const values = memory.take('cells', Float64Array, rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i]!]!;
    return { ...column, values };
  }
  const codes = memory.take('cells', Int32Array, rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i]!]!;
  return { ...column, codes };
}

function arrayOf({ kind }: ColumnEncoding): Float32ArrayConstructor | Int32ArrayConstructor {
  return kind === 'index' ? Int32Array : Float32Array;
}

/**
 * Puts rows `from` to `to` (not included) of some encoded columns beside each other into `out`, `[rows, all widths]`.
 */
export function gatherRows(
  columns: readonly EncodedColumn[],
  from: number,
  to: number,
  out: ColumnView,
  { scratch, memory }: PieceStore,
): void {
  const stride = columns.reduce((sum, { width }) => sum + width, 0);
  let feature = 0;
  for (const { encoding, width, position } of columns) {
    const values = memory.take<Float32Array | Int32Array>('features', arrayOf(encoding), (to - from) * width);
    scratch.read(values, position + from * width * 4);
    for (let row = 0; row < to - from; row++) {
      for (let i = 0; i < width; i++) out[row * stride + feature + i] = values[row * width + i]!;
    }
    feature += width;
  }
}
