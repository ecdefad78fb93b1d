import type { TunerError } from '../errors/index.js';
import { errors } from './errors.js';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);
const forbidden = new Set(['EROFS', 'EACCES', 'EPERM', 'SQLITE_READONLY', 'SQLITE_PERM']);
const misplaced = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

/** The operating system's code of an error (`ENOSPC`), or the empty string when `error` is of another kind. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Says in words what the operating system refused. `doing` is a verb phrase that goes before the path, such as `write`.
 * The original error is kept as `cause`.
 */
export function fileError(doing: string, path: string, error: unknown): TunerError {
  const code = systemCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  const failed = { doing, path, reason };
  if (full.has(code)) return errors.FILES_DISK_FULL(failed, error);
  if (forbidden.has(code)) return errors.FILES_READ_ONLY(failed, error);
  if (misplaced.has(code)) return errors.FILES_NO_FOLDER(failed, error);
  return errors.FILES_FAILED(failed, error);
}
