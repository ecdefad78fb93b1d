import { Worker } from 'node:worker_threads';
import type { SharedDataset } from '../shared-dataset.js';
import { BlockCache } from './block-cache.js';
import { cacheSize } from './streamed-rows.js';

/** Compiled code is what threads run, also when this file itself is run from its source. */
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/src/data/streaming/loader-thread.js' : './loader-thread.js',
  import.meta.url,
);

/** Reads blocks of a streamed data set in the background. */
export interface Loader {
  /** Ends its thread. */
  close(): Promise<void>;
}

/** Starts a data set's loader; `undefined` where nothing is streamed. Should its thread end, blocks are read where they are needed. */
export function startLoader(dataset: SharedDataset): Loader | undefined {
  const { stream } = dataset;
  if (stream === undefined) return undefined;
  const cache = new BlockCache(stream.control, cacheSize(stream), () => undefined);
  cache.open();
  // it makes little garbage, and a heap's usual size would count against the memory that data may take
  const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };
  const thread = new Worker(threadFile, { workerData: dataset, resourceLimits });
  thread.on('error', () => undefined);
  thread.unref();
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  return {
    close: async () => {
      // else the process could end before the thread has, with nothing else to wait for
      thread.ref();
      cache.close();
      await ended;
    },
  };
}
