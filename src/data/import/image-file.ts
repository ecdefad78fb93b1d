import { Dictionary, Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import { type ColumnShape, columnData, columnField } from '../arrow-columns.js';
import { arrowFilePieces } from '../arrow-pieces.js';
import { errors } from '../errors.js';
import { readByteLists } from '../readers/arrow-ipc.js';
import type { FolderImages } from '../readers/image-folder.js';
import { MemoryLimit } from '../readers/memory-limit.js';
import { readTableFile } from '../readers/table-file.js';

/** Bytes of one record batch, about. */
const batchBytes = 4 << 20;

const imageColumn = 'image';
const labelColumn = 'label';
// with a number of its own: else it is counted over the process, and equal images are written as different bytes
const labelType = new Dictionary(new Utf8(), new Int32(), 0);

/**
 * The bytes of an Arrow IPC file of images, a piece at a time: `image`, uint8 lists of the size of an image, whose field says their shape;
 * `label`, a dictionary of the classes. Equal images give equal bytes.
 */
export function imageFileOf(images: FolderImages): Iterable<Uint8Array> {
  return arrowFilePieces(batchesOf(images));
}

function* batchesOf({ shape, values, labels, classes }: FolderImages): Generator<RecordBatch> {
  const [rowCount, ...rowShape] = shape;
  const size = rowShape[0] * rowShape[1] * rowShape[2];
  const column: ColumnShape = { name: imageColumn, type: 'uint8', rowShape };
  const fields = [columnField(column), new Field(labelColumn, labelType, false)];
  const schema = new Schema(fields);
  const dictionary = vectorFromArray([...classes], new Utf8());
  const step = Math.max(1, Math.floor(batchBytes / size));
  for (let from = 0; from < rowCount; from += step) {
    const to = Math.min(rowCount, from + step);
    const pixels = columnData(column, values.subarray(from * size, to * size), to - from);
    const data = labels.subarray(from, to);
    const label = makeData({ type: labelType, data, dictionary, length: to - from, nullCount: 0 });
    const rows = { type: new Struct(fields), length: to - from, nullCount: 0, children: [pixels, label] };
    yield new RecordBatch(schema, makeData(rows));
  }
}

/**
 * The images of such a file.
 *
 * @param shape images, height, width and channels that it must have
 * @param classes in the order of the labels' numbers
 * @throws DATA_IMPORT_CHANGED if it has others, DATA_MEMORY_LIMIT, and the errors of the Arrow reader
 */
export async function readImageFile(
  path: string,
  shape: FolderImages['shape'],
  classes: readonly string[],
  onRows: (rows: number) => void = () => undefined,
): Promise<FolderImages> {
  const [rowCount, height, width, channels] = shape;
  const labels = await readLabels(path, classes);
  if (labels.length !== rowCount) throw changed(path, `${rowCount} images`, labels.length);
  const size = height * width * channels;
  new MemoryLimit(path, undefined).take(rowCount * size);
  const values = new Uint8Array(rowCount * size);
  await readByteLists(path, imageColumn, { size, target: values, onRows });
  return { shape, values, labels, classes };
}

async function readLabels(path: string, classes: readonly string[]): Promise<Int32Array> {
  const table = await readTableFile(path, { ignore: [imageColumn] }, 'arrow');
  const column = table.columns.find(({ name }) => name === labelColumn);
  if (column?.kind !== 'text') throw changed(path, `a column "${labelColumn}" of texts`, 'none');
  const labelOf = column.texts.map((text) => classes.indexOf(text));
  return column.codes.map((code) => {
    const label = labelOf[code];
    if (label === undefined || label < 0) throw changed(path, 'a class for each image', String(column.texts[code]));
    return label;
  });
}

function changed(path: string, expected: string, actual: unknown): Error {
  return errors.DATA_IMPORT_CHANGED({ path, expected, actual: String(actual) });
}
