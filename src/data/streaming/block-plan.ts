import { errors } from '../errors.js';

/** How a data set is cut into blocks: neighbouring rows of one split. The last block of a split may be shorter. */
export interface BlockPlan {
  readonly rowsPerBlock: number;
  /** Blocks that are in memory at once: four windows. */
  readonly slotCount: number;
  /** Blocks that rows are shuffled over, at most. */
  readonly windowBlocks: number;
}

/**
 * Windows in memory: the one that is trained on, the next one, which is read meanwhile, and two for validation and for trials that
 * are behind.
 */
const windowsInMemory = 4;

/** More, smaller blocks mix a sorted file better; below a few kilobytes a read's own cost would show. */
const mostSlots = 256;
const mostBlockBytes = 4 * 2 ** 20;
const leastSlots = 2 * windowsInMemory;

/**
 * What the loader's thread, what is read through, and rows that calls gather take beside the blocks: 36 MB with two workers
 * (`bench/streaming.mjs`), and a little more with each further one.
 */
const besideBytes = 40 * 2 ** 20;
/** Parts of the allowed memory that blocks take at most, and at least, where it is little. */
const [mostShare, leastShare] = [3 / 4, 1 / 2];

function blockBytes(memory: number): number {
  return Math.max(memory * leastShare, Math.min(memory * mostShare, memory - besideBytes));
}

/** The least memory of which so many bytes are for blocks. */
function leastMemory(bytes: number): number {
  return Math.ceil(Math.max(bytes / mostShare, Math.min(bytes / leastShare, bytes + besideBytes)));
}

/**
 * A plan that keeps within `memory` bytes: a function of its arguments, so that batches are the same on every machine.
 *
 * @param rowBytes of one row of all columns
 * @throws DATA_MEMORY_TOO_SMALL, with the least that is enough for blocks of one row each
 */
export function planBlocks({ memory, rowBytes }: { memory: number; rowBytes: number }): BlockPlan {
  const rows = Math.floor(blockBytes(memory) / rowBytes);
  if (rows < leastSlots) throw tooSmall(memory, leastSlots * rowBytes, `${leastSlots} blocks of one row`);
  const wanted = Math.min(mostSlots, rows);
  const rowsPerBlock = Math.min(Math.floor(rows / wanted), Math.max(1, Math.floor(mostBlockBytes / rowBytes)));
  const slotCount = Math.floor(rows / rowsPerBlock / windowsInMemory) * windowsInMemory;
  return { rowsPerBlock, slotCount, windowBlocks: slotCount / windowsInMemory };
}

/** Bytes that are enough for batches of so many rows. */
export function tooSmallForBatch(memory: number, batchSize: number, rowBytes: number): Error {
  return tooSmall(memory, 2 * batchSize * rowBytes, `a batch of ${batchSize} rows`);
}

function tooSmall(given: number, slotBytes: number, what: string): Error {
  return errors.DATA_MEMORY_TOO_SMALL({ given, least: leastMemory(slotBytes), what });
}
