import { access, constants, mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileError, systemCode } from './system-error.js';

/**
 * Creates a folder and all above it where missing, and sees to it that it can be written to. Gives its absolute path.
 * @throws FILES_READ_ONLY, FILES_NO_FOLDER (a part of the path is a file), FILES_DISK_FULL, FILES_FAILED
 */
export async function ensureDirectory(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    await makeFolders(absolute);
    await access(absolute, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError('create the folder', absolute, error);
  }
  return absolute;
}

/**
 * Node's own `recursive` never returns where the system says that a folder's existing parent does not exist, as Linux does
 * below /proc (seen with Node 20.20).
 */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolders(dirname(path));
      await mkdir(path).catch(unlessFolder(path));
    } else {
      // not only EEXIST: a read-only disk may say EROFS first
      await unlessFolder(path)(error);
    }
  }
}

/** Ignores the error of making a folder that is there by now: another process may have made it. */
function unlessFolder(path: string): (error: unknown) => Promise<void> {
  return async (error) => {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return;
    throw found === undefined ? error : Object.assign(new Error('a file is in its place'), { code: 'ENOTDIR' });
  };
}

/**
 * Bytes that this user may still write on the disk that holds `path`. A path that does not exist yet is asked of the
 * nearest folder above it that does.
 * @throws FILES_FAILED, FILES_READ_ONLY when the file system cannot be asked
 */
export async function freeBytes(path: string): Promise<number> {
  let place = resolve(path);
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      const above = dirname(place);
      if (systemCode(error) !== 'ENOENT' || above === place) throw fileError('look at the disk of', place, error);
      place = above;
    }
  }
}

/**
 * Makes the names in a folder (created, renamed, removed files) outlive a power cut. File systems that cannot do this to
 * a folder (some network ones answer EINVAL) are left as they are: nothing better is to be had there.
 */
export async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(systemCode(error))) throw error;
  } finally {
    await folder.close();
  }
}
