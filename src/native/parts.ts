import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, syncDirectory, systemCode } from '../files/index.js';

/** Written last into a part's folder: what must lie there, by path relative to it, with each file's bytes. */
interface Manifest {
  format: 1;
  files: Record<string, number>;
}

const manifestName = 'part.json';

/** Whether a part's folder is there and whole: every file named in its manifest has the size noted there. */
export async function isWhole(folder: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8')) as Manifest;
    if (manifest.format !== 1) return false;
    const sizes = await Promise.all(
      Object.keys(manifest.files).map(async (name) => (await stat(join(folder, name))).size),
    );
    return Object.values(manifest.files).every((bytes, i) => bytes === sizes[i]);
  } catch (error) {
    // cut short by a power cut, or never there
    if (error instanceof SyntaxError || error instanceof TypeError || ['ENOENT', 'ENOTDIR'].includes(systemCode(error)))
      return false;
    throw fileError('read', folder, error);
  }
}

/**
 * Moves a finished folder from staging to its place, where it appears whole or not at all. What was there is moved back
 * to staging: processes that have it loaded keep their files open.
 * @param files the files that {@link isWhole} looks for, relative to the folder
 */
export async function commit(staged: string, place: string, files: readonly string[]): Promise<void> {
  try {
    const manifest: Manifest = { format: 1, files: {} };
    for (const name of files) manifest.files[name] = await syncFile(join(staged, name));
    await writeFile(join(staged, manifestName), JSON.stringify(manifest));
    await syncFile(join(staged, manifestName));
    await syncDirectory(staged);
    await mkdir(dirname(place), { recursive: true });
    await rename(place, `${staged}.replaced-${basename(place)}`).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    await rename(staged, place);
    await syncDirectory(dirname(place));
  } catch (error) {
    throw fileError('put in place', place, error);
  }
}

/** Makes a file outlive a power cut; gives its size. */
async function syncFile(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
