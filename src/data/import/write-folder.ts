import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TunerError } from '../../errors/index.js';
import { ensureDirectory, fileError, writeFileAtomic } from '../../files/index.js';
import { errors } from '../errors.js';
import { type ImportManifest, manifestFile } from './schema.js';

/** Where an import is written, and by which program. */
export interface WriteOptions {
  /** The folder to make; by default the source's name without its endings, in `baseDirectory`. */
  readonly to?: string;
  /** Where relative paths start. */
  readonly baseDirectory: string;
  /** Look only: write nothing. */
  readonly dryRun?: boolean;
  /** Of the program that imports. */
  readonly version: string;
}

/** What the Arrow file of an import is called. */
const dataFile = 'data.arrow';

/**
 * The folder that an import of a source is to make: what it is called where it would be the source itself, is `NAME-imported`.
 *
 * @param path of the source, absolute
 * @throws DATA_IMPORT_EXISTS, unless nothing is to be written
 */
export async function folderFor(path: string, name: string, options: WriteOptions): Promise<string> {
  const { to, baseDirectory, dryRun } = options;
  const named = resolve(baseDirectory, to ?? name);
  const folder = to === undefined && named === path ? `${named}-imported` : named;
  if (dryRun) return folder;
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (exists) throw errors.DATA_IMPORT_EXISTS({ folder });
  return folder;
}

/**
 * What every manifest begins with.
 *
 * @param given options of the source, as they were given; those that are `undefined` are left out
 */
export function manifestHead(version: string, given: Readonly<Record<string, unknown>>) {
  return {
    format: 'tfjs-tuner import' as const,
    version: 1 as const,
    options: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    versions: { 'tfjs-tuner': version, node: process.versions.node },
  };
}

/** A manifest but for what is known once the file is written. */
type Unwritten<M> = M extends ImportManifest ? Omit<M, 'data'> : never;

/** Writes the Arrow file, a piece at a time, and the manifest, all or nothing. @throws the errors of the files room */
export async function writeFolder(
  folder: string,
  pieces: () => Iterable<Uint8Array>,
  head: Unwritten<ImportManifest>,
): Promise<void> {
  const temporary = `${folder}.importing-${process.pid}`;
  try {
    await ensureDirectory(dirname(folder));
    await mkdir(temporary);
    const written = await writeData(join(temporary, dataFile), pieces());
    const manifest = { ...head, data: { file: dataFile, ...written } };
    await writeFileAtomic(join(temporary, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof TunerError ? error : fileError('write', folder, error);
  }
}

async function writeData(path: string, pieces: Iterable<Uint8Array>) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
      hash.update(piece);
      await file.writeFile(piece);
      bytes += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
