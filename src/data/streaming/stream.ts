import type { SplitName } from '../shared-dataset.js';
import type { FileIdentity } from './arrow-file.js';
import type { ArrowLayout } from './arrow-layout.js';
import type { BlockPlan } from './block-plan.js';

/** Where in the file a split's blocks lie: block b has its rows among `from[b]` to `to[b]` (not included). */
export interface SplitBlocks {
  readonly split: SplitName;
  /** Rows of the split. */
  readonly rowCount: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Blocks of the validation split in a file of their own: each column's rows one after another, room for a whole block each. */
export interface ValidationCopy {
  /** A descriptor, open in the whole process. The file has no name. */
  readonly file: number;
  /** Its number over all splits. */
  readonly firstBlock: number;
  readonly blockCount: number;
  readonly blockBytes: number;
}

/** What a streamed data set has in place of its values. Plain data and shared memory: it is posted to threads. */
export interface Stream {
  readonly identity: FileIdentity;
  readonly layout: ArrowLayout;
  readonly plan: BlockPlan;
  /** Blocks are numbered over all splits, in this order. */
  readonly splits: readonly SplitBlocks[];
  /** Bytes that the data set may take in memory. */
  readonly memory: number;
  /** See `BlockCache`. */
  readonly control: SharedArrayBuffer;
  /** Given where the validation rows are scattered over the file. */
  readonly copy?: ValidationCopy;
}
