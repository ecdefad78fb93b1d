import { errors } from '../../errors.js';
import type { RawColumn, RawTextColumn } from '../../raw-table.js';
import type { ScratchFile } from '../../scratch-file.js';
import { TextDictionary } from '../../text-dictionary.js';
import type { ColumnRoom } from '../column-room.js';
import type { BlockColumn } from './block-column.js';
import { inUnit } from './iso-date.js';
import { readCells } from './stored-piece.js';

/** A column's pieces, block by block. */
export interface ColumnPieces {
  readonly name: string;
  /** Numbered by `texts`. */
  readonly pieces: readonly BlockColumn[];
  readonly texts: ColumnTexts;
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

/** Where the cells of a column's pieces are, and where the column is put. */
export interface MergedCells {
  /** By default they are in memory. */
  readonly store?: ScratchFile;
  /** By default a new array. */
  readonly room?: ColumnRoom;
}

/** @throws DATA_NUMBER_NOT_FINITE for ±Infinity in a column of numbers. */
export function mergeColumn(
  column: ColumnPieces,
  firstText: RawTextColumn['firstText'],
  cells: MergedCells = {},
): RawColumn {
  return kindOf(column.pieces) === 'text' ? mergeTexts(column, firstText, cells) : mergeNumbers(column, cells);
}

function mergeNumbers({ name, pieces, rowCounts }: ColumnPieces, { store, room }: MergedCells): RawColumn {
  const rowCount = sum(rowCounts);
  const values = room?.numbers(rowCount) ?? new Float64Array(rowCount);
  let row = 0;
  pieces.forEach((piece, i) => {
    readCells(piece, values.subarray(row), store);
    if (piece.infiniteRow !== -1) {
      const infinite = row + piece.infiniteRow;
      throw errors.DATA_NUMBER_NOT_FINITE({ column: name, row: infinite + 1, value: String(values[infinite]) });
    }
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

function mergeTexts(
  { name, pieces, rowCounts, texts }: ColumnPieces,
  firstText: RawTextColumn['firstText'],
  { store, room }: MergedCells,
): RawColumn {
  const rowCount = sum(rowCounts);
  const codes = (room?.codes(rowCount) ?? new Int32Array(rowCount)).fill(-1);
  let row = 0;
  pieces.forEach((piece, i) => {
    // else all cells of the block are missing
    if (piece.kind === 'text') readCells(piece, codes.subarray(row), store);
    row += rowCounts[i]!;
  });
  const column = { kind: 'text', name, codes, texts: texts.all() } as const;
  return firstText === undefined ? column : { ...column, firstText };
}

/** The distinct texts of a column, each once for all blocks: a block has its own, and thousands of blocks would have the same. */
export class ColumnTexts {
  readonly #dictionary = new TextDictionary();

  /** The piece with its texts numbered over all blocks, which must come in order; and the texts that are new, with their letters. */
  renumber(piece: BlockColumn): { piece: BlockColumn; added: number; letters: number } {
    const { texts } = this.#dictionary;
    const before = texts.length;
    const global = Int32Array.from(piece.texts, (text) => this.#dictionary.codeOf(text));
    const { codes } = piece;
    for (let k = 0; k < codes.length; k++) if (codes[k] !== -1) codes[k] = global[codes[k]!]!;
    let letters = 0;
    for (let code = before; code < texts.length; code++) letters += texts[code]!.length;
    return { piece: { ...piece, texts: [] }, added: texts.length - before, letters };
  }

  /** In order of appearance. */
  all(): readonly string[] {
    return this.#dictionary.texts;
  }
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
