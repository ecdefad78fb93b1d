// Tables of any size, written piece by piece, so that making one takes no memory.
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Field, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';

const pieceRows = 10_000;

/** Numbers of about six digits that cells are taken from. */
const numbers = Float64Array.from({ length: 65_521 }, (_, i) => ((i * 7919) % 1_000_003) / 1000);
const at = (row, column) => (row * 31 + column * 104_729) % numbers.length;
const cell = (row, column) => numbers[at(row, column)];

/**
 * Writes a table of numbers, `c0` to …, and `y`, two classes, which the first column says something of.
 *
 * @param path ends in `.csv` or `.parquet`
 */
export async function writeLargeTable(path, { rows, columns = 50 }) {
  const pieces = Array.from({ length: Math.ceil(rows / pieceRows) }, (_, index) => {
    return { from: index * pieceRows, to: Math.min(rows, (index + 1) * pieceRows) };
  });
  const names = Array.from({ length: columns }, (_, column) => `c${column}`);
  const classOf = (row) => Number(cell(row, 0) > 500);
  if (path.endsWith('.csv')) await writeCsv(path, names, pieces, classOf);
  else await writeParquet(path, names, pieces, classOf);
}

async function writeCsv(path, names, pieces, classOf) {
  const texts = Array.from(numbers, String);
  function* text() {
    yield `${names.join(',')},y\n`;
    for (const { from, to } of pieces) {
      const lines = [];
      for (let row = from; row < to; row++) {
        let line = '';
        for (let column = 0; column < names.length; column++) line += `${texts[at(row, column)]},`;
        lines.push(line + classOf(row));
      }
      yield `${lines.join('\n')}\n`;
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(path));
}

/** In row groups of a piece each. */
async function writeParquet(path, names, pieces, classOf) {
  const wasm = createRequire(import.meta.url)('parquet-wasm/node');
  const fields = [...names.map((name) => new Field(name, new Float64(), false)), new Field('y', new Int32(), false)];
  const schema = new Schema(fields);
  const batch = ({ from, to }) => {
    const length = to - from;
    const data = names.map((_, column) => Float64Array.from({ length }, (_, i) => cell(from + i, column)));
    const y = Int32Array.from({ length }, (_, i) => classOf(from + i));
    const children = [...data, y].map((values, i) =>
      makeData({ type: fields[i].type, data: values, length, nullCount: 0 }),
    );
    return new RecordBatch(schema, makeData({ type: new Struct(fields), length, nullCount: 0, children }));
  };
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(pieceRows).build();
  // the library takes record batches of its own
  const source = Readable.from(pieces).map((piece) => {
    const own = wasm.Table.fromIPCStream(tableToIPC(new Table(schema, [batch(piece)]), 'stream'));
    return own.recordBatches()[0];
  });
  const written = await wasm.transformParquetStream(Readable.toWeb(source), properties);
  await pipeline(Readable.fromWeb(written), createWriteStream(path));
}
