import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../src/data/rows/cells.js';
import { rowsOf } from '../../../src/data/rows/open-rows.js';
import { encodeIdx } from '../idx-file.js';
import { errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();

async function read(input: string, options: Partial<Parameters<typeof rowsOf>[1]> = {}) {
  const columns: Record<string, Cell[]> = {};
  const starts: number[] = [];
  for await (const chunk of await rowsOf(input, { chunkRows: 2, ...options })) {
    starts.push(chunk.firstRow);
    for (const [name, cells] of chunk.columns) columns[name] = [...(columns[name] ?? []), ...cells];
  }
  return { columns, starts };
}

const csv = 'a,b\n1,x\n2,"y,z"\n\n3,\n';
const wanted = { columns: { a: ['1', '2', '3'], b: ['x', 'y,z', null] }, starts: [1, 3] };

describe('rowsOf', () => {
  it('reads delimited text as it comes, gzipped or not', async () => {
    expect(await read(writeInto(folder, 'a.csv', csv))).toEqual(wanted);
    expect(await read(writeInto(folder, 'a.csv.gz', gzipSync(csv)))).toEqual(wanted);
    expect(await read(writeInto(folder, 'a.tsv', 'a\tb\n1\tx,y\n'))).toEqual({
      columns: { a: ['1'], b: ['x,y'] },
      starts: [1],
    });
  });

  it('reads standard input, cut anywhere', async () => {
    const bytes = Buffer.from(`\uFEFF\n${csv}`);
    const single = Readable.from([...Buffer.from(csv)].map((byte) => Buffer.of(byte)));
    expect(await read('-', { stdin: single })).toEqual(wanted);
    expect((await read('-', { stdin: Readable.from([bytes]) })).columns).toEqual(wanted.columns);
    const lines = Readable.from([Buffer.from('\n{"a":1,"b":"x"}\n{"a":2}\n{"b":null}')]);
    expect(await read('-', { stdin: lines })).toEqual({ columns: { a: [1, 2], b: ['x', null, null] }, starts: [1, 3] });
    expect(await read('-', { stdin: Readable.from([]) })).toEqual({ columns: {}, starts: [] });
  });

  it('reads images', async () => {
    const path = writeInto(
      folder,
      'images-idx3-ubyte',
      encodeIdx(
        [3, 2, 2],
        Uint8Array.from({ length: 12 }, (_, i) => i),
      ),
    );
    expect(await read(path)).toEqual({
      columns: {
        x: [
          [0, 1, 2, 3],
          [4, 5, 6, 7],
          [8, 9, 10, 11],
        ],
      },
      starts: [1, 3],
    });
  });

  it('says what is wrong, and where', async () => {
    await errorOf('DATA_FILE_NOT_FOUND', () => read(`${folder}/nothing.csv`));
    await errorOf('DATA_CSV_MALFORMED', () => read(writeInto(folder, 'torn.csv', 'a,b\n1,2\n3\n')));
    const error = await errorOf('DATA_JSON_ROW', () => read(writeInto(folder, 'torn.jsonl', '{"a":1}\n{"a":\n')));
    expect(error.message).toContain('line 2');
    await errorOf('DATA_JSON_ROW', () => read(writeInto(folder, 'list.jsonl', '[1]\n')));
    await errorOf('DATA_TEXT_ENCODING', () => read(writeInto(folder, 'bad.csv', 'a,b\n1,\0\n3,4\n')));
  });
});
