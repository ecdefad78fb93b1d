import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { errors } from '../errors.js';
import { checkColumnNames } from '../raw-table.js';
import { checkedUtf8 } from '../readers/utf8.js';
import type { RowChunk } from './cells.js';

export interface TextSource {
  /** For messages. */
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Rows of delimited text with a header, chunk by chunk as they come. @throws DATA_CSV_MALFORMED and others of the reader */
export async function* csvRows(source: TextSource, delimiter: string, chunkRows: number): AsyncGenerator<RowChunk> {
  const { path, bytes } = source;
  const parser = parse({ bom: true, delimiter, skip_empty_lines: true, trim: true });
  const text = Readable.from(checkedUtf8(path, bytes));
  // `pipe` does not pass errors on
  text.on('error', (error) => parser.destroy(error));
  let names: string[] | undefined;
  let rows: string[][] = [];
  let firstRow = 1;
  try {
    for await (const record of text.pipe(parser) as AsyncIterable<string[]>) {
      if (names === undefined) {
        names = record;
        checkColumnNames(path, names);
        continue;
      }
      rows.push(record);
      if (rows.length < chunkRows) continue;
      yield chunkOf(names, rows, firstRow);
      firstRow += rows.length;
      rows = [];
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw errors.DATA_CSV_MALFORMED({ path, reason: cause.message }, cause);
    throw cause;
  }
  if (names !== undefined && rows.length > 0) yield chunkOf(names, rows, firstRow);
}

function chunkOf(names: readonly string[], rows: readonly string[][], firstRow: number): RowChunk {
  const columns = names.map((name, column) => [name, rows.map((row) => row[column]!)] as const);
  return { firstRow, rowCount: rows.length, columns: new Map(columns) };
}
