import { isAscii, isUtf8 } from 'node:buffer';
import { errors } from '../../errors.js';
import type { TableReadOptions } from '../table-reader.js';
import type { ColumnPlan } from './block-column.js';
import { BlockMemory, cutIntoBlocks, joined, type TextBlock } from './blocks.js';
import { type Dialect, dialectOf } from './dialect.js';
import { censusOf, type Encoding, encodingError } from './encoding.js';
import { OrderedBlocks } from './ordered-blocks.js';
import { type BlockSyntax, type ParsedBlock, parseHeader } from './parse-block.js';
import { openUtf8, type TextSource } from './text-source.js';

/** Bytes of a record: what is longer is a quote that nobody closed, or no text. */
const recordLimit = 16 << 20;

/** Delimited text whose start was looked at. */
export interface OpenedText {
  readonly path: string;
  /** To be read once. */
  readonly blocks: AsyncIterable<TextBlock>;
  readonly syntax: Omit<BlockSyntax, 'plan'>;
  readonly dialect: Dialect;
  /** As the first bytes show it. */
  readonly encoding: Encoding;
  /** Where blocks' memory comes from. */
  readonly memory: BlockMemory;
  readonly hasHeader: boolean;
}

/**
 * Opens delimited text, and tells its encoding, its delimiter and its decimal mark where they are not given.
 *
 * @param onGuess is called if the text turns out not to be UTF-8, and is read as Windows-1252
 * @throws DATA_TEXT_ENCODING; blocks throw it, too, and DATA_CSV_MALFORMED
 */
export async function openText(
  source: TextSource,
  options: Pick<TableReadOptions, 'delimiter' | 'decimal' | 'encoding' | 'missing' | 'header' | 'blockBytes'>,
  onGuess: () => void,
): Promise<OpenedText> {
  const { path } = source;
  const text = await openUtf8(source, options.encoding);
  const given = options.delimiter ?? (/\.tsv(\.gz|\.zst)?$/i.test(path) ? '\t' : undefined);
  const { decimal } = options;
  const dialect = dialectOf(text.start, {
    ...(given === undefined ? {} : { delimiter: given }),
    ...(decimal === undefined ? {} : { decimal }),
  });
  const tooLong = () => malformed(path, `a line has more than ${recordLimit} bytes`);
  const { blockBytes } = options;
  const memory = new BlockMemory(blockBytes);
  const cut = cutIntoBlocks(text.chunks, dialect.newline, recordLimit, tooLong, blockBytes, memory);
  const blocks = inUtf8(path, cut, options.encoding === undefined ? onGuess : undefined);
  const syntax = {
    delimiter: dialect.delimiter.charCodeAt(0),
    newline: dialect.newline,
    decimal: dialect.decimal.charCodeAt(0),
    missing: options.missing ?? [],
  };
  const hasHeader = options.header ?? true;
  return { path, blocks, syntax, dialect, encoding: text.encoding, memory, hasHeader };
}

/**
 * Passes blocks on that are text. From the first one on that is not UTF-8, they are read as Windows-1252, if `onGuess` is given and all
 * before them were ASCII, which is the same in both.
 *
 * @throws DATA_TEXT_ENCODING
 */
async function* inUtf8(
  path: string,
  blocks: AsyncIterable<TextBlock>,
  onGuess: (() => void) | undefined,
): AsyncGenerator<TextBlock> {
  let before = 0;
  let hasMultibyte = false;
  let isWindows = false;
  for await (const block of blocks) {
    const { bytes, isLast } = block;
    const zero = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(0);
    if (zero !== -1) throw encodingError(path, `has a zero byte at ${before + zero}: it is not text`);
    if (!isWindows && !isUtf8(bytes)) {
      const census = censusOf(bytes);
      const isCut = isLast && census.isCutOff;
      isWindows = onGuess !== undefined && !isCut && !hasMultibyte && !census.hasMultibyte && !census.hasControl;
      if (!isWindows) {
        const what = isCut ? 'ends within a character' : 'has bytes that are not';
        throw encodingError(path, `${what} (UTF-8 up to byte ${before + census.invalidAt})`);
      }
      onGuess?.();
    }
    hasMultibyte ||= !isAscii(bytes);
    before += bytes.length;
    yield isWindows ? { bytes: joined([fromWindows(bytes)]), isLast } : block;
  }
}

