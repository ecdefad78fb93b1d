import type { Preprocessing } from './preprocessing.js';
import type { RowChunk } from './rows/cells.js';
import type { RowSourceOptions } from './rows/open-rows.js';
import type { RowEncoder } from './rows/row-encoder.js';

/** What `rowsOf` does: new rows of a file, or of standard input, chunk by chunk. */
export async function openRows(input: string, options: RowSourceOptions): Promise<AsyncIterable<RowChunk>> {
  // Only now: worker threads import this room, too, and have no use for readers.
  const { rowsOf } = await import('./rows/open-rows.js');
  return rowsOf(input, options);
}

/** Encodes new rows as a model's training rows were. */
export async function rowEncoder(preprocessing: Preprocessing): Promise<RowEncoder> {
  const { RowEncoder: Encoder } = await import('./rows/row-encoder.js');
  return new Encoder(preprocessing);
}
