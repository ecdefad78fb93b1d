import { type BlockMemory, joined, type TextBlock } from './blocks.js';
import type { ParsedBlock } from './parse-block.js';

/**
 * Parses blocks in several threads, and hands the results on in order. Where a block ends within quotes, what is left of it
 * belongs to the next one, which is parsed again with it: a result counts only once all before it are whole, so
 * that it is what one thread would have made, reading from the start.
 */
export class OrderedBlocks {
  readonly #queue: { block: TextBlock; parsed: Promise<ParsedBlock> }[] = [];
  #rest: Uint8Array | undefined;

  /**
   * @param parse gives the result for one block
   * @param take is called with each in order, and `left`, the bytes of it that belong to the next one
   * @param ahead blocks that may be under way at once
   * @param memory that blocks are given to when they are done with
   * @param drop is called with results that do not count
   */
  constructor(
    private readonly parse: (bytes: Uint8Array) => Promise<ParsedBlock>,
    private readonly take: (parsed: ParsedBlock, block: TextBlock, left: number) => void,
    private readonly ahead: number,
    private readonly memory: BlockMemory,
    private readonly drop: (parsed: ParsedBlock) => void = () => undefined,
  ) {}

  async add(block: TextBlock): Promise<void> {
    const parsed = this.parse(block.bytes);
    // an error of an earlier block comes first, and nobody may be waiting for this one's
    parsed.catch(() => undefined);
    this.#queue.push({ block, parsed });
    while (this.#queue.length > this.ahead) await this.#settle();
  }

  async finish(): Promise<void> {
    while (this.#queue.length > 0) await this.#settle();
  }

  async #settle(): Promise<void> {
    let { block, parsed } = this.#queue.shift()!;
    if (this.#rest !== undefined) {
      // what is parsed already is done with once that has ended
      await parsed.then(this.drop, () => undefined);
      const { bytes } = block;
      block = { ...block, bytes: joined([this.#rest, bytes], this.memory) };
      this.memory.give(bytes);
      this.memory.give(this.#rest);
      parsed = this.parse(block.bytes);
    }
    const result = await parsed;
    const left = block.bytes.length - result.consumed;
    this.take(result, block, left);
    this.#rest = left === 0 ? undefined : block.bytes.subarray(result.consumed);
    if (left === 0) this.memory.give(block.bytes);
  }
}
