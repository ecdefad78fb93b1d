import { Field, RecordBatchReader, Schema, Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetOf, tableOf } from '../../src/data/arrow-table.js';
import { columnView, fromArrow, type SharedDataset, splitView, toArrow } from '../../src/data/index.js';
import { splitEntries } from '../../src/data/shared-dataset.js';
import { tabularDataset } from '../../src/data/tabular-dataset.js';
import { anyDataset, fourRows } from './small-datasets.js';
import { errorOf, rawTable } from './support.js';

function bytesOf(dataset: SharedDataset): Uint8Array[] {
  const views = [
    ...dataset.columns.map((column) => columnView(dataset, column.name)),
    ...splitEntries(dataset.splits).map(([split]) => splitView(dataset, split)),
  ];
  return views.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice());
}

function expectSame(actual: SharedDataset, expected: SharedDataset): void {
  const { buffer: _actual, ...described } = actual;
  const { buffer: _expected, ...wanted } = expected;
  expect(described).toEqual(wanted);
  expect(bytesOf(actual)).toEqual(bytesOf(expected));
}

/** The table with one key of its metadata changed. */
function withMetadata(table: Table, change: (metadata: Record<string, unknown>) => unknown): Table {
  const key = 'tfjs-tuner.dataset';
  const metadata = new Map([[key, JSON.stringify(change(JSON.parse(table.schema.metadata.get(key)!)))]]);
  return new Table(new Schema(table.schema.fields, metadata), table.batches);
}

describe('toArrow', () => {
  it('shows the same memory', () => {
    fc.assert(
      fc.property(anyDataset, (dataset) => {
        const table = tableOf(dataset);
        expect(table.numRows).toBe(dataset.rowCount);
        for (const { name, rowShape } of dataset.columns) {
          const data = table.getChild(name)!.data[0]!;
          const { values } = rowShape.length === 0 ? data : data.children[0]!;
          const view = columnView(dataset, name);
          expect(values.buffer).toBe(dataset.buffer);
          expect([values.byteOffset, values.length]).toEqual([view.byteOffset, view.length]);
        }
      }),
    );
  });

  it('shows vectors as lists of a fixed size, with their shape in the metadata, and splits as words', () => {
    const table = tableOf(fourRows());
    const [x, y, split] = table.schema.fields;
    expect([x, y, split].map((field) => `${field!.name}: ${field!.type}`)).toEqual([
      'x: FixedSizeList[2]<Float32>',
      'y: Int32',
      'split: Dictionary<Int8, Utf8>',
    ]);
    expect(x!.metadata.get('rowShape')).toBe('[2]');
    expect([...table.getChild('x')!.get(1)]).toEqual([3, 4]);
    expect([...table.getChild('split')!]).toEqual(['train', 'train', 'train', 'validation']);
  });

  it('refuses splits that share a row', async () => {
    const dataset = fourRows();
    const overlapping = { ...dataset, splits: { train: dataset.splits.train, validation: dataset.splits.train } };
    await errorOf('DATA_SPLITS_UNORDERED', () => tableOf(overlapping));
  });
});

describe('the room', () => {
  it('gives back what it was given', async () => {
    const dataset = fourRows();
    expectSame(await fromArrow(await toArrow(dataset)), dataset);
    expect((await fromArrow(await toArrow(dataset), { name: 'renamed' })).name).toBe('renamed');
  });
});

