import type { Tokens } from '../tokens.js';
import type { TextSchema } from './text-schema.js';

/** Tokens that are listed at either end. */
const listedTokens = 10;

/** The part of a text, at its end, that a sweep keeps for validation by default. */
const validationShare = 0.1;

/** Letters from which a line is not the same as another by chance. */
const longLine = 20;

/** The share of the last part's long lines that may stand before it, too, without being told of. */
const repeatedLimit = 0.1;

/** What a text is, and what is suspicious of it. Pure. */
export function describeText(tokens: TextSchema['tokens'], text: string, { codes, vocabulary }: Tokens): TextSchema {
  const counts = new Int32Array(vocabulary.length);
  for (const code of codes) counts[code]!++;
  const occurring = vocabulary
    .map((token, code) => ({ token, count: counts[code]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.token < b.token ? -1 : 1));
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return {
    rowCount: codes.length,
    tokens,
    vocabularySize: vocabulary.length,
    distinct: occurring.length,
    lines: lines.length,
    frequent: occurring.slice(0, listedTokens),
    rare: occurring.slice(listedTokens).slice(-listedTokens),
    warnings: [...damagedWarnings(text), ...unseenWarnings(codes, vocabulary, counts), ...repeatedWarnings(lines)],
  };
}

type Warning = TextSchema['warnings'][number];

function damagedWarnings(text: string): Warning[] {
  const count = text.split('\uFFFD').length - 1;
  if (count === 0) return [];
  const code = 'U+FFFD stands in for characters that an earlier conversion did not know';
  return [{ code: 'damaged', text: `${code}: ${count} of them are lost` }];
}

function unseenWarnings(codes: Int32Array, vocabulary: readonly string[], counts: Int32Array): Warning[] {
  const seen = new Set(codes.subarray(0, Math.floor(codes.length * (1 - validationShare))));
  const unseen = vocabulary
    .filter((_, code) => counts[code]! > 0 && !seen.has(code))
    .map((token) => JSON.stringify(token));
  if (unseen.length === 0) return [];
  const shown = unseen.slice(0, 10).join(' ') + (unseen.length > 10 ? ' …' : '');
  const text = `${unseen.length} tokens occur in the last tenth alone, which is for validation by default, so that no model can know them: ${shown}`;
  return [{ code: 'unseen', text }];
}

function repeatedWarnings(lines: readonly string[]): Warning[] {
  const from = Math.floor(lines.length * (1 - validationShare));
  const before = new Set(lines.slice(0, from));
  const last = lines.slice(from).filter(({ length }) => length >= longLine);
  const repeated = last.filter((line) => before.has(line)).length;
  if (repeated <= repeatedLimit * last.length) return [];
  const share = `${repeated} of the ${last.length} lines of ${longLine} letters and more in the last tenth`;
  const text = `${share} stand before it, too: where it is for validation, results look too good`;
  return [{ code: 'repeated', text }];
}
