import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { errors } from '../errors.js';
import { parseJsonExactly } from '../readers/json-integers.js';
import { checkedUtf8 } from '../readers/utf8.js';
import type { Cell, RowChunk } from './cells.js';

/** Text that comes piece by piece. */
interface JsonText {
  /** For messages. */
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

type JsonRow = Readonly<Record<string, Cell>>;

/** Rows of JSON lines, one object a line, chunk by chunk as they come. What a row lacks is missing. @throws DATA_JSON_ROW */
export async function* jsonRows({ path, bytes }: JsonText, chunkRows: number): AsyncGenerator<RowChunk> {
  const lines = createInterface({
    input: Readable.from(checkedUtf8(path, bytes)),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let rows: JsonRow[] = [];
  let firstRow = 1;
  let line = 0;
  for await (const read of lines) {
    line++;
    const text = line === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (text.trim() === '') continue;
    rows.push(parseRow(text, path, line));
    if (rows.length < chunkRows) continue;
    yield chunkOf(rows, firstRow);
    firstRow += rows.length;
    rows = [];
  }
  if (rows.length > 0) yield chunkOf(rows, firstRow);
}

function parseRow(text: string, path: string, line: number): JsonRow {
  let value: unknown;
  try {
    value = parseJsonExactly(text);
  } catch (cause) {
    throw errors.DATA_JSON_ROW({ path, line, reason: (cause as Error).message }, cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // in all their digits: the column's encoder says whether they are numbers or texts
    const cells = Object.entries(value).map(([name, cell]) => [name, typeof cell === 'bigint' ? String(cell) : cell]);
    return Object.fromEntries(cells);
  }
  throw errors.DATA_JSON_ROW({ path, line, reason: 'it is not an object' });
}

function chunkOf(rows: readonly JsonRow[], firstRow: number): RowChunk {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [...names].map((name) => {
    return [name, rows.map((row) => (Object.hasOwn(row, name) ? row[name]! : null))] as const;
  });
  return { firstRow, rowCount: rows.length, columns: new Map(columns) };
}
