import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TunerError } from '../errors/index.js';
import { fileError, systemCode } from '../files/index.js';
import { checkFormat, openDatabase, readEntries, requireReadable } from './journal.js';
import type { JournalEntry } from './journal-entry.js';

/**
 * A journal's entries, for those who only look: without a lock, also while another process appends, and also where nothing
 * can be written.
 * @throws STORE_NOT_A_JOURNAL, STORE_NEWER_FORMAT, STORE_JOURNAL_DAMAGED, FILES_…
 */
export function readJournal(file: string): JournalEntry[] {
  requireReadable(file);
  try {
    return readAt(`${pathToFileURL(file).href}?mode=ro`, file);
  } catch (error) {
    if (isReadOnlyFolder(error)) return readCopy(file);
    throw error;
  }
}

function readAt(address: string, file: string): JournalEntry[] {
  const database = openDatabase(address, file);
  try {
    checkFormat(database, file);
    return readEntries(database, file);
  } finally {
    database.close();
  }
}

/** SQLITE_READONLY_DIRECTORY, which libsql has no name for, or SQLITE_CANTOPEN: a log has to be set up beside the file. */
function isReadOnlyFolder(error: unknown): boolean {
  const code = systemCode(error instanceof Error ? error.cause : undefined);
  return code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY' || code === 'UNKNOWN_SQLITE_ERROR_1544';
}

/** The write-ahead log of a killed process can only be replayed where files can be made. */
function readCopy(file: string): JournalEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-'));
  try {
    const copy = join(folder, basename(file));
    for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    return readAt(copy, file);
  } catch (error) {
    throw error instanceof TunerError ? error : fileError('read', file, error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
