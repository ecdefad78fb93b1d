// What must hold of files that are read: the same table whatever the threads, and an import that has what was read.
const { importFile } = await import('../../dist/src/data/import/import-file.js');
const { findImport, readImport, verifyImport } = await import('../../dist/src/data/import/imported.js');

const { importImageFolder } = await import('../../dist/src/data/import/import-images.js');
const { importText } = await import('../../dist/src/data/import/import-text.js');
const { readImportedImages } = await import('../../dist/src/data/import/imported.js');
const { loadDataset } = await import('../../dist/src/data/index.js');

const cellOf = (column, row) =>
  column.kind === 'number' ? column.values[row] : (column.texts[column.codes[row]] ?? null);

/** How two columns of as many rows differ; `undefined` where they do not. */
function columnDifference(one, other, rowCount) {
  for (let row = 0; row < rowCount; row++) {
    const [a, b] = [cellOf(one, row), cellOf(other, row)];
    if (!Object.is(a, b)) return `column "${one.name}" has ${a} and ${b} in row ${row + 1}`;
  }
  return undefined;
}

/** How two tables differ; `undefined` where they do not. */
export function sameTable(one, other) {
  const names = (table) => JSON.stringify(table.columns.map(({ name, kind, unit }) => [name, kind, unit]));
  if (one.rowCount !== other.rowCount) return `${one.rowCount} and ${other.rowCount} rows`;
  if (names(one) !== names(other)) return `${names(one)} and ${names(other)}`;
  for (const [i, column] of one.columns.entries()) {
    const difference = columnDifference(column, other.columns[i], one.rowCount);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** How the results of one thread and of two differ. */
export function describe(one, two) {
  if (one.outcome === 'read' && two.outcome === 'read') return sameTable(one.value, two.value);
  if (one.outcome === two.outcome) return undefined;
  // a header must lie within the first block, which is smaller here; and of several faults of a text, the first block's is told
  const isHeader = two.outcome === 'DATA_CSV_MALFORMED' && /line 1\b/.test(two.error.message);
  const areTextual = [one, two].every(({ outcome }) => /^DATA_(CSV_MALFORMED|TEXT_ENCODING)$/.test(outcome));
  if (isHeader || areTextual) return undefined;
  return `${one.outcome} and ${two.outcome}: ${(two.error ?? one.error).message}`;
}

/** Imports a file that was read, and compares what was written. @throws Error where it is something else */
export async function checkImport(path, table, target, folder, memoryLimitBytes) {
  const options = { target, to: folder, baseDirectory: '/', version: 'fuzz', threads: 1, memoryLimitBytes };
  const { schema } = await importFile(path, options);
  await verifyImport(folder);
  const written = await readImport(await findImport(folder), { ignore: [] });
  const kept = table.columns.filter((_, i) => schema.columns[i].role !== 'left out');
  for (const [i, column] of kept.entries()) {
    const other = written.columns[i];
    // numbers of 64 bits that name something become texts
    if (column.kind !== other.kind && column.isRounded) continue;
    const difference = columnDifference(column, other, table.rowCount);
    if (difference !== undefined || column.name !== other.name) throw new Error(`the import differs: ${difference}`);
  }
}

/** Imports a folder of images that was read, and compares what was written. @throws Error where it is something else */
export async function checkImageImport(folder, images, to, options) {
  await importImageFolder(folder, { ...options, to, baseDirectory: '/', version: 'fuzz' });
  const written = await readImportedImages(await verifyImport(to));
  if (Buffer.compare(written.values, images.values) !== 0) throw new Error('the import has other pixels');
  if (written.labels.join() !== images.labels.join()) throw new Error('the import has other labels');
}

/** Imports a text that was read, and compares the data set that is made of it. @throws Error where it is another */
export async function checkTextImport(path, dataset, to, { windows, tokens }) {
  await importText(path, { tokens, to, baseDirectory: '/', version: 'fuzz' });
  await verifyImport(to);
  const options = { cacheDirectory: to, baseDirectory: '/' };
  const { digest } = await loadDataset({ text: to, ...windows }, options);
  if (digest !== dataset.digest) throw new Error('the import gives another data set');
}
