import { TunerError } from '../../errors/index.js';
import { digestWith } from '../digest.js';
import { errors } from '../errors.js';
import { dataFileSize } from '../readers/data-file.js';
import type { SharedColumn, SharedDataset, SplitRange } from '../shared-dataset.js';
import { layOutDataset } from '../shared-layout.js';
import { aligned, allocateShared } from '../shared-memory.js';
import { ArrowFile } from './arrow-file.js';
import { type DescribedFile, readArrowLayout } from './arrow-layout.js';
import { allocateControl } from './block-cache.js';
import { hashColumns, hashSplits, indexBlocks, splitRowNumbers } from './block-index.js';
import { type BlockPlan, planBlocks } from './block-plan.js';
import type { SplitBlocks, Stream } from './stream.js';
import { copyValidation } from './validation-copy.js';

/**
 * A data set's Arrow file, read straight to where it stays: into shared memory if it fits into `memory` bytes (or no limit is given), and
 * else into as much of it as that, block by block while it is used. Its digest is checked in either case, and is the same.
 *
 * @param scratchDirectory where scattered validation rows of a file that is streamed may be copied to; by default they are not
 * @returns `undefined` if the file is not a data set's as this package writes it
 * @throws DATA_MEMORY_TOO_SMALL, DATA_DIGEST, DATA_ARROW_FOREIGN, DATA_ARROW_UNREADABLE, DATA_STREAM_CHANGED, and those of files
 */
export async function openArrowDataset(
  path: string,
  memory?: number,
  scratchDirectory?: string,
): Promise<SharedDataset | undefined> {
  await dataFileSize(path);
  const file = ArrowFile.open(path);
  try {
    const described = describe(file);
    if (described === undefined) return undefined;
    const dataset =
      memory === undefined || bytesOf(described) <= memory
        ? readWhole(file, described)
        : withCopy(openStreamed(file, described, memory), scratchDirectory);
    const { digest: expected } = described.metadata;
    if (dataset.digest !== expected) {
      throw errors.DATA_DIGEST({ name: dataset.name, expected, actual: dataset.digest });
    }
    file.check();
    return dataset;
  } finally {
    file.close();
  }
}

function describe(file: ArrowFile): DescribedFile | undefined {
  const { path, size } = file.identity;
  try {
    return readArrowLayout(file.file, size);
  } catch (cause) {
    if (cause instanceof TunerError) throw cause;
    throw errors.DATA_ARROW_UNREADABLE({ path, reason: (cause as Error).message }, cause);
  }
}

/** Bytes of the columns, and of the row numbers of splits. */
function bytesOf({ layout: { columns, rowCount } }: DescribedFile): number {
  return columns.reduce((sum, { rowBytes }) => sum + rowBytes * rowCount, rowCount * Int32Array.BYTES_PER_ELEMENT);
}

function readWhole(file: ArrowFile, { metadata, layout }: DescribedFile): SharedDataset {
  const { rowCount } = layout;
  const test = splitRowNumbers(file, layout, 'test');
  return layOutDataset({
    ...metadata,
    rowCount,
    columns: layout.columns.map((column) => ({
      ...namedShape(column),
      fill: (view) => file.readRows(column, 0, rowCount, new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
    })),
    splits: {
      train: splitRowNumbers(file, layout, 'train'),
      validation: splitRowNumbers(file, layout, 'validation'),
      ...(test.length === 0 ? {} : { test }),
    },
  });
}

function namedShape({ name, type, rowShape }: Pick<SharedColumn, 'name' | 'type' | 'rowShape'>) {
  return { name, type, rowShape };
}

type StreamedDataset = SharedDataset & { readonly stream: Stream };

function withCopy(dataset: StreamedDataset, directory: string | undefined): StreamedDataset {
  const copy = directory === undefined ? undefined : copyValidation(dataset, directory);
  return copy === undefined ? dataset : { ...dataset, stream: { ...dataset.stream, copy } };
}

function openStreamed(file: ArrowFile, { metadata, layout }: DescribedFile, memory: number): StreamedDataset {
  const rowBytes = layout.columns.reduce((sum, column) => sum + column.rowBytes, 0);
  const plan = planBlocks({ memory, rowBytes });
  const blocks = indexBlocks(file, layout, plan.rowsPerBlock);
  const { columns, byteLength } = placeSlots(layout.columns, plan);
  const { rowCount } = layout;
  const splits = countsOf(blocks);
  const dataset = { ...metadata, rowCount, columns, splits };
  const digest = digestWith(dataset, (hash) => {
    hashColumns(hash, file, layout);
    hashSplits(hash, file, layout, splits);
  });
  const blockCount = blocks.reduce((sum, { from }) => sum + from.length, 0);
  const control = allocateControl({ slotCount: plan.slotCount, blockCount });
  const stream = { identity: file.identity, layout, plan, splits: blocks, memory, control };
  return { ...dataset, digest, buffer: allocateShared(byteLength), stream };
}

/** All slots of a column lie one after another, so that they are one table. */
function placeSlots(columns: DescribedFile['layout']['columns'], { slotCount, rowsPerBlock }: BlockPlan) {
  let byteLength = 0;
  const placed = columns.map((column) => {
    const byteOffset = byteLength;
    byteLength = aligned(byteLength + slotCount * rowsPerBlock * column.rowBytes);
    return { ...namedShape(column), byteOffset };
  });
  return { columns: placed, byteLength };
}

function countsOf(blocks: readonly SplitBlocks[]): SharedDataset['splits'] {
  const range = (name: string): SplitRange => {
    return { byteOffset: 0, count: blocks.find(({ split }) => split === name)?.rowCount ?? 0 };
  };
  const required = { train: range('train'), validation: range('validation') };
  const test = range('test');
  return test.count === 0 ? required : { ...required, test };
}
