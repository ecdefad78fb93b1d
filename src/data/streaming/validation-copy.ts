import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SharedDataset } from '../shared-dataset.js';
import { BlockReader } from './block-reader.js';
import type { SplitBlocks, Stream, ValidationCopy } from './stream.js';

/** Rows that lie between those for validation, for each of these, from which a copy is made: reading takes twice as long without. */
const worthwhileGap = 1;

/**
 * Copies the rows for validation to where they lie one after another, block by block, if they are scattered over the file: each evaluation
 * would else read all of it, or every row by itself. The copy has no name, and is gone with the process, or once the stream is used no
 * more.
 *
 * @param directory on a disk with room for the rows; made where it is missing
 * @returns `undefined` where a copy would be no faster, or cannot be made: then rows are read from the file itself, and are the same
 */
export function copyValidation(
  dataset: SharedDataset & { readonly stream: Stream },
  directory: string,
): ValidationCopy | undefined {
  const { stream } = dataset;
  const at = stream.splits.findIndex(({ split }) => split === 'validation');
  const blocks = stream.splits[at];
  if (blocks === undefined || !isScattered(blocks)) return undefined;
  const firstBlock = stream.splits.slice(0, at).reduce((sum, { from }) => sum + from.length, 0);
  const path = join(directory, `validation-${process.pid}-${performance.now()}.rows`);
  let file: number | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    file = openSync(path, 'wx+');
    unlinkSync(path);
    const blockBytes = writeBlocks(dataset, file, firstBlock, blocks.from.length);
    closeLater.register(stream.control, file);
    return { file, firstBlock, blockCount: blocks.from.length, blockBytes };
  } catch (error) {
    if (file !== undefined) closeSync(file);
    // a full disk, or one that may not be written to; what is wrong with the data is not for here
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return undefined;
  }
}

/** By the memory that all threads of a stream share: this thread, which opened the file, keeps it as long as any of them runs. */
const closeLater = new FinalizationRegistry<number>((file) => closeSync(file));

function isScattered({ from, to, rowCount }: SplitBlocks): boolean {
  let spanned = 0;
  for (let block = 0; block < from.length; block++) spanned += to[block]! - from[block]!;
  return spanned - rowCount > worthwhileGap * rowCount;
}

function writeBlocks(
  dataset: SharedDataset & { readonly stream: Stream },
  file: number,
  firstBlock: number,
  blockCount: number,
): number {
  const { layout, plan } = dataset.stream;
  const parts = layout.columns.map(({ rowBytes }) => plan.rowsPerBlock * rowBytes);
  const block = Buffer.alloc(parts.reduce((sum, bytes) => sum + bytes, 0));
  let start = 0;
  const targets = parts.map((bytes) => {
    start += bytes;
    return block.subarray(start - bytes, start);
  });
  const reader = new BlockReader(dataset);
  try {
    for (let index = 0; index < blockCount; index++) {
      reader.readInto(firstBlock + index, targets);
      for (let written = 0; written < block.length; ) {
        written += writeSync(file, block, written, block.length - written, index * block.length + written);
      }
    }
  } finally {
    reader.close();
  }
  return block.length;
}
