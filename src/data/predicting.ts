import type { Preprocessing } from './preprocessing.js';
import type { RowChunk } from './rows/cells.js';
import type { RowSourceOptions } from './rows/open-rows.js';
import type { RowEncoder } from './rows/row-encoder.js';

/** What `rowsFor` does: new rows of a file, a folder or standard input, chunk by chunk. */
export async function openRows(
  input: string,
  preprocessing: Preprocessing,
  options: RowSourceOptions,
): Promise<AsyncIterable<RowChunk>> {
  // Only now: worker threads import this room, too, and have no use for readers.
  const { rowsFor } = await import('./rows/open-rows.js');
  return rowsFor(input, preprocessing, options);
}

/** Encodes new rows as a model's training rows were. */
export async function rowEncoder(preprocessing: Preprocessing): Promise<RowEncoder> {
  const { RowEncoder: Encoder } = await import('./rows/row-encoder.js');
  return new Encoder(preprocessing);
}

/** Whether rows are told to be JSON lines by their file's name. */
export function isJsonLines(input: string): boolean {
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(input);
}
