import {
  type Data,
  DataType,
  type Field,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  type Vector,
} from 'apache-arrow';
import { columnType } from './arrow-column-type.js';
import { columnData, columnField, splitCodes, splitColumn, splitData, splitField } from './arrow-columns.js';
import { foreignTable, readMetadata, readRowShape, writeMetadata } from './arrow-metadata.js';
import { errors } from './errors.js';
import {
  type ColumnView,
  columnView,
  rowSize,
  type SharedDataset,
  type SplitName,
  splitEntries,
  splitView,
} from './shared-dataset.js';
import { layOutDataset, type SplitRows } from './shared-layout.js';

/** What `toArrow` does. The column `split` takes one byte a row. */
export function tableOf(dataset: SharedDataset): Table {
  const { rowCount } = dataset;
  const columns = dataset.columns.map((column) => {
    return { field: columnField(column), data: columnData(column, columnView(dataset, column.name), rowCount) };
  });
  const splits = splitEntries(dataset.splits).map(([split]) => [split, splitView(dataset, split)] as const);
  const split = splitData(splitCodes(rowCount, splits));
  const fields = [...columns.map(({ field }) => field), splitField];
  const schema = new Schema(fields, writeMetadata(dataset));
  const children: Data[] = [...columns.map(({ data }) => data), split];
  const rows = makeData({ type: new Struct(fields), length: rowCount, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, rows)]);
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
