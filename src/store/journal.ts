/** The journal as an SQLite database, for the one process that writes it. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { TunerError } from '../errors/index.js';
import { fileError, systemCode } from '../files/index.js';
import { journalFormat } from '../study/index.js';
import { errors } from './errors.js';
import { decode, encode, type JournalEntry, type JournalRow } from './journal-entry.js';

/** How long to wait for readers that hold the file for a moment, in milliseconds. */
const busyTimeoutMs = 5000;

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, record TEXT NOT NULL, checksum INTEGER NOT NULL
  );
  INSERT INTO meta VALUES ('product', 'tfjs-tuner'), ('format', '${journalFormat}');
`;

/** Makes the file of an empty journal; it must not exist. @throws STORE_DISK_FULL, FILES_… */
export function createJournal(file: string): void {
  const database = openDatabase(file, file);
  try {
    database.exec(`PRAGMA synchronous=FULL; BEGIN; ${schema} COMMIT`);
  } catch (error) {
    throw sqliteError('create', file, error);
  } finally {
    database.close();
  }
}

/** Opens a path or a `file:` address; `file` is for messages. */
export function openDatabase(address: string, file: string): Database.Database {
  try {
    return new Database(address, { timeout: busyTimeoutMs });
  } catch (error) {
    throw sqliteError('open', file, error);
  }
}

/** Throws unless there is a readable file. Not by opening it: closing any descriptor drops the process's POSIX locks on it. */
export function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
    if (!statSync(file).isFile()) throw errors.STORE_NOT_A_JOURNAL({ path: file, why: 'it is no file' });
  } catch (error) {
    if (error instanceof TunerError) throw error;
    if (systemCode(error) === 'ENOENT') throw errors.STORE_NOT_A_JOURNAL({ path: file, why: 'it is missing' });
    throw fileError('read', file, error);
  }
}

/** What SQLite refused, in words. */
function sqliteError(doing: string, file: string, error: unknown): Error {
  const code = systemCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  // the statements are right, so it is the tables that are not
  if (code === 'SQLITE_ERROR') {
    return errors.STORE_NOT_A_JOURNAL({ path: file, why: `its tables are others: ${reason}` }, error);
  }
  if (code === 'SQLITE_NOTADB')
    return errors.STORE_NOT_A_JOURNAL({ path: file, why: 'it is no SQLite database' }, error);
  if (code.startsWith('SQLITE_CORRUPT')) {
    return errors.STORE_JOURNAL_DAMAGED({ path: file, where: 'a page', why: `is damaged: ${reason}` }, error);
  }
  if (isDiskFull(code, reason, file)) return errors.STORE_DISK_FULL({ path: file, reason }, error);
  return fileError(doing, file, error);
}

/** A full disk is SQLITE_FULL, but "disk I/O error" when it is the shared-memory index that cannot grow. */
function isDiskFull(code: string, reason: string, file: string): boolean {
  if (code === 'SQLITE_FULL') return true;
  if (!reason.includes('disk I/O error')) return false;
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 1 << 16;
  } catch {
    return false;
  }
}

/** @throws STORE_NOT_A_JOURNAL, STORE_NEWER_FORMAT, STORE_JOURNAL_DAMAGED */
export function checkFormat(database: Database.Database, file: string): void {
  const found = guard(file, () => {
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE name IN ('meta', 'journal')`).all();
    if (tables.length < 2) return undefined;
    const rows = database.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
    return new Map(rows.map(({ key, value }) => [key, value]));
  });
  if (found?.get('product') !== 'tfjs-tuner') {
    throw errors.STORE_NOT_A_JOURNAL({ path: file, why: 'it is a database of something else' });
  }
  const format = found.get('format') ?? '';
  if (!/^[1-9]\d{0,8}$/.test(format)) {
    throw errors.STORE_JOURNAL_DAMAGED({ path: file, where: 'the format', why: `is ${JSON.stringify(format)}` });
  }
  if (Number(format) > journalFormat) throw errors.STORE_NEWER_FORMAT({ path: file, format, known: journalFormat });
}

/** Every entry, in order. @throws STORE_JOURNAL_DAMAGED, which names the first record that is not as it was written */
export function readEntries(database: Database.Database, file: string): JournalEntry[] {
  const rows = guard(file, () =>
    database.prepare('SELECT sequence, at, record, checksum FROM journal ORDER BY sequence').all(),
  ) as JournalRow[];
  return rows.map((row, sequence) => {
    const entry = decode(row, sequence);
    if (typeof entry !== 'string') return entry;
    throw errors.STORE_JOURNAL_DAMAGED({ path: file, where: `record ${sequence}`, why: entry });
  });
}

function guard<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw sqliteError('read', file, error);
  }
}

/** The one connection that appends. The caller holds the study's lock. */
export class Journal {
  readonly #database: Database.Database;
  readonly #file: string;
  readonly #insert: (rows: readonly JournalRow[]) => void;
  #length: number;

  /** @throws STORE_NOT_A_JOURNAL, STORE_NEWER_FORMAT, STORE_JOURNAL_DAMAGED, FILES_… */
  constructor(file: string) {
    this.#file = file;
    requireReadable(file);
    // unlike a plain path, this does not make an empty database of a missing one
    this.#database = openDatabase(`${pathToFileURL(file).href}?mode=rw`, file);
    try {
      checkFormat(this.#database, file);
      this.#length = readEntries(this.#database, file).length;
      this.#insert = guard(file, () => prepareInsert(this.#database));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  entries(): JournalEntry[] {
    return readEntries(this.#database, this.#file);
  }

  /**
   * All of them or none, on the disk when it returns. The records that come back are those that a reader will see, which
   * is the given ones as far as JSON can tell.
   */
  append<R>(records: readonly R[]): JournalEntry<R>[] {
    if (records.length === 0) return [];
    const at = new Date().toISOString();
    const rows = records.map((record, index) => encode({ sequence: this.#length + index, at, record }));
    try {
      this.#insert(rows);
    } catch (error) {
      throw sqliteError('append to', this.#file, error);
    }
    this.#length += rows.length;
    return rows.map(({ sequence, record }) => ({ sequence, at, record: JSON.parse(record) as R }));
  }

  /** Leaves one self-contained file, readable from a read-only disk, unless a reader is in the way just now. */
  close(): void {
    try {
      this.#database.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=DELETE');
    } catch {
      // the write-ahead log stays beside the file, with all that is in it
    }
    this.#database.close();
  }
}

function prepareInsert(database: Database.Database): (rows: readonly JournalRow[]) => void {
  // WAL: readers and the writer never wait for each other. FULL: a commit is on the disk when it returns.
  // The empty transaction takes the log's space for its index now, so that a disk that fills up later can still be read.
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE; COMMIT');
  const insert = database.prepare('INSERT INTO journal (sequence, at, record, checksum) VALUES (?, ?, ?, ?)');
  // libsql's own `transaction` hides why it failed when SQLite has rolled back already, as it does on a full disk
  return (rows) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const { sequence, at, record, checksum } of rows) insert.run(sequence, at, record, checksum);
      database.exec('COMMIT');
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
}
