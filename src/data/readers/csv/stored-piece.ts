import type { ScratchFile } from '../../scratch-file.js';
import type { BlockColumn } from './block-column.js';

/** A column's cells within one block, the values or codes of which are in a scratch file. */
interface StoredPiece extends BlockColumn {
  readonly stored: { readonly position: number; readonly length: number };
}

const noValues = new Float64Array(0);
const noCodes = new Int32Array(0);

/** Puts the cells of a block's columns, which lie in `cells`, into the file, all at once. */
export function storePieces(
  pieces: readonly BlockColumn[],
  cells: SharedArrayBuffer,
  store: ScratchFile,
): BlockColumn[] {
  const end = pieces.reduce((most, piece) => {
    const { byteOffset, byteLength } = cellsOf(piece);
    return Math.max(most, byteOffset + byteLength);
  }, 0);
  const position = store.append(new Uint8Array(cells, 0, end));
  return pieces.map((piece) => {
    const { byteOffset, length } = cellsOf(piece);
    const stored = { position: position + byteOffset, length };
    return { ...piece, values: noValues, codes: noCodes, stored } satisfies StoredPiece;
  });
}

/** Reads a piece's cells to the start of `out`, from the file where they are there. */
export function readCells(piece: BlockColumn, out: Float64Array | Int32Array, store: ScratchFile | undefined): void {
  if (store === undefined) out.set(cellsOf(piece));
  else {
    const { position, length } = (piece as StoredPiece).stored;
    store.read(out.subarray(0, length), position);
  }
}

/** Of texts, codes; else values. */
function cellsOf({ kind, values, codes }: BlockColumn): Float64Array | Int32Array {
  return kind === 'text' ? codes : values;
}