describe('fromArrow', () => {
  it('gives back what toArrow was given, through a file and a stream', () => {
    fc.assert(
      fc.property(anyDataset, fc.constantFrom('file', 'stream'), (dataset, kind) => {
        const bytes = tableToIPC(tableOf(dataset), kind as 'file');
        expectSame(datasetOf(tableFromIPC(bytes)), dataset);
      }),
    );
  });

  it('gives it back without a file, in memory of its own', () => {
    fc.assert(
      fc.property(anyDataset, (dataset) => {
        const copy = datasetOf(tableOf(dataset));
        expectSame(copy, dataset);
        expect(copy.buffer).not.toBe(dataset.buffer);
      }),
    );
  });

  it('joins the batches of a table that was cut anywhere', () => {
    fc.assert(
      fc.property(anyDataset, fc.nat(), (dataset, place) => {
        const table = tableOf(dataset);
        const cut = place % (dataset.rowCount + 1);
        const pieces = [table.slice(0, cut), table.slice(cut)].filter((piece) => piece.numRows > 0);
        const rejoined = new Table(
          table.schema,
          pieces.flatMap((piece) => piece.batches),
        );
        expectSame(datasetOf(rejoined), dataset);
        const read = [...RecordBatchReader.from(tableToIPC(rejoined, 'stream'))];
        expectSame(datasetOf(new Table(read[0]!.schema, read)), dataset);
      }),
    );
  });

  it('keeps the digest under another name', () => {
    const dataset = datasetOf(tableOf(fourRows()), { name: 'renamed' });
    expect(dataset.name).toBe('renamed');
    expect(dataset.digest).toBe(fourRows().digest);
  });

  it('notices a byte that has changed since', async () => {
    const bytes = Buffer.from(tableToIPC(tableOf(fourRows()), 'file'));
    const at = bytes.indexOf(Buffer.from(Float32Array.of(5, 6).buffer));
    bytes[at + 3]! ^= 1;
    const error = await errorOf('DATA_DIGEST', () => datasetOf(tableFromIPC(bytes)));
    expect(error.message).toContain(fourRows().digest);
  });

  it('refuses other tables', async () => {
    const error = await errorOf('DATA_ARROW_FOREIGN', () => datasetOf(tableFromArrays({ a: Int32Array.of(1, 2) })));
    expect(error.message).toContain('tfjs-tuner.dataset');
  });

  it('reads encoders of version 1', () => {
    const columns = [
      { kind: 'number', column: 'a', mean: 1, deviation: 2, hasMissing: true },
      { kind: 'category', column: 'b', categories: ['x'] },
    ];
    const old = withMetadata(tableOf(fourRows()), (metadata) => ({ ...metadata, encoder: { version: 1, columns } }));
    expect(datasetOf(old).encoder).toEqual({
      version: 2,
      columns: [
        { ...columns[0], kind: 'standardise', cells: 'number' },
        { ...columns[1], kind: 'one-hot', cells: 'text' },
      ],
    });
  });

  it('keeps encoders and columns of categories', () => {
    const table = rawTable({ a: [1, null, 3, 4], b: ['x', 'y', 'x', null], y: [0.5, 1.5, 2.5, 3.5] });
    const dataset = tabularDataset(table, {
      name: 'table',
      target: 'y',
      splits: { validation: 1, test: 1, seed: 0 },
      encoding: { numbers: 'quantile', categories: 'index' },
    });
    expectSame(datasetOf(tableFromIPC(tableToIPC(tableOf(dataset)))), dataset);
    expect(dataset.categories?.names).toEqual(['b']);
  });

  it('refuses a later version of the format', async () => {
    const table = withMetadata(tableOf(fourRows()), (metadata) => ({ ...metadata, version: 2 }));
    const error = await errorOf('DATA_ARROW_FOREIGN', () => datasetOf(table));
    expect(error.message).toContain('version');
  });

  it('refuses metadata that are not what it wrote', async () => {
    const table = withMetadata(tableOf(fourRows()), (metadata) => ({ ...metadata, target: { column: 'y' } }));
    await errorOf('DATA_ARROW_FOREIGN', () => datasetOf(table));
  });

  it('refuses a table without splits', async () => {
    const table = tableOf(fourRows());
    const error = await errorOf('DATA_ARROW_FOREIGN', () => datasetOf(table.select(['x', 'y'])));
    expect(error.message).toContain('split');
  });

  it('refuses a shape that is not that of the values', async () => {
    const table = tableOf(fourRows());
    const [x, ...others] = table.schema.fields;
    const reshaped = new Field('x', x!.type, false, new Map([['rowShape', '[3]']]));
    const changed = new Table(new Schema([reshaped, ...others], table.schema.metadata), table.batches);
    const error = await errorOf('DATA_ARROW_FOREIGN', () => datasetOf(changed));
    expect(error.message).toContain('[3]');
  });
});
