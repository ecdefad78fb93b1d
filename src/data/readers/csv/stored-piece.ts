import type { ScratchFile } from '../../scratch-file.js';
import type { BlockColumn } from './block-column.js';

/** A column's cells within one block, the values or codes of which are in a scratch file. */
interface StoredPiece extends BlockColumn {
  readonly stored: { readonly position: number; readonly values: number; readonly codes: number };
}

const noValues = new Float64Array(0);
const noCodes = new Int32Array(0);

/** Puts a piece's cells into the file. */
export function storePiece(piece: BlockColumn, store: ScratchFile): StoredPiece {
  const { values, codes } = piece;
  const position = store.append(values);
  store.append(codes);
  const stored = { position, values: values.length, codes: codes.length };
  return { ...piece, values: noValues, codes: noCodes, stored };
}

/** The piece with its cells. */
export function storedPiece(piece: BlockColumn, store: ScratchFile): BlockColumn {
  const { position, ...counts } = (piece as StoredPiece).stored;
  const values = new Float64Array(counts.values);
  const codes = new Int32Array(counts.codes);
  store.read(values, position);
  store.read(codes, position + values.byteLength);
  return { ...piece, values, codes };
}
