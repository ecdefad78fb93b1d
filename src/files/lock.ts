import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import Database from 'libsql';
import { errors } from './errors.js';
import { fileError, systemCode } from './system-error.js';

/** A lock that is held until `release`, or until the process (or the worker thread that took it) ends in any way. */
export interface Lock {
  readonly path: string;
  /** Lets go. A second call does nothing. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for the holder to let go, in milliseconds; 0, the default, not at all, `Infinity` for ever. */
  waitMs?: number;
  /** Called once, before waiting begins, with a phrase for who holds the lock: `process 123 on host (since …)`. */
  onWait?: (holder: string) => void;
  /** Ends the waiting; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}

const firstPauseMs = 20;
const longestPauseMs = 500;

/** A connection that nothing refers to may be collected, and its lock with it. */
const held = new Set<Database.Database>();

/**
 * Takes the exclusive lock named by the file `path` (created when missing, never removed, and never to be opened by
 * anything else). It excludes other processes on the machine as well as other threads and calls in this process.
 *
 * The lock is SQLite's own on an empty database: the kernel drops it when the holder dies, even by SIGKILL, so no lock is
 * ever stale. Node has no call for such locks, and a file of one's own with a process id in it goes stale and races.
 * @throws FILES_LOCKED when another holds it after `waitMs`; FILES_READ_ONLY, FILES_NO_FOLDER, FILES_FAILED
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const file = resolve(path);
  const deadline = performance.now() + (options.waitMs ?? 0);
  const database = await openDatabase(file);
  try {
    await take(database, file, deadline, options);
  } catch (error) {
    database.close();
    throw error;
  }
  held.add(database);
  await writeHolder(file);
  return {
    path: file,
    async release() {
      if (!held.delete(database)) return;
      // before the lock goes, lest it removes the next holder's note
      await rm(noteOf(file), { force: true }).catch(() => undefined);
      database.close();
    },
  };
}

async function openDatabase(file: string): Promise<Database.Database> {
  try {
    return new Database(file, { timeout: 0 });
  } catch (error) {
    throw fileError('lock', file, await reasonOf(file, error));
  }
}

/**
 * SQLite has one code for a missing folder, a forbidden and a read-only one; the plain call tells them apart. Only once
 * SQLite has failed: closing any descriptor of a file drops the process's POSIX locks on it.
 */
async function reasonOf(file: string, error: unknown): Promise<unknown> {
  try {
    await (await open(file, 'a')).close();
    return error;
  } catch (plain) {
    return plain;
  }
}

async function take(database: Database.Database, file: string, deadline: number, options: LockOptions): Promise<void> {
  let pauseMs = firstPauseMs;
  for (let attempt = 0; !tryBegin(database, file); attempt += 1) {
    const leftMs = deadline - performance.now();
    const holder = leftMs <= 0 || attempt === 0 ? await readHolder(file) : '';
    if (leftMs <= 0) throw errors.FILES_LOCKED({ path: file, holder });
    if (attempt === 0) options.onWait?.(holder);
    // of random length, so that two that disturb each other do not do so again
    await pause(Math.min(pauseMs * (0.5 + Math.random()), leftMs), options.signal);
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

function tryBegin(database: Database.Database, file: string): boolean {
  try {
    // the journal in memory: otherwise an empty journal file stays beside the lock
    // Not locking_mode=EXCLUSIVE: a connection in it keeps the shared lock of a failed attempt, and two that wait with one
    // each wait for ever.
    database.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (systemCode(error) === 'SQLITE_BUSY') return false;
    throw fileError('lock', file, error);
  }
}

const noteOf = (file: string) => `${file}.holder`;

async function writeHolder(file: string): Promise<void> {
  const since = new Date().toISOString();
  const thread = threadId === 0 ? '' : `, thread ${threadId}`;
  // For messages only: a failure to write it must not cost the lock.
  await writeFile(noteOf(file), `process ${process.pid}${thread} on ${hostname()} (since ${since})\n`).catch(
    () => undefined,
  );
}

async function readHolder(file: string): Promise<string> {
  const note = await readFile(noteOf(file), 'utf8').catch(() => '');
  return note.split('\n')[0] || 'another process';
}
