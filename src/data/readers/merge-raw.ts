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
  let row = 0;
  const parts = pieces.map((piece) => {
    codes.set(piece.codes, row);
    row += piece.codes.length;
    return { codes: codes.subarray(row - piece.codes.length, row), texts: piece.texts };
  });
  return { ...pieces[0]!, codes, texts: remapTexts(parts) };
}

/**
 * Makes the codes of parts, each of which counts its own texts, codes of the texts of all, in order of appearance; in place.
 *
 * @returns the texts, at most {@link distinctTextLimit}
 */
export function remapTexts(parts: readonly Pick<RawTextColumn, 'codes' | 'texts'>[]): string[] {
  const codeOf = new Map<string, number>();
  for (const { codes, texts } of parts) {
    const merged = Int32Array.from(texts, (text) => {
      const known = codeOf.get(text);
      if (known !== undefined) return known;
      if (codeOf.size === distinctTextLimit) return -2;
      codeOf.set(text, codeOf.size);
      return codeOf.size - 1;
    });
    if (merged.every((code, i) => code === i)) continue;
    for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) codes[row] = merged[codes[row]!]!;
  }
  return [...codeOf.keys()];
}
