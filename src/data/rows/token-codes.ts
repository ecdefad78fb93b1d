import { errors } from '../errors.js';
import { byteToken, isByteTokens } from '../tokens.js';
import type { Cell } from './cells.js';

/**
 * A row's tokens as numbers: of a text (its characters, or its bytes in UTF-8), or of a list of tokens or their numbers.
 *
 * @throws DATA_ROW_CELL for what is no token of the vocabulary
 */
export function tokenCodes(cell: Cell, vocabulary: readonly string[], row: number): number[] {
  const numberOfToken = new Map(vocabulary.map((token, index) => [token, index]));
  return listOf(cell, vocabulary).map((token) => {
    const index = typeof token === 'string' ? numberOfToken.get(token) : Number(token);
    if (index !== undefined && Number.isInteger(index) && index >= 0 && index < vocabulary.length) return index;
    const must = `a token of the vocabulary or its number, below ${vocabulary.length}`;
    throw errors.DATA_ROW_CELL({ column: 'x', row, must, given: JSON.stringify(token) });
  });
}

function listOf(cell: Cell, vocabulary: readonly string[]): Cell[] {
  const ofBytes = (bytes: Uint8Array) => Array.from(bytes, byteToken);
  if (cell instanceof Uint8Array) return ofBytes(cell);
  if (typeof cell === 'string') return isByteTokens(vocabulary) ? ofBytes(Buffer.from(cell)) : [...cell];
  return Array.isArray(cell) ? (cell.flat(8) as Cell[]) : [cell];
}
