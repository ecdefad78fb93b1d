import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { TunerError } from '../errors/index.js';
import { acquireLock, ensureDirectory, type Lock, systemCode } from '../files/index.js';
import { errors } from './errors.js';
import type { StudyLayout } from './layout.js';

/** Outlasts the moment in which {@link isLocked} looks, in milliseconds. */
const waitMs = 250;

/** Locks of this process that are being let go, by path. That takes a moment, and whoever closes a study can open it again at once. */
const releasing = new Map<string, Promise<void>>();

/** Makes this process the study's only writer. @throws STORE_STUDY_BUSY, FILES_… */
export async function lockStudy({ study, lock }: StudyLayout): Promise<Lock> {
  await releasing.get(lock);
  await ensureDirectory(dirname(lock));
  let holder = 'another process';
  try {
    return await acquireLock(lock, { waitMs, onWait: (who) => (holder = who) });
  } catch (error) {
    if (error instanceof TunerError && error.code === 'FILES_LOCKED')
      throw errors.STORE_STUDY_BUSY({ study, holder }, error);
    throw error;
  }
}

/** Lets go without waiting for it. */
export function releaseStudy(lock: Lock): void {
  // what it cannot tidy up, the end of the process does
  const release = lock.release().catch(() => undefined);
  releasing.set(lock.path, release);
  void release.then(() => releasing.delete(lock.path));
}

/** Whether a process works on the study just now. Says no where that cannot be told. */
export function isLocked({ lock }: StudyLayout): boolean {
  if (releasing.has(lock) || !existsSync(lock)) return false;
  try {
    const database = new Database(`${pathToFileURL(lock).href}?mode=ro`, { timeout: 0 });
    try {
      // not a prepared statement, which would hold its shared lock until it is collected
      database.exec('SELECT 1 FROM sqlite_schema');
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    return systemCode(error) === 'SQLITE_BUSY';
  }
}
