import {
  type Data,
  DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int8,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Uint8,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { columnType } from './arrow-column-type.js';
import { foreignTable, readMetadata, readRowShape, rowShapeKey, writeMetadata } from './arrow-metadata.js';
import { errors } from './errors.js';
import {
  type ColumnView,
  columnView,
  rowSize,
  type SharedColumn,
  type SharedDataset,
  type SplitName,
  splitEntries,
  splitView,
} from './shared-dataset.js';
import { layOutDataset, type SplitRows } from './shared-layout.js';

const splitColumn = 'split';
const splitNames: readonly SplitName[] = ['train', 'validation', 'test'];

/** What `toArrow` does. The column `split` takes one byte a row. */
export function tableOf(dataset: SharedDataset): Table {
  const columns = dataset.columns.map((column) => arrowColumn(dataset, column));
  const split = splitData(dataset);
  const fields = [...columns.map(({ field }) => field), new Field(splitColumn, split.type, true)];
  const schema = new Schema(fields, writeMetadata(dataset));
  const children: Data[] = [...columns.map(({ data }) => data), split];
  const rows = makeData({ type: new Struct(fields), length: dataset.rowCount, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, rows)]);
}

function arrowColumn(dataset: SharedDataset, column: SharedColumn): { field: Field; data: Data } {
  const { name, rowShape } = column;
  const values = primitiveData(columnView(dataset, name));
  if (rowShape.length === 0) return { field: new Field(name, values.type, false), data: values };
  const type = new FixedSizeList(rowSize(rowShape), new Field('item', values.type, false));
  const data = makeData({ type, child: values, length: dataset.rowCount, nullCount: 0 });
  return { field: new Field(name, type, false, new Map([[rowShapeKey, JSON.stringify(rowShape)]])), data };
}

function primitiveData(view: ColumnView): Data {
  const shape = { length: view.length, nullCount: 0 };
  if (view instanceof Uint8Array) return makeData({ ...shape, type: new Uint8(), data: view });
  if (view instanceof Int32Array) return makeData({ ...shape, type: new Int32(), data: view });
  return makeData({ ...shape, type: new Float32(), data: view });
}

function splitData(dataset: SharedDataset): Data<Dictionary<Utf8, Int8>> {
  const codes = new Int8Array(dataset.rowCount).fill(-1);
  splitEntries(dataset.splits).forEach(([split], code) => {
    let last = -1;
    for (const row of splitView(dataset, split)) {
      if (row <= last || codes[row] !== -1) throw errors.DATA_SPLITS_UNORDERED({ split, row });
      codes[row] = code;
      last = row;
    }
  });
  const { nullBitmap, nullCount } = validity(codes);
  for (let row = 0; nullCount > 0 && row < codes.length; row++) if (codes[row] === -1) codes[row] = 0;
  const dictionary = vectorFromArray(splitNames, new Utf8());
  // With a number of its own: else it is counted over the process, and equal tables are written as different bytes.
  const type = new Dictionary(new Utf8(), new Int8(), 0);
  return makeData({ type, data: codes, dictionary, length: codes.length, nullCount, nullBitmap });
}

function validity(codes: Int8Array): { nullBitmap: Uint8Array | undefined; nullCount: number } {
  const nullBitmap = new Uint8Array(Math.ceil(codes.length / 8));
  let nullCount = 0;
  codes.forEach((code, row) => {
    if (code === -1) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullBitmap: nullCount === 0 ? undefined : nullBitmap, nullCount };
}

/** What `fromArrow` does. */
export function datasetOf(table: Table, options: { readonly name?: string } = {}): SharedDataset {
  const { digest, ...written } = readMetadata(table.schema);
  const dataset = layOutDataset({
    ...written,
    ...(options.name === undefined ? {} : { name: options.name }),
    rowCount: table.numRows,
    columns: table.schema.fields
      .filter((field) => field.name !== splitColumn)
      .map((field) => readColumn(field, table.getChild(field.name)!)),
    splits: readSplits(table),
  });
  if (dataset.digest !== digest) {
    throw errors.DATA_DIGEST({ name: dataset.name, expected: digest, actual: dataset.digest });
  }
  return dataset;
}

function readColumn(field: Field, vector: Vector) {
  const list = DataType.isFixedSizeList(field.type) ? field.type : undefined;
  const rowShape = list === undefined ? [] : readRowShape(field.metadata);
  const size = rowSize(rowShape);
  if (list !== undefined && list.listSize !== size) {
    throw foreignTable(`column "${field.name}" has ${list.listSize} values a row, and the shape [${rowShape}]`);
  }
  const type = columnType(field, list?.children[0]?.type ?? field.type);
  const fill = (view: ColumnView) => {
    let written = 0;
    for (const chunk of vector.data) {
      // Buffers that were read are padded, and a slice's may be longer than the slice.
      const { values } = list === undefined ? chunk : chunk.children[0]!;
      view.set(values.subarray(0, chunk.length * size), written);
      written += chunk.length * size;
    }
  };
  return { name: field.name, type, rowShape, fill };
}

function readSplits(table: Table): SplitRows {
  const vector = table.getChild(splitColumn);
  if (vector === null) throw foreignTable(`it lacks the column ${splitColumn}`);
  const rows: Record<SplitName, number[]> = { train: [], validation: [], test: [] };
  let row = 0;
  for (const split of vector) {
    if (split !== null) rows[split as SplitName]?.push(row);
    row++;
  }
  const required = { train: Int32Array.from(rows.train), validation: Int32Array.from(rows.validation) };
  return rows.test.length === 0 ? required : { ...required, test: Int32Array.from(rows.test) };
}
