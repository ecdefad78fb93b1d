import { foldIn, type Key, permutation } from '../../random/index.js';
import type { BlockPlan } from './block-plan.js';

/** Blocks whose rows are shuffled together, and where in the endless sequence of epochs they come. */
interface Window {
  readonly epoch: number;
  /** Counts an epoch's windows from 0. */
  readonly index: number;
  /** Numbers of blocks within the split; the split's last one, which may be shorter, comes last. */
  readonly blocks: Int32Array;
  /** Position of its first row in the sequence of epochs. */
  readonly start: number;
  readonly rowCount: number;
}

export interface BlockOrderOptions extends Pick<BlockPlan, 'rowsPerBlock' | 'windowBlocks'> {
  /** Of the order of blocks: one a study, so that trials which train the same steps need the same blocks. */
  readonly key: Key;
  /** Rows of the split, at least 1. */
  readonly rowCount: number;
}

/**
 * Block shuffling (as in TensorFlow's interleaved files and WebDataset's shards): each epoch is a keyed permutation of the blocks,
 * cut into windows of about equal size, at most `windowBlocks`; the rows of a window are permuted by a second key. So every row comes
 * exactly once an epoch, and a batch is a function of keys and position. It differs from a permutation of all rows: rows of one block
 * come within one window.
 */
export class BlockOrder {
  readonly blockCount: number;
  readonly #windowCount: number;
  /** Those of the epochs looked at last. */
  readonly #epochs = new Map<number, readonly Window[]>();

  constructor(private readonly options: BlockOrderOptions) {
    this.blockCount = Math.ceil(options.rowCount / options.rowsPerBlock);
    this.#windowCount = Math.ceil(this.blockCount / options.windowBlocks);
  }

  /** The window that a position, counted from 0 over all epochs, is in. */
  windowAt(position: number): Window {
    const windows = this.#windowsOf(Math.floor(position / this.options.rowCount));
    let [low, high] = [0, windows.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (windows[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return windows[low]!;
  }

  /**
   * Writes row numbers within the split for positions `from` to `from + out.length` (not included).
   *
   * @param rowKey of the order of rows within windows: one a trial
   */
  fill(out: Int32Array, rowKey: Key, from: number): void {
    const { rowsPerBlock } = this.options;
    for (let filled = 0; filled < out.length; ) {
      const window = this.windowAt(from + filled);
      const { blocks, start, rowCount, epoch, index } = window;
      const order = permutation(foldIn(rowKey, 'epoch', epoch, 'window', index), rowCount);
      const first = from + filled - start;
      const count = Math.min(rowCount - first, out.length - filled);
      for (let i = 0; i < count; i++) {
        const row = order.at(first + i);
        const block = Math.floor(row / rowsPerBlock);
        out[filled + i] = blocks[block]! * rowsPerBlock + (row - block * rowsPerBlock);
      }
      filled += count;
    }
  }

  #windowsOf(epoch: number): readonly Window[] {
    const known = this.#epochs.get(epoch);
    if (known) return known;
    const windows = this.#cut(epoch);
    this.#epochs.set(epoch, windows);
    // a call straddles two epochs at most times
    if (this.#epochs.size > 2) this.#epochs.delete(this.#epochs.keys().next().value!);
    return windows;
  }

  #cut(epoch: number): Window[] {
    const { key, rowCount, rowsPerBlock } = this.options;
    const { blockCount } = this;
    const order = permutation(foldIn(key, 'epoch', epoch), blockCount);
    let start = epoch * rowCount;
    return Array.from({ length: this.#windowCount }, (_, index) => {
      const from = Math.floor((index * blockCount) / this.#windowCount);
      const to = Math.floor(((index + 1) * blockCount) / this.#windowCount);
      const blocks = Int32Array.from({ length: to - from }, (_, place) => order.at(from + place));
      const short = blocks.indexOf(blockCount - 1);
      if (short !== -1) [blocks[short], blocks[blocks.length - 1]] = [blocks.at(-1)!, blocks[short]!];
      const missing = short === -1 ? 0 : blockCount * rowsPerBlock - rowCount;
      const window = { epoch, index, blocks, start, rowCount: blocks.length * rowsPerBlock - missing };
      start += window.rowCount;
      return window;
    });
  }
}