function fromWindows(bytes: Uint8Array): Uint8Array {
  // a copy: decoders do not take shared memory
  return new TextEncoder().encode(new TextDecoder('windows-1252').decode(Uint8Array.from(bytes)));
}

/** Takes what is parsed of a text, in order. */
export interface BlockTaker {
  /** What columns of the next blocks are read as. */
  readonly plan: readonly ColumnPlan[];
  /** `left`: bytes of the block that belong to the next one. */
  take(parsed: ParsedBlock, block: TextBlock, left: number): void;
}

/** How a text is parsed. */
export interface TextParsing<T extends BlockTaker> {
  /** Called with the columns' names, and the lines that the header and what is before it have. */
  readonly begin: (header: readonly string[], lineCount: number) => T;
  readonly parse: (bytes: Uint8Array, syntax: BlockSyntax) => Promise<ParsedBlock>;
  /** Blocks that may be under way at once, beside one. */
  readonly ahead: number;
  /** Called with what was parsed, and is not taken. */
  readonly drop?: (parsed: ParsedBlock) => void;
}

/**
 * Parses a text, and gives the taker each time that it may have taken a block; nothing for a text without a header.
 *
 * @throws DATA_CSV_MALFORMED, and what the taker throws
 */
export async function* parseText<T extends BlockTaker>(text: OpenedText, parsing: TextParsing<T>): AsyncGenerator<T> {
  const { path, syntax } = text;
  let taker: T | undefined;
  let ordered: OrderedBlocks | undefined;
  for await (const block of text.blocks) {
    if (taker === undefined || ordered === undefined) {
      const header = headerOf(text, block.bytes);
      if (header === undefined) {
        if (block.isLast && !(block.bytes.length > 1 && block.bytes.includes(34))) return;
        throw unclosed(path, 1);
      }
      const made = parsing.begin(header.names, header.lineCount);
      taker = made;
      ordered = new OrderedBlocks(
        (bytes) => parsing.parse(bytes, { ...syntax, plan: made.plan }),
        (parsed, taken, left) => made.take(parsed, taken, left),
        parsing.ahead,
        text.memory,
        parsing.drop,
      );
      const rest = joined([block.bytes.subarray(header.consumed)], text.memory);
      text.memory.give(block.bytes);
      if (rest.length > 0) {
        await ordered.add({ bytes: rest, isLast: block.isLast });
        // the first block is parsed alone: what its columns are saves the others a second look
        await ordered.finish();
      }
    } else {
      await ordered.add(block);
    }
    yield taker;
  }
  await ordered?.finish();
  if (taker !== undefined) yield taker;
}

/** The columns' names, and what of the text names them: nothing, where there is no header. */
export interface Header {
  readonly names: readonly string[];
  readonly consumed: number;
  readonly lineCount: number;
}

/** By the first block; `undefined` where its first record is not whole. @throws DATA_CSV_MALFORMED */
export function headerOf(
  { path, syntax, hasHeader }: Pick<OpenedText, 'path' | 'syntax' | 'hasHeader'>,
  bytes: Uint8Array,
): Header | undefined {
  const first = parseHeader(bytes, syntax);
  if (first?.fault !== undefined) throw malformed(path, `line ${first.fault.line + 1} ${first.fault.reason}`);
  if (first === undefined || hasHeader) return first && { ...first, names: first.cells };
  return { names: first.cells.map((_, i) => `column ${i + 1}`), consumed: 0, lineCount: 0 };
}

/** Counts the lines of a text, to say where it is not well-formed. */
export class TextLines {
  /** @param count of lines before the first block */
  constructor(
    private readonly path: string,
    private count: number,
  ) {}

  /** @throws DATA_CSV_MALFORMED */
  take({ fault, lineCount }: ParsedBlock, { isLast }: TextBlock, left: number): void {
    if (fault !== undefined) throw malformed(this.path, `line ${this.count + fault.line + 1} ${fault.reason}`);
    if (left > 0 && (isLast || left > recordLimit)) throw unclosed(this.path, this.count + lineCount + 1);
    this.count += lineCount;
  }
}

function malformed(path: string, reason: string): Error {
  return errors.DATA_CSV_MALFORMED({ path, reason });
}

function unclosed(path: string, line: number): Error {
  return malformed(path, `a quote that is opened in line ${line} or soon after is not closed`);
}
