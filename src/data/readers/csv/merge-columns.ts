import { errors } from '../../errors.js';
import type { RawColumn, RawTextColumn } from '../../raw-table.js';
import { TextDictionary } from '../../text-dictionary.js';
import type { BlockColumn } from './block-column.js';
import { inUnit } from './iso-date.js';

/** A column's pieces, block by block. */
export interface ColumnPieces {
  readonly name: string;
  readonly pieces: readonly BlockColumn[];
  /** Rows of each block. */
  readonly rowCounts: readonly number[];
}

/** What a column is, all blocks taken together: `lost` for one of texts some of which were read as numbers or dates. */
export function kindOf(pieces: readonly BlockColumn[]): 'empty' | 'number' | 'date' | 'text' | 'lost' {
  const kinds = new Set(pieces.map(({ kind }) => kind));
  kinds.delete('empty');
  if (kinds.size === 0) return 'empty';
  if (kinds.size === 1) return [...kinds][0]!;
  return 'lost';
}

/** @throws DATA_NUMBER_NOT_FINITE for ±Infinity in a column of numbers. */
export function mergeColumn(column: ColumnPieces, firstText: RawTextColumn['firstText']): RawColumn {
  return kindOf(column.pieces) === 'text' ? mergeTexts(column, firstText) : mergeNumbers(column);
}

function mergeNumbers({ name, pieces, rowCounts }: ColumnPieces): RawColumn {
  const values = new Float64Array(sum(rowCounts));
  let row = 0;
  pieces.forEach((piece, i) => {
    if (piece.infiniteRow !== -1) {
      const value = String(piece.values[piece.infiniteRow]);
      throw errors.DATA_NUMBER_NOT_FINITE({ column: name, row: row + piece.infiniteRow + 1, value });
    }
    values.set(piece.values, row);
    row += rowCounts[i]!;
  });
  if (kindOf(pieces) !== 'date') {
    const isRounded = pieces.some((piece) => piece.isRounded);
    return { kind: 'number', name, values, ...(isRounded ? { isRounded } : {}) };
  }
  if (!pieces.every(({ daysOnly }) => daysOnly)) return { kind: 'number', name, values, unit: 'seconds' };
  for (let i = 0; i < values.length; i++) values[i] = inUnit(values[i]!, 'days');
  return { kind: 'number', name, values, unit: 'days' };
}

function mergeTexts({ name, pieces, rowCounts }: ColumnPieces, firstText: RawTextColumn['firstText']): RawColumn {
  const codes = new Int32Array(sum(rowCounts)).fill(-1);
  const dictionary = new TextDictionary();
  let row = 0;
  pieces.forEach((piece, i) => {
    const global = Int32Array.from(piece.texts, (text) => dictionary.codeOf(text));
    // no codes: all cells of the block are missing
    for (let k = 0; k < piece.codes.length; k++) {
      const code = piece.codes[k]!;
      codes[row + k] = code === -1 ? -1 : global[code]!;
    }
    row += rowCounts[i]!;
  });
  const column = { kind: 'text', name, codes, texts: dictionary.texts } as const;
  return firstText === undefined ? column : { ...column, firstText };
}

/** The first text of a column in which numbers came before it. */
export function firstTextOf({ pieces, rowCounts }: ColumnPieces): RawTextColumn['firstText'] {
  let row = 0;
  let hasNumbers = false;
  for (const [i, { kind, firstText }] of pieces.entries()) {
    if (firstText !== undefined) {
      if (!hasNumbers && !firstText.afterNumbers) return undefined;
      return { text: firstText.text, row: row + firstText.row + 1 };
    }
    if (kind === 'number') hasNumbers = true;
    row += rowCounts[i]!;
  }
  return undefined;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
