import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errors } from '../errors.js';
import { readDataFile } from '../readers/data-file.js';
import { isGzip } from '../readers/file-kind.js';

/** A file that a person has to have, pinned to its contents. */
export interface PinnedFile {
  /** Without `.gz`: the file may be there with or without it. */
  readonly name: string;
  /** Of the file once it is decompressed: how well it was compressed does not matter. */
  readonly sha256: string;
}

export interface FoundFile {
  readonly path: string;
  /** Decompressed, and checked. */
  readonly bytes: Buffer;
}

/**
 * Finds a file in the data directories, in order, and checks its contents.
 *
 * @param from where a person can get it, for the error.
 * @throws DATA_SOURCE_FILE_MISSING, DATA_CHECKSUM, and the errors of a file that cannot be read.
 */
export async function findDataFile(
  dataset: string,
  file: PinnedFile,
  directories: readonly string[],
  from: string,
): Promise<FoundFile> {
  const candidates = directories.flatMap((folder) => [join(folder, file.name), join(folder, `${file.name}.gz`)]);
  for (const path of candidates) {
    if (await exists(path)) return { path, bytes: await readChecked(path, file.sha256) };
  }
  const { name, sha256 } = file;
  throw errors.DATA_SOURCE_FILE_MISSING({
    dataset,
    file: `${name} or ${name}.gz`,
    searched: directories,
    from,
    sha256,
  });
}

/** The directory that the user names, then the one in the environment variable `TFJS_TUNER_DATA`; absolute. */
export function dataDirectories(given: string | undefined): string[] {
  const named = [given, process.env.TFJS_TUNER_DATA].filter((path) => path !== undefined && path !== '');
  return [...new Set(named.map((path) => resolve(path!)))];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readChecked(path: string, expected: string): Promise<Buffer> {
  const bytes = await decompressed(path, await readDataFile(path), expected);
  const actual = sha256(bytes);
  if (actual !== expected) throw errors.DATA_CHECKSUM({ path, algorithm: 'SHA-256 (decompressed)', expected, actual });
  return bytes;
}

async function decompressed(path: string, bytes: Buffer, expected: string): Promise<Buffer> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (cause) {
    const actual = `${sha256(bytes)}, compressed, and cannot be decompressed (${(cause as Error).message})`;
    throw errors.DATA_CHECKSUM({ path, algorithm: 'SHA-256 (decompressed)', expected, actual }, cause);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
