import { AsyncLocalStorage } from 'node:async_hooks';
import { CompressionType, compressionRegistry } from 'apache-arrow';
import { decompressZstd } from '../zstd.js';
import { decompressLz4Frame } from './lz4-frame.js';

/** What the buffers of one record batch may still become. */
interface Budget {
  left: number;
}

const budgets = new AsyncLocalStorage<Budget>();

/**
 * Runs `use`, within which apache-arrow can read compressed buffers, which are at most `limit` bytes once they are
 * decompressed, until {@link renewBudget} is called.
 */
export function withCodecs<T>(limit: number, use: (renewBudget: () => void) => Promise<T>): Promise<T> {
  const budget = { left: limit };
  const renew = () => {
    budget.left = limit;
  };
  return budgets.run(budget, () => use(renew));
}

// The registry is the package's own, and has one codec for all readers: whose limit counts is told by the context.
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes) => within(bytes, decompressLz4Frame) });
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => within(bytes, decompressZstd) });

function within(bytes: Uint8Array, decompress: (bytes: Uint8Array, limit: number) => Uint8Array): Uint8Array {
  const budget = budgets.getStore() ?? { left: 2 ** 31 };
  const plain = decompress(bytes, budget.left);
  budget.left -= plain.length;
  return plain;
}
