/** Arrow files whose metadata contradict themselves are refused before their values are read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Float64, MessageReader, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { describe, expect, it } from 'vitest';
import { readTableFile } from '../../../../src/data/readers/table-file.js';
import { contents, errorOf, temporaryFolder, writeInto } from '../../support.js';

const folder = temporaryFolder();
const table = new Table({ a: vectorFromArray([1, 2, 3], new Float64()), b: vectorFromArray([4, 5, 6], new Float64()) });
const read = (name: string, bytes: Uint8Array) => readTableFile(writeInto(folder, name, bytes), { ignore: [] });

/** Replaces the one place in the bytes where `from` stands, from a position on. */
function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array, start = 0): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(from, start);
  expect(at).toBeGreaterThan(-1);
  copy.set(to, at);
  return copy;
}

const int64 = (value: number) => Buffer.from(BigInt64Array.of(BigInt(value)).buffer);
const node = (length: number, nulls: number) => Buffer.concat([int64(length), int64(nulls)]);

/** Where the footer says that the first batch is, and where the footer starts. */
function firstBlock(bytes: Buffer): { offset: number; start: number } {
  const end = bytes.length - 10;
  const start = end - bytes.readInt32LE(end);
  const [block] = [...Footer.decode(bytes.subarray(start, end)).recordBatches()];
  return { offset: block!.offset, start };
}

describe('a file', () => {
  const bytes = Buffer.from(tableToIPC(table, 'file'));
  const refused = async (damaged: Buffer, reason: string) => {
    const error = await errorOf('DATA_ARROW_UNREADABLE', () => read('damaged.arrow', damaged));
    expect(error.message).toContain(reason);
  };

  it('is read where nothing is wrong', async () => {
    expect(contents(await read('whole.arrow', bytes))).toEqual({ a: [1, 2, 3], b: [4, 5, 6] });
  });

  it('is refused where its footer names the schema as a batch, which apache-arrow reads for ever', async () => {
    // apache-arrow itself writes no schema before the batches of a file
    const foreign = readFileSync(join(import.meta.dirname, '../../../fixtures/foreign/pyarrow-plain.feather'));
    const { offset, start } = firstBlock(foreign);
    expect(offset).toBeGreaterThan(8);
    await refused(replaced(foreign, int64(offset), int64(8), start), 'a batch of another length');
    await refused(replaced(foreign, int64(offset), int64(-8), start), 'outside of it');
    await refused(replaced(foreign, int64(offset), int64(2 ** 40), start), 'outside of it');
  });

  it('is refused where columns have other lengths than their batch, or more nulls than values', async () => {
    await refused(replaced(bytes, node(3, 0), node(2, 0)), 'columns of different lengths');
    await refused(replaced(bytes, node(3, 0), node(3, 4)), 'more nulls than values');
    await refused(replaced(bytes, node(3, 0), node(3, -1)), 'more nulls than values');
  });

  it('is refused where its footer does not fit into it', async () => {
    for (const length of [0, -1, 2 ** 31 - 1, bytes.length]) {
      const copy = Buffer.from(bytes);
      copy.writeInt32LE(length, bytes.length - 10);
      await refused(copy, 'footer');
    }
  });
});

describe('a stream', () => {
  const bytes = Buffer.from(tableToIPC(table, 'stream'));
  const schemaLength = bytes.readInt32LE(4);

  it('is refused where a length is below zero, which moves apache-arrow back, or beyond its end', async () => {
    expect([...new MessageReader(bytes)].length).toBeGreaterThan(0);
    for (const length of [-16, -(2 ** 31), 2 ** 31 - 1]) {
      const copy = Buffer.from(bytes);
      copy.writeInt32LE(length, 8 + schemaLength + 4);
      const error = await errorOf('DATA_ARROW_UNREADABLE', () => read('damaged.arrows', copy));
      expect(error.message).toContain('does not fit into it');
    }
  });

  it('is refused where a second schema comes, or a batch is first', async () => {
    const twice = Buffer.concat([bytes.subarray(0, 8 + schemaLength), bytes]);
    await errorOf('DATA_ARROW_UNREADABLE', () => read('twice.arrows', twice));
    await errorOf('DATA_ARROW_UNREADABLE', () => read('none.arrows', bytes.subarray(8 + schemaLength)));
  });
});
