import { foldIn, type Key } from '../../random/index.js';
import { errors } from '../errors.js';
import type { BatchLease, BatchRequest, RowSource, SplitFeed } from '../row-source.js';
import { type ColumnView, columnArrays, rowSize, type SharedDataset, type SplitName } from '../shared-dataset.js';
import { BlockCache } from './block-cache.js';
import { BlockOrder } from './block-order.js';
import { tooSmallForBatch } from './block-plan.js';
import { BlockReader } from './block-reader.js';
import type { SplitBlocks, Stream } from './stream.js';

/** Rows of a data set that is streamed. Blocks are pinned while they are used, and asked for ahead. */
export class StreamedRows implements RowSource {
  readonly tables: Readonly<Record<string, ColumnView>>;
  readonly tableRows: number;
  readonly #stream: Stream;
  readonly #cache: BlockCache;
  #order: { readonly key: Key; readonly order: BlockOrder } | undefined;
  #pinned: readonly number[] = [];
  /** Start of the window that was asked for last. */
  #ahead = -1;

  constructor(private readonly dataset: SharedDataset & { readonly stream: Stream }) {
    const { stream } = dataset;
    const { slotCount, rowsPerBlock } = stream.plan;
    this.#stream = stream;
    this.tableRows = slotCount * rowsPerBlock;
    this.tables = Object.fromEntries(
      dataset.columns.map(({ name, type, rowShape, byteOffset }) => {
        const length = this.tableRows * rowSize(rowShape);
        return [name, new columnArrays[type](dataset.buffer, byteOffset, length)];
      }),
    );
    const reader = new BlockReader(dataset);
    this.#cache = new BlockCache(stream.control, cacheSize(stream), (block, slot) => reader.read(block, slot));
  }

  batches(out: Int32Array, request: BatchRequest): BatchLease {
    const { batchSize, fromStep, stepCount } = request;
    const order = this.#orderOf(foldIn(request.studyKey, 'blocks'));
    const start = fromStep * batchSize;
    const { steps, blocks, end } = this.#fitting(order, start, batchSize, stepCount);
    this.#pin(blocks);
    const filled = out.subarray(0, steps * batchSize);
    order.fill(filled, request.trialKey, start);
    this.#toSlots(filled, 0);
    this.#askAhead(order, end);
    return { steps, release: this.#release };
  }

  split(split: SplitName, most = Number.POSITIVE_INFINITY): SplitFeed {
    let firstBlock = 0;
    for (const blocks of this.#stream.splits) {
      if (blocks.split === split) {
        const count = Math.min(blocks.rowCount, most);
        const from = firstBlock;
        return { count, pieces: (batchSize, mostBatches) => this.#pieces(from, count, batchSize, mostBatches) };
      }
      firstBlock += blocks.from.length;
    }
    throw errors.DATA_SHARED_SPLIT({ dataset: this.dataset.name, split });
  }

  #orderOf(key: Key): BlockOrder {
    const known = this.#order;
    if (known !== undefined && known.key[0] === key[0] && known.key[1] === key[1]) return known.order;
    const { plan } = this.#stream;
    const { rowCount } = this.#trainingBlocks();
    const order = new BlockOrder({ ...plan, key, rowCount });
    this.#order = { key, order };
    return order;
  }

  /** The most steps whose blocks take half of the slots; one step may take all of them. */
  #fitting(order: BlockOrder, start: number, batchSize: number, most: number) {
    const { slotCount } = this.#stream.plan;
    const blocks = new Set<number>();
    let end = start;
    while (end < start + most * batchSize) {
      const window = order.windowAt(end);
      const added = [...window.blocks].filter((block) => !blocks.has(block));
      const room = end < start + batchSize ? slotCount : slotCount / 2;
      if (blocks.size + added.length > room) break;
      for (const block of added) blocks.add(block);
      end = window.start + window.rowCount;
    }
    const steps = Math.min(most, Math.floor((end - start) / batchSize));
    if (steps === 0) throw tooSmallForBatch(this.#stream.memory, batchSize, this.#rowBytes());
    return { steps, blocks: [...blocks], end };
  }

  /** Asks for the window at a position, once. */
  #askAhead(order: BlockOrder, position: number): void {
    const { start, blocks } = order.windowAt(position);
    if (start !== this.#ahead) this.#cache.request(blocks);
    this.#ahead = start;
  }

  *#pieces(firstBlock: number, count: number, batchSize: number, mostBatches: number): Generator<Int32Array> {
    const { rowsPerBlock, slotCount, windowBlocks } = this.#stream.plan;
    const size = this.#pieceSize(batchSize, mostBatches);
    const buffer = new Int32Array(Math.min(size, count));
    const blockAt = (row: number) => Math.floor(row / rowsPerBlock);
    const lastBlock = blockAt(count - 1);
    let asked = 0;
    for (let start = 0; start < count; start += size) {
      const end = Math.min(count, start + size);
      const blocks = range(blockAt(start), blockAt(end - 1));
      if (blocks.length > slotCount) throw tooSmallForBatch(this.#stream.memory, batchSize, this.#rowBytes());
      this.#pin(blocks.map((block) => firstBlock + block));
      const next = range(Math.max(asked, blockAt(end - 1) + 1), Math.min(lastBlock, blockAt(end - 1) + windowBlocks));
      this.#cache.request(next.map((block) => firstBlock + block));
      asked = Math.max(asked, (next.at(-1) ?? -1) + 1);
      const rows = buffer.subarray(0, end - start);
      for (let index = 0; index < rows.length; index++) rows[index] = start + index;
      this.#toSlots(rows, firstBlock);
      try {
        yield rows;
      } finally {
        this.#release();
      }
    }
  }

  /** Rows of a piece: whole batches, of at most a window where a batch is smaller than that. */
  #pieceSize(batchSize: number, mostBatches: number): number {
    const { rowsPerBlock, windowBlocks } = this.#stream.plan;
    const fitting = Math.floor(((windowBlocks - 1) * rowsPerBlock) / batchSize);
    return batchSize * Math.max(1, Math.min(mostBatches, fitting));
  }

