import { createHash, type Hash } from 'node:crypto';
import { columnView, type SharedDataset, splitEntries, splitView } from './shared-dataset.js';

/** `Hash.update` takes at most 2^31 - 1 bytes. */
const hashedAtOnce = 2 ** 30;

/**
 * SHA-256, hex, over what a study can see of a data set: the schema (rows, columns, how features and target are read),
 * then the bytes of the columns, then of the splits. Neither the name, nor the encoder, nor where in the buffer things
 * lie matters, so equal data give equal digests however they were read.
 */
export function datasetDigest(dataset: SharedDataset): string {
  return digestWith(dataset, (hash) => {
    for (const column of dataset.columns) hashBytes(hash, columnView(dataset, column.name));
    for (const [split] of splitEntries(dataset.splits)) hashBytes(hash, splitView(dataset, split));
  });
}

/** The same digest of a data set whose contents are elsewhere: `addContents` adds the bytes of its columns and splits. */
export function digestWith(dataset: SchemaOfDataset, addContents: (hash: Hash) => void): string {
  const hash = createHash('sha256').update(canonicalSchema(dataset));
  addContents(hash);
  return hash.digest('hex');
}

type SchemaOfDataset = Pick<SharedDataset, 'rowCount' | 'columns' | 'features' | 'categories' | 'target' | 'splits'>;

function canonicalSchema({ rowCount, columns, features, categories, target, splits }: SchemaOfDataset): string {
  return JSON.stringify([
    'dataset 1',
    rowCount,
    columns.map(({ name, type, rowShape }) => [name, type, rowShape]),
    [features.column, features.scale, features.offset, features.names ?? null],
    target.kind === 'none' ? [] : [target.column, target.kind, target.kind === 'class' ? target.classes : null],
    splitEntries(splits).map(([split, { count }]) => [split, count]),
    // only where there are any: a data set without them keeps the digest that it has always had
    ...(features.vocabulary === undefined ? [] : ['vocabulary', features.vocabulary]),
    ...(categories === undefined ? [] : ['categories', categories.column, categories.names, categories.sizes]),
  ]);
}

function hashBytes(hash: Hash, view: ArrayBufferView): void {
  for (let start = 0; start < view.byteLength; start += hashedAtOnce) {
    const length = Math.min(hashedAtOnce, view.byteLength - start);
    hash.update(new Uint8Array(view.buffer, view.byteOffset + start, length));
  }
}
