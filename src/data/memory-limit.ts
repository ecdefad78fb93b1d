import { errors } from './errors.js';
import { findImport } from './import/imported.js';
import { findDataset } from './manifest.js';
import { dataFileSize } from './readers/data-file.js';
import type { DatasetReference, WrittenReference } from './reference.js';

/** Limits that are chosen here are multiples of this, in bytes. */
const limitStep = 64 * 2 ** 20;

/**
 * The reference with the memory that its data set may take, where that is less than the data set needs. How a data set is streamed decides
 * the order of its rows, so the limit is a part of the study: found out once, when the study is made.
 *
 * @param reference resolved
 * @param given bytes; without it, a reference that has no limit gets half of the memory that is free, if its file is larger
 * @throws DATA_REFERENCE_INVALID if a limit is given for data that cannot be streamed, and the errors of files
 */
export async function withMemoryLimit(reference: DatasetReference, given?: number): Promise<DatasetReference> {
  const path = await writtenPath(reference);
  if (path === undefined) {
    if (given === undefined && !hasLimit(reference)) return reference;
    throw errors.DATA_REFERENCE_INVALID({
      problems: 'memory is for an Arrow file that "tfjs-tuner data encode" wrote',
    });
  }
  if (given !== undefined) return { path, memory: given };
  if (typeof reference !== 'string') return reference;
  // of the machine, or of its container
  const limit = Math.max(1, Math.floor(process.availableMemory() / 2 / limitStep)) * limitStep;
  return (await dataFileSize(path)) > limit ? { path, memory: limit } : reference;
}

/** The path of a file that may have been written from a data set: of no data set that ships, and of no import. */
async function writtenPath(reference: DatasetReference): Promise<string | undefined> {
  if (typeof reference !== 'string' && !hasLimit(reference)) return undefined;
  const path = typeof reference === 'string' ? reference : reference.path;
  const isOther = findDataset(path) !== undefined || (await findImport(path)) !== undefined;
  return isOther ? undefined : path;
}

function hasLimit(reference: DatasetReference): reference is WrittenReference {
  return typeof reference !== 'string' && 'memory' in reference;
}
