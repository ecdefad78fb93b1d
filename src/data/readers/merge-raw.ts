import type { RawColumn, RawNumberColumn, RawTextColumn } from '../raw-table.js';
import { TextDictionary } from '../text-dictionary.js';

/** One column of pieces that follow one another, all of one kind; texts are numbered anew, in order of appearance. */
export function mergeRawColumns(pieces: readonly RawColumn[]): RawColumn {
  const [first] = pieces;
  if (pieces.length === 1) return first!;
  if (pieces.every((piece) => piece.kind === 'number')) return mergeNumbers(pieces);
  if (pieces.every((piece) => piece.kind === 'text')) return mergeTexts(pieces);
  throw new Error(`column "${first!.name}" changes its type`);
}

function mergeNumbers(pieces: readonly RawNumberColumn[]): RawColumn {
  const values = new Float64Array(pieces.reduce((sum, piece) => sum + piece.values.length, 0));
  let row = 0;
  for (const piece of pieces) {
    values.set(piece.values, row);
    row += piece.values.length;
  }
  const isRounded = pieces.some((piece) => piece.isRounded);
  return { ...pieces[0]!, values, ...(isRounded ? { isRounded } : {}) };
}

function mergeTexts(pieces: readonly RawTextColumn[]): RawColumn {
  const codes = new Int32Array(pieces.reduce((sum, piece) => sum + piece.codes.length, 0));
  const dictionary = new TextDictionary();
  let row = 0;
  for (const piece of pieces) {
    const merged = Int32Array.from(piece.texts, (text) => dictionary.codeOf(text));
    for (const code of piece.codes) codes[row++] = code === -1 ? -1 : merged[code]!;
  }
  return { ...pieces[0]!, codes, texts: dictionary.texts };
}
