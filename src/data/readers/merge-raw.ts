import { distinctTextLimit, type RawColumn, type RawNumberColumn, type RawTextColumn } from '../raw-table.js';

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
  return { ...pieces[0]!, values };
}

function mergeTexts(pieces: readonly RawTextColumn[]): RawColumn {
  const codes = new Int32Array(pieces.reduce((sum, piece) => sum + piece.codes.length, 0));
  const codeOf = new Map<string, number>();
  let row = 0;
  for (const piece of pieces) {
    const merged = Int32Array.from(piece.texts, (text) => {
      const known = codeOf.get(text);
      if (known !== undefined) return known;
      if (codeOf.size === distinctTextLimit) return -2;
      codeOf.set(text, codeOf.size);
      return codeOf.size - 1;
    });
    for (const code of piece.codes) codes[row++] = code < 0 ? code : merged[code]!;
  }
  return { ...pieces[0]!, codes, texts: [...codeOf.keys()] };
}
