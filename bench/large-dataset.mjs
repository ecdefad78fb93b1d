// Data sets of any size, written batch by batch, so that making one takes no memory.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import {
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int8,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Uint8,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { digestWith } from '../dist/src/data/digest.js';
import { permutation, randomBits, seedKey } from '../dist/src/random/index.js';

const batchRows = 10_000;
const poolBytes = 2 ** 20;

const kinds = {
  /** Grey images of 28 × 28 pixels, as MNIST's, and 10 classes. */
  images: { type: 'uint8', arrow: new Uint8(), rowShape: [28, 28, 1], scale: 1 / 255, array: Uint8Array },
  /** 100 numbers. */
  numbers: { type: 'float32', arrow: new Float32(), rowShape: [100], scale: 1, array: Float32Array },
};

/** Random values that rows are cut out of. */
function poolOf({ array }) {
  const bits = randomBits(seedKey(1), poolBytes / 4);
  return array === Uint8Array ? new Uint8Array(bits.buffer) : Float32Array.from(bits, (word) => word / 2 ** 31 - 1);
}

/**
 * Writes an Arrow file as `toArrow` would have it.
 *
 * @param bytes of the columns, about
 * @param kind `images` or `numbers`
 * @param validation one row in so many, chosen at random; the others are for training
 */
export async function writeLargeDataset(path, { bytes, kind = 'images', validation = 20, sorted = false }) {
  const spec = kinds[kind];
  const width = spec.rowShape.reduce((a, b) => a * b, 1);
  const pool = poolOf(spec);
  const rowCount = Math.ceil(bytes / (width * spec.array.BYTES_PER_ELEMENT + 4));
  const order = permutation(seedKey(2), rowCount);
  const isValidation = (row) => order.at(row) % validation === 0;
  const classOf = (row) => (sorted ? Math.floor((row * 10) / rowCount) : (order.at(row) >> 4) % 10);
  const batches = Array.from({ length: Math.ceil(rowCount / batchRows) }, (_, index) => {
    return { from: index * batchRows, count: Math.min(batchRows, rowCount - index * batchRows) };
  });
  const x = ({ from, count }) => {
    const values = new spec.array(count * width);
    for (let i = 0; i < count; i++) {
      const start = ((from + i) * 7919) % (pool.length - width);
      values.set(pool.subarray(start, start + width), i * width);
      // something to learn
      values[i * width + classOf(from + i)] = spec.array === Uint8Array ? 255 : 3;
    }
    return values;
  };
  const y = ({ from, count }) => Int32Array.from({ length: count }, (_, i) => classOf(from + i));
  const codes = ({ from, count }) => Int8Array.from({ length: count }, (_, i) => (isValidation(from + i) ? 1 : 0));

  const rowsOf = (code) => batches.map((batch) => rowsWith(codes(batch), code, batch.from));
  const count = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
  const parts = { train: rowsOf(0), validation: rowsOf(1) };
  const described = {
    rowCount,
    columns: [
      { name: 'x', type: spec.type, rowShape: spec.rowShape },
      { name: 'y', type: 'int32', rowShape: [] },
    ],
    features: { column: 'x', scale: spec.scale, offset: 0 },
    target: { column: 'y', kind: 'class', classes: Array.from({ length: 10 }, (_, i) => String(i)) },
    splits: { train: { count: count(parts.train) }, validation: { count: count(parts.validation) } },
  };
  const digest = digestWith(described, (hash) => {
    for (const batch of batches) hash.update(x(batch));
    for (const batch of batches) hash.update(y(batch));
    for (const part of [...parts.train, ...parts.validation]) hash.update(part);
  });
  const { features, target } = described;
  const metadata = { version: 1, name: 'large', features, target, droppedRowCount: 0, digest };

  const list = new FixedSizeList(width, new Field('item', spec.arrow, false));
  const split = new Dictionary(new Utf8(), new Int8(), 0);
  const dictionary = vectorFromArray(['train', 'validation', 'test'], new Utf8());
  const fields = [
    new Field('x', list, false, new Map([['rowShape', JSON.stringify(spec.rowShape)]])),
    new Field('y', new Int32(), false),
    new Field('split', split, true),
  ];
  const schema = new Schema(fields, new Map([['tfjs-tuner.dataset', JSON.stringify(metadata)]]));
  const writer = new RecordBatchFileWriter();
  const written = pipeline(writer.toNodeStream(), createWriteStream(path));
  for (const batch of batches) {
    const { count: length } = batch;
    const shape = { length, nullCount: 0 };
    const children = [
      makeData({ ...shape, type: list, child: makeData({ type: spec.arrow, length: length * width, data: x(batch) }) }),
      makeData({ ...shape, type: new Int32(), data: y(batch) }),
      makeData({ ...shape, type: split, data: codes(batch), dictionary }),
    ];
    writer.write(new RecordBatch(schema, makeData({ ...shape, type: new Struct(fields), children })));
    // what was written is to reach the disk before more is made
    await new Promise((resolve) => setImmediate(resolve));
  }
  writer.finish();
  await written;
  return { rowCount, digest };
}

function rowsWith(codes, code, from) {
  const rows = [];
  codes.forEach((found, index) => {
    if (found === code) rows.push(from + index);
  });
  return Int32Array.from(rows);
}
