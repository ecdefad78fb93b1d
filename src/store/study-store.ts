import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { TunerError } from '../errors/index.js';
import { ensureDirectory, fileError, type Lock, syncDirectory } from '../files/index.js';
import type { ObjectiveStudyRecord, StateReference, StudyRecord } from '../study/index.js';
import { errors } from './errors.js';
import { createJournal, Journal } from './journal.js';
import type { JournalEntry } from './journal-entry.js';
import { layoutOf, partsOf, type StudyLayout } from './layout.js';
import { readJournal } from './read-journal.js';
import { readRequests, removeRequest, type Waiting, writeRequest } from './requests.js';
import { readState, States } from './states.js';
import { lockStudy, releaseStudy } from './study-lock.js';
import { studyNames } from './study-names.js';

/** Throws unless the record has the shape of its kind. */
type CheckRecord = (record: StudyRecord | ObjectiveStudyRecord) => void;

/**
 * One study on disk: its journal (`<root>/<study>/study.sqlite`) and its trials' checkpoints (`checkpoints/` beside it).
 * An instance is the study's only writer, in all processes, until it is closed or its process ends.
 */
export class StudyStore {
  readonly #study: string;
  readonly #journal: Journal;
  readonly #states: States;
  readonly #requests: string;
  readonly #check: CheckRecord;
  #lock: Lock | undefined;

  private constructor({ study, journal, checkpoints, requests }: StudyLayout, lock: Lock, check: CheckRecord) {
    this.#study = study;
    this.#journal = new Journal(journal);
    this.#states = new States(checkpoints);
    this.#requests = requests;
    this.#lock = lock;
    this.#check = check;
  }

  /**
   * A new study with an empty journal; `root` is created where missing. The study's folder appears whole or not at all.
   * @throws STORE_STUDY_EXISTS, STORE_STUDY_BUSY, STORE_BAD_NAME, STORE_DISK_FULL, FILES_…
   */
  static async create(root: string, study: string): Promise<StudyStore> {
    StudyStore.checkNew(root, study);
    const layout = layoutOf(root, study);
    await ensureDirectory(layout.root);
    return StudyStore.#locked(layout, async (lock) => {
      await removeUnbegun(layout);
      await makeFolder(layout);
      try {
        return await StudyStore.#openLocked(layout, lock);
      } catch (error) {
        await rm(layout.folder, { recursive: true, force: true }).catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * An existing study, to go on with it.
   * @throws STORE_STUDY_MISSING, STORE_STUDY_BUSY, STORE_NOT_A_JOURNAL, STORE_NEWER_FORMAT, STORE_JOURNAL_DAMAGED, FILES_…
   */
  static async open(root: string, study: string): Promise<StudyStore> {
    const layout = existing(root, study);
    return StudyStore.#locked(layout, async (lock) => {
      await ensureDirectory(layout.checkpoints);
      return StudyStore.#openLocked(layout, lock);
    });
  }

