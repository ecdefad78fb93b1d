import { type FileHandle, open, stat } from 'node:fs/promises';
import { errors } from '../errors.js';

/** Bytes that `readFile` of Node 20 takes at most. */
const readLimit = 2 ** 31 - 1;

/**
 * Size in bytes of a file that can be read as data.
 *
 * @throws DATA_FILE_NOT_FOUND, DATA_FILE_IS_FOLDER, DATA_FILE_EMPTY, DATA_FILE_UNREADABLE.
 */
export async function dataFileSize(path: string): Promise<number> {
  const status = await stat(path).catch((cause) => {
    throw fileError(path, cause);
  });
  if (status.isDirectory()) throw errors.DATA_FILE_IS_FOLDER({ path });
  // Pipes and devices say 0, too, and cannot be read twice.
  if (status.size === 0) throw errors.DATA_FILE_EMPTY({ path });
  return status.size;
}

/**
 * Runs `use` with the open file and closes it.
 *
 * @throws as {@link dataFileSize}; what `use` throws passes, with errors of the file system made readable.
 */
export async function withDataFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const size = await dataFileSize(path);
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    return await use(file, size);
  } catch (cause) {
    throw isSystemError(cause) ? fileError(path, cause) : cause;
  } finally {
    // Some readers close what they were given.
    await file?.close().catch(() => undefined);
  }
}

/**
 * The whole file.
 *
 * @throws as {@link dataFileSize}, and DATA_FILE_TOO_LARGE from 2 GiB.
 */
export function readDataFile(path: string): Promise<Buffer> {
  return withDataFile(path, (file, size) => {
    if (size > readLimit) throw errors.DATA_FILE_TOO_LARGE({ path, bytes: size, limit: readLimit });
    return file.readFile();
  });
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

/** The error for what the file system says of a path. */
function fileError(path: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return errors.DATA_FILE_NOT_FOUND({ path }, cause);
  if (code === 'EISDIR') return errors.DATA_FILE_IS_FOLDER({ path }, cause);
  return errors.DATA_FILE_UNREADABLE({ path, reason: message }, cause);
}
