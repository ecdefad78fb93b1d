/** The file that the loader's thread runs: reads blocks that will be needed soon. */
import { workerData } from 'node:worker_threads';
import type { SharedDataset } from '../shared-dataset.js';
import { BlockCache } from './block-cache.js';
import { BlockReader } from './block-reader.js';
import type { Stream } from './stream.js';
import { cacheSize } from './streamed-rows.js';

const dataset = workerData as SharedDataset & { readonly stream: Stream };
const reader = new BlockReader(dataset);
const { control } = dataset.stream;
new BlockCache(control, cacheSize(dataset.stream), (block, slot) => reader.read(block, slot)).serve();
reader.close();
