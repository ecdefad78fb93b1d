/** Durable file primitives: atomic writes, locks that are never stale, folders and disks with readable errors. */
export { parseByteSize } from './byte-size.js';
export { ensureDirectory, freeBytes, syncDirectory } from './folder.js';
export { acquireLock, type Lock, type LockOptions } from './lock.js';
export { fileError, systemCode } from './system-error.js';
export { writeFileAtomic } from './write-file-atomic.js';
