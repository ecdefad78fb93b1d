import type { RawColumn } from '../../raw-table.js';

/** Decodes values of a kind to where a column's rows lie. */
export interface ColumnValues {
  /** Forgets the dictionary of the chunk before. */
  startChunk(): void;
  /** @param count values that the dictionary page promises */
  readDictionary(bytes: Uint8Array, count: number): void;
  /**
   * Decodes `count` values, which lie in `bytes` from `start`, to the rows `row` and on, without gaps. False for an encoding that
   * is not decoded here.
   */
  readValues(encoding: number, bytes: Uint8Array, start: number, count: number, row: number): boolean;
  /** Moves the `valueCount` values that were decoded last to the rows that have one, of `count`. */
  spread(levels: Int32Array, row: number, count: number, valueCount: number): void;
  /** Refuses values that no column may have, of the page whose rows these are. */
  check(row: number, count: number): void;
  finish(): RawColumn;
}
