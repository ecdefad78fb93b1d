import { errors } from './errors.js';

/** How a text becomes tokens: Unicode characters (code points), or the bytes of the file. */
export const tokenKinds = ['characters', 'bytes'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Tokens of a text, as indices into `vocabulary`. */
export interface Tokens {
  readonly codes: Int32Array;
  readonly vocabulary: readonly string[];
}

/** Characters that a vocabulary may have. */
const vocabularyLimit = 65_536;

/** What the token of a byte is called. */
export function byteToken(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Whether the tokens of a vocabulary are bytes: then each has two characters, and those of a text have one. */
export function isByteTokens(vocabulary: readonly string[]): boolean {
  return vocabulary.length === 256 && vocabulary.every((token, byte) => token === byteToken(byte));
}

/** Every byte is a token, also those that do not occur: a vocabulary of 256, in two hexadecimal digits each. */
export function byteTokens(bytes: Uint8Array): Tokens {
  const vocabulary = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  return { codes: Int32Array.from(bytes), vocabulary };
}

/**
 * Characters as tokens. Without a vocabulary, it is what occurs in the whole text, in ascending order: also what occurs after the
 * training part alone, which a model then has to predict without having seen it. (A token for all that is unknown would be easier to
 * predict than the characters themselves, and losses would look better than they are.)
 *
 * @throws DATA_TEXT_CHARACTER for a character that a given vocabulary lacks, DATA_TEXT_VOCABULARY for too many, or fewer than 2.
 */
export function characterTokens(path: string, text: string, given?: readonly string[]): Tokens {
  const vocabulary = given ?? occurring(text);
  if (vocabulary.length < 2 || vocabulary.length > vocabularyLimit) {
    throw errors.DATA_TEXT_VOCABULARY({ path, count: vocabulary.length, limit: vocabularyLimit });
  }
  const codeOf = new Map(vocabulary.map((character, code) => [character, code]));
  const codes = new Int32Array(text.length);
  let count = 0;
  for (const character of text) {
    const code = codeOf.get(character);
    if (code === undefined) throw errors.DATA_TEXT_CHARACTER({ path, character, position: count });
    codes[count++] = code;
  }
  return { codes: codes.subarray(0, count), vocabulary };
}

function occurring(text: string): string[] {
  return ascending(new Set(text));
}

/** Characters in the order of their code points. */
export function ascending(characters: Iterable<string>): string[] {
  return [...characters].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
}