  static async #locked(layout: StudyLayout, use: (lock: Lock) => Promise<StudyStore>): Promise<StudyStore> {
    const lock = await lockStudy(layout);
    try {
      return await use(lock);
    } catch (error) {
      releaseStudy(lock);
      throw error;
    }
  }

  static async #openLocked(layout: StudyLayout, lock: Lock): Promise<StudyStore> {
    // loaded by writers only: the schemas take longer to load than a journal to read
    const { checkAnyRecord: checkRecord } = await import('./objective-schema.js');
    return new StudyStore(layout, lock, checkRecord);
  }

  /**
   * Throws what {@link create} would if the name is bad or taken, so that it is heard before long preparations. A study that
   * was killed before its first record is not taken.
   * @throws STORE_STUDY_EXISTS, STORE_BAD_NAME
   */
  static checkNew(root: string, study: string): void {
    const { folder, journal } = layoutOf(root, study);
    if (existsSync(folder) && !isUnbegun(journal)) throw errors.STORE_STUDY_EXISTS({ study, path: folder });
  }

  /**
   * A study's entries, for those who only look: without a lock, also while another process appends, and also in a folder
   * that cannot be written to. Empty in the moment before the first record.
   * @throws STORE_STUDY_MISSING, STORE_BAD_NAME, STORE_NOT_A_JOURNAL, STORE_NEWER_FORMAT, STORE_JOURNAL_DAMAGED, FILES_…
   */
  static read(root: string, study: string): JournalEntry[] {
    return readJournal(existing(root, study).journal);
  }

  /** As {@link readState}, for those who only look. A study that goes on deletes checkpoints that it needs no more. */
  static async readStateOf(root: string, study: string, reference: StateReference): Promise<SharedArrayBuffer> {
    return readState(existing(root, study).checkpoints, reference);
  }

  /**
   * Appends records: all of them or none, and they are on the disk when it returns.
   * @returns their entries; the records in them are what a reader will see
   * @throws STORE_RECORD_INVALID, STORE_DISK_FULL (the store can be used again once there is space), STORE_CLOSED, FILES_…
   */
  append<R extends StudyRecord | ObjectiveStudyRecord>(...records: R[]): JournalEntry<R>[] {
    this.#requireOpen();
    for (const record of records) this.#check(record);
    return this.#journal.append(records);
  }

  /** All entries, read from the disk. @throws STORE_JOURNAL_DAMAGED, STORE_CLOSED, FILES_… */
  entries(): JournalEntry[] {
    this.#requireOpen();
    return this.#journal.entries();
  }

  /**
   * Writes a trial's state as the checkpoint `name`, whole or not at all, and on the disk when it returns. A checkpoint of
   * that name is replaced. Not yet kept by {@link sweepStates}: that is for the journal to say.
   * @param bytes may be a view on shared memory; nobody may change them meanwhile
   * @throws STORE_DISK_FULL, STORE_BAD_STATE_NAME, STORE_CLOSED, FILES_…
   */
  async writeState(name: string, bytes: Uint8Array): Promise<StateReference> {
    this.#requireOpen();
    return this.#states.write(name, bytes);
  }

  /** @throws STORE_STATE_MISSING, STORE_STATE_DAMAGED (length or SHA-256 differ), STORE_CLOSED, FILES_… */
  async readState(reference: StateReference): Promise<SharedArrayBuffer> {
    this.#requireOpen();
    return this.#states.read(reference);
  }

  /**
   * Deletes every checkpoint whose name is not in `keep`, but for those being written just now, and what killed processes left.
   * @throws STORE_CLOSED, FILES_…
   */
  async sweepStates(keep: Pick<ReadonlySet<string>, 'has'>): Promise<void> {
    this.#requireOpen();
    await this.#states.sweep(keep);
  }

  /** Asks for a change of a study, whether somebody works on it or not. @throws STORE_STUDY_MISSING, STORE_DISK_FULL, FILES_… */
  static async request(root: string, study: string, request: unknown): Promise<void> {
    await writeRequest(existing(root, study).requests, request);
  }

  /** Requests that wait, in the order in which they were made. @throws STORE_CLOSED, FILES_… */
  async requests(): Promise<Waiting[]> {
    this.#requireOpen();
    return readRequests(this.#requests);
  }

  /** A request was journaled, or is not to be. */
  async settle({ name }: Waiting): Promise<void> {
    this.#requireOpen();
    await removeRequest(this.#requests, name);
  }

  /** Lets others work on the study. A second call does nothing. */
  close(): void {
    if (!this.#lock) return;
    this.#journal.close();
    releaseStudy(this.#lock);
    this.#lock = undefined;
  }

  #requireOpen(): void {
    if (!this.#lock) throw errors.STORE_CLOSED({ study: this.#study });
  }
}

function existing(root: string, study: string): StudyLayout {
  const layout = layoutOf(root, study);
  if (existsSync(layout.folder)) return layout;
  throw errors.STORE_STUDY_MISSING({ study, root: layout.root, known: studyNames(root) });
}

/** Whether a journal has no record: its process was killed between making the study and recording that it did. */
function isUnbegun(journal: string): boolean {
  try {
    return readJournal(journal).length === 0;
  } catch {
    return false;
  }
}

/** Under the study's lock. Nothing but what {@link makeFolder} made is removed. */
async function removeUnbegun({ study, folder, journal }: StudyLayout): Promise<void> {
  if (!existsSync(folder)) return;
  const ours = (await readdir(folder)).every((name) => name === 'checkpoints' || name.startsWith('study.sqlite'));
  if (!ours || !isUnbegun(journal)) throw errors.STORE_STUDY_EXISTS({ study, path: folder });
  await rm(folder, { recursive: true });
}

async function makeFolder({ root, folder, staging }: StudyLayout): Promise<void> {
  const { journal, checkpoints } = partsOf(staging);
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(checkpoints, { recursive: true });
    createJournal(journal);
    await syncDirectory(staging);
    await rename(staging, folder);
    await syncDirectory(root);
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof TunerError ? error : fileError('create', folder, error);
  }
}
