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
    if (needsWriting(error)) return readCopy(file);
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

/**
 * Whether SQLite would have to write first: set up its log beside the file, or complete what a killed process was about to do.
 * 1544 is SQLITE_READONLY_DIRECTORY, which libsql has no name for.
 */
function needsWriting(error: unknown): boolean {
  const code = systemCode(error instanceof Error ? error.cause : undefined);
  return code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_READONLY') || code === 'UNKNOWN_SQLITE_ERROR_1544';
}

/** In a copy, anything may be written. */
function readCopy(file: string): JournalEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-'));
  try {
    const copy = join(folder, basename(file));
    for (const suffix of ['', '-journal', '-wal'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    return readAt(copy, file);
  } catch (error) {
    throw error instanceof TunerError ? error : fileError('read', file, error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
