import { type LoadOptions, loadDataset } from './load-dataset.js';
import type { EncodedFile } from './out-of-core/encode-table.js';
import { type DatasetReference, resolveReference } from './reference.js';
import { writeDataset } from './write-dataset.js';

/**
 * Writes a reference's data set as an Arrow file. A table whose reference has a limit of memory is encoded a few columns at a time, and the file
 * is the same.
 *
 * @param path of the file
 * @throws as `loadDataset` and `writeDataset` do; DATA_MEMORY_TOO_SMALL where not even one column fits
 */
export async function encodeToFile(
  reference: DatasetReference,
  path: string,
  options: LoadOptions,
): Promise<EncodedFile> {
  const resolved = resolveReference(reference, options.baseDirectory);
  if (typeof resolved !== 'string' && 'memory' in resolved) {
    // Only now: worker threads import this room, too, and readers of all formats would cost each of them 25 MB and 0.4 s.
    const { isTable } = await import('./out-of-core/encoded-copy.js');
    if (await isTable(resolved)) {
      const [{ tableInput }, { encodeTable }] = await Promise.all([
        import('./table-input.js'),
        import('./out-of-core/encode-table.js'),
      ]);
      const input = await tableInput(resolved, options.onProgress ?? (() => undefined));
      return encodeTable(input, path, resolved.memory as number);
    }
  }
  const dataset = await loadDataset(resolved, options);
  await writeDataset(dataset, path);
  const { rowCount, droppedRowCount, digest, buffer } = dataset;
  return { rowCount, droppedRowCount, digest, bytes: buffer.byteLength };
}