  #pin(blocks: readonly number[]): void {
    this.#release();
    this.#cache.acquire(blocks);
    this.#pinned = blocks;
    if (blocks.length > 0) keepUntilExit(this.#release);
  }

  readonly #release = (): void => {
    const blocks = this.#pinned;
    this.#pinned = [];
    releases.delete(this.#release);
    if (blocks.length > 0) this.#cache.release(blocks);
  };

  /** Row numbers within a split become row numbers in the tables. The rows' blocks are pinned. */
  #toSlots(rows: Int32Array, firstBlock: number): void {
    const { rowsPerBlock } = this.#stream.plan;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const block = Math.floor(row / rowsPerBlock);
      rows[index] = row + (this.#cache.slotOf(firstBlock + block) - block) * rowsPerBlock;
    }
  }

  /** The blocks of the training split, which come first. */
  #trainingBlocks(): SplitBlocks {
    const [first] = this.#stream.splits;
    if (first?.split !== 'train') throw errors.DATA_SHARED_SPLIT({ dataset: this.dataset.name, split: 'train' });
    return first;
  }

  #rowBytes(): number {
    return this.#stream.layout.columns.reduce((sum, { rowBytes }) => sum + rowBytes, 0);
  }
}

/** What is still pinned in this thread. */
const releases = new Set<() => void>();
let isListening = false;

/** A model's own code may end the thread, and others would wait for its blocks for ever. */
function keepUntilExit(release: () => void): void {
  releases.add(release);
  if (isListening) return;
  isListening = true;
  process.on('exit', () => {
    for (const one of releases) one();
  });
}

/** The numbers from `first` to `last`, both included; none if `last` is below. */
function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Slots and blocks of a stream. */
export function cacheSize({ plan, splits }: Stream): { slotCount: number; blockCount: number } {
  return { slotCount: plan.slotCount, blockCount: splits.reduce((sum, { from }) => sum + from.length, 0) };
}
