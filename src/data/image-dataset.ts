import { errors } from './errors.js';
import type { IdxTensor } from './readers/idx.js';
import type { SharedDataset } from './shared-dataset.js';
import { layOutDataset } from './shared-layout.js';
import { type SplitPlan, splitRows } from './splits.js';

export interface ImageOptions {
  readonly name: string;
  /** `[images, height, width]`, or with channels at the end. */
  readonly images: IdxTensor;
  /** `[images]`. */
  readonly labels: { readonly shape: readonly number[]; readonly values: Uint8Array | Int32Array };
  /** Class of each label, by number; by default each label that occurs is a class, in ascending order. */
  readonly classes?: readonly string[];
  readonly splits: SplitPlan;
}

/**
 * Makes a data set of images: column `x`, uint8 `[height, width, channels]`, read as value / 255; column `y`, int32 classes.
 *
 * @throws DATA_LABEL_COUNT, DATA_LABEL_UNKNOWN, DATA_TARGET_ONE_CLASS, and the errors of splits.
 */
export function imageDataset({ name, images, labels, classes: given, splits }: ImageOptions): SharedDataset {
  const [rowCount, height, width, channels = 1] = images.shape as [number, number, number, number?];
  const { classes, codes } = imageClasses(rowCount, labels, given);
  return layOutDataset({
    name,
    rowCount,
    columns: [
      { name: 'x', type: 'uint8', rowShape: [height, width, channels], fill: (view) => view.set(images.values) },
      { name: 'y', type: 'int32', rowShape: [], fill: (view) => view.set(codes) },
    ],
    features: { column: 'x', scale: 1 / 255, offset: 0 },
    target: { column: 'y', kind: 'class', classes },
    splits: splitRows(rowCount, splits, { codes, names: classes }),
    droppedRowCount: 0,
  });
}

/**
 * The class of each image.
 *
 * @param given names, by number; by default each label that occurs is a class, in ascending order
 * @throws DATA_LABEL_COUNT, DATA_LABEL_UNKNOWN, DATA_TARGET_ONE_CLASS
 */
export function imageClasses(
  rowCount: number,
  { shape, values }: ImageOptions['labels'],
  given?: readonly string[],
): { readonly classes: readonly string[]; readonly codes: Int32Array } {
  if (shape[0] !== rowCount) throw errors.DATA_LABEL_COUNT({ images: rowCount, labels: shape[0]! });
  return given === undefined ? occurring(values) : known(values, given);
}

function known(labels: Uint8Array | Int32Array, classes: readonly string[]) {
  const row = labels.findIndex((label) => label >= classes.length);
  if (row !== -1) throw errors.DATA_LABEL_UNKNOWN({ label: labels[row]!, row: row + 1, classes: classes.length });
  return { classes, codes: Int32Array.from(labels) };
}

function occurring(labels: Uint8Array | Int32Array) {
  const distinct = [...new Set(labels)].sort((a, b) => a - b);
  if (distinct.length < 2) throw errors.DATA_TARGET_ONE_CLASS({ column: 'labels', value: String(distinct[0]) });
  const codeOf = new Map(distinct.map((label, code) => [label, code]));
  return { classes: distinct.map(String), codes: Int32Array.from(labels, (label) => codeOf.get(label)!) };
}
