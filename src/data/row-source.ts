import type { Key } from '../random/index.js';
import { fillBatches } from './batches.js';
import { type ColumnView, columnView, type SharedDataset, type SplitName, splitView } from './shared-dataset.js';
import { StreamedRows } from './streaming/streamed-rows.js';

export interface BatchRequest {
  /** Of the study: the order of blocks, where rows are streamed. */
  readonly studyKey: Key;
  /** Of the trial: the order of rows. */
  readonly trialKey: Key;
  readonly batchSize: number;
  /** The first step to fill, from 0. */
  readonly fromStep: number;
  /** The most steps to fill, at least 1. */
  readonly stepCount: number;
}

/** Batches that are in memory, until they are released. */
export interface BatchLease {
  /** Steps that were filled: all of those asked for, unless their rows do not fit into memory at once. */
  readonly steps: number;
  release(): void;
}

/** The rows of a split, in ascending order. */
export interface SplitFeed {
  /** Rows in all. */
  readonly count: number;
  /**
   * The same rows, in order, as numbers of rows in `tables`; each piece is in memory until the next is asked for, and all but the last
   * have a multiple of `batchSize` rows.
   *
   * @param mostBatches of one piece, at least 1
   */
  pieces(batchSize: number, mostBatches: number): Iterable<Int32Array>;
}

/** How a thread reads a data set's rows, wherever they are. Not reentrant: one lease or piece at a time. */
export interface RowSource {
  /** Every column by name, as one table in shared memory: the whole column, or the blocks that are in memory. */
  readonly tables: Readonly<Record<string, ColumnView>>;
  /** Rows of each table. */
  readonly tableRows: number;
  /**
   * Fills `out` with row numbers in `tables` for training steps: `[steps, batchSize]`, as many as fit.
   *
   * @throws DATA_BATCH_ARGUMENTS, and for a streamed data set DATA_MEMORY_TOO_SMALL, DATA_STREAM_CHANGED and those of files
   */
  batches(out: Int32Array, request: BatchRequest): BatchLease;
  /**
   * A split's rows, or its first `most`.
   *
   * @throws DATA_SHARED_SPLIT
   */
  split(split: SplitName, most?: number): SplitFeed;
}

/** Opens a data set's rows in this thread. */
export function openRowSource(dataset: SharedDataset): RowSource {
  const { stream } = dataset;
  return stream === undefined ? new WholeRows(dataset) : new StreamedRows({ ...dataset, stream });
}

/** Rows of a data set that is in memory. */
class WholeRows implements RowSource {
  readonly tables: Readonly<Record<string, ColumnView>>;
  readonly tableRows: number;

  constructor(private readonly dataset: SharedDataset) {
    this.tables = Object.fromEntries(dataset.columns.map(({ name }) => [name, columnView(dataset, name)]));
    this.tableRows = dataset.rowCount;
  }

  batches(out: Int32Array, { trialKey, batchSize, fromStep, stepCount }: BatchRequest): BatchLease {
    const rows = splitView(this.dataset, 'train');
    const filled = out.subarray(0, stepCount * batchSize);
    fillBatches(filled, { key: trialKey, rows, batchSize, fromStep, stepCount });
    return { steps: stepCount, release: () => undefined };
  }

  split(split: SplitName, most = Number.POSITIVE_INFINITY): SplitFeed {
    const all = splitView(this.dataset, split);
    const rows = all.subarray(0, Math.min(all.length, most));
    return { count: rows.length, pieces: (batchSize, mostBatches) => piecesOf(rows, batchSize * mostBatches) };
  }
}

function* piecesOf(rows: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < rows.length; start += size) yield rows.subarray(start, start + size);
}
