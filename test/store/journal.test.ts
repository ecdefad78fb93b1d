import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { describe, expect, it, vi } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import { foldRecords, journalFormat } from '../../src/study/index.js';
import { simulateStudy } from '../report/simulated-study.js';
import { codeOf, makeRoot } from './support.js';

const records = simulateStudy();

async function makeJournal(root: string): Promise<string> {
  const store = await StudyStore.create(root, 'a');
  store.append(...records);
  store.close();
  return join(root, 'a', 'study.sqlite');
}

function edit(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

describe('a damaged journal', () => {
  it.each([
    [
      'a changed digit',
      `UPDATE journal SET record = replace(record, '"trial":3', '"trial":4') WHERE sequence = 5`,
      /record 5 of .* does not match its checksum/,
    ],
    [
      'a changed time',
      `UPDATE journal SET at = '2020-01-01' WHERE sequence = 7`,
      /record 7 of .* does not match its checksum/,
    ],
    [
      'a lost record',
      'DELETE FROM journal WHERE sequence = 9',
      /record 9 of .* is missing \(the next one has number 10\)/,
    ],
    ['a lost first record', 'DELETE FROM journal WHERE sequence = 0', /record 0 of .* is missing/],
    [
      'two swapped records',
      'UPDATE journal SET sequence = -1 WHERE sequence = 3; UPDATE journal SET sequence = 3 WHERE sequence = 4; UPDATE journal SET sequence = 4 WHERE sequence = -1',
      /record 3 of .* does not match/,
    ],
    ['a record of nothing', `UPDATE journal SET record = '' WHERE sequence = 2`, /record 2 of .* does not match/],
  ])('with %s is refused, and the place is named', async (_, sql, expected) => {
    const root = makeRoot();
    edit(await makeJournal(root), sql);
    for (const attempt of [() => StudyStore.read(root, 'a'), () => StudyStore.open(root, 'a')]) {
      const error = await (async (): Promise<unknown> => attempt())().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'STORE_JOURNAL_DAMAGED',
        kind: 'study',
        message: expect.stringMatching(expected),
      });
    }
    // and nobody has the lock
    edit(join(root, 'a', 'study.sqlite'), 'DELETE FROM journal');
    (await StudyStore.open(root, 'a')).close();
  });

  it('whose last records are missing is a prefix, as if they had never been written', async () => {
    const root = makeRoot();
    edit(await makeJournal(root), 'DELETE FROM journal WHERE sequence >= 20');
    expect(StudyStore.read(root, 'a').map(({ record }) => record)).toEqual(records.slice(0, 20));
  });

  it('with a record of an unknown kind is refused', async () => {
    const root = makeRoot();
    const file = await makeJournal(root);
    const { encode } = await import('../../src/store/journal-entry.js');
    const record = { kind: 'dreamt' } as never;
    const { sequence, at, record: text, checksum } = encode({ sequence: records.length, at: '', record });
    edit(file, `INSERT INTO journal VALUES (${sequence}, '${at}', '${text}', ${checksum})`);
    expect(() => StudyStore.read(root, 'a')).toThrow(/record 64 of .* has the unknown kind "dreamt"/);
  });

  it.each([
    ['is empty', (file: string) => truncateSync(file, 0), 'STORE_NOT_A_JOURNAL'],
    ['is no database', (file: string) => writeFileSync(file, 'text '.repeat(1000)), 'STORE_NOT_A_JOURNAL'],
    [
      'is another database',
      (file: string) => edit(file, 'DROP TABLE meta; CREATE TABLE meta (a)'),
      'STORE_NOT_A_JOURNAL',
    ],
    [
      'is another program’s',
      (file: string) => edit(file, `UPDATE meta SET value = 'x' WHERE key = 'product'`),
      'STORE_NOT_A_JOURNAL',
    ],
    ['has no format', (file: string) => edit(file, `DELETE FROM meta WHERE key = 'format'`), 'STORE_JOURNAL_DAMAGED'],
    ['is cut short', (file: string) => truncateSync(file, 9000), 'STORE_JOURNAL_DAMAGED'],
  ])('that %s is refused', async (_, damage, code) => {
    const root = makeRoot();
    const file = await makeJournal(root);
    damage(file);
    expect(await codeOf(() => StudyStore.read(root, 'a'))).toBe(code);
    expect(await codeOf(() => StudyStore.open(root, 'a'))).toBe(code);
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
  });

  it('with a damaged page is refused', async () => {
    const root = makeRoot();
    const file = await makeJournal(root);
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 4096, bytes.length - 2048);
    writeFileSync(file, bytes);
    expect(await codeOf(() => StudyStore.read(root, 'a'))).toBe('STORE_JOURNAL_DAMAGED');
  });

  it('of a newer format is refused, and nothing in it is changed', async () => {
    const root = makeRoot();
    const file = await makeJournal(root);
    edit(file, `UPDATE meta SET value = '${journalFormat + 1}' WHERE key = 'format'`);
    const before = readFileSync(file);
    expect(await codeOf(() => StudyStore.read(root, 'a'))).toBe('STORE_NEWER_FORMAT');
    expect(await codeOf(() => StudyStore.open(root, 'a'))).toBe('STORE_NEWER_FORMAT');
    expect(readFileSync(file)).toEqual(before);
  });
});

const fixtures = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');

describe('a journal of a released format', () => {
  // a fixture is never made again once its format is released: MAKE_FIXTURE=1 npx vitest run test/store/journal.test.ts
  it.runIf(process.env.MAKE_FIXTURE)(`is kept: format ${journalFormat}`, async () => {
    const root = makeRoot();
    const strategy = {
      kind: 'pbt',
      population: 3,
      interval: 50,
      quantile: 0.3,
      resample: 0.5,
      factors: [0.5, 2],
      burnIn: 0,
    } as const;
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23), toFake: ['Date'] });
    const store = await StudyStore.create(root, 'a');
    for (const record of simulateStudy({ strategy, steps: 120, divergesAbove: 0.1 })) {
      vi.advanceTimersByTime(1500);
      store.append(record);
    }
    vi.useRealTimers();
    store.append({ kind: 'failed', trial: 0, generation: 3, attempts: 3, code: 'WORKER_LOST', message: 'killed' });
    store.append({ kind: 'incident', trial: 1, generation: 3, attempt: 1, code: 'WORKER_LOST', message: 'killed' });
    store.append({ kind: 'interrupted', by: 'SIGINT' });
    const entries = store.entries();
    store.close();
    mkdirSync(fixtures, { recursive: true });
    copyFileSync(join(root, 'a', 'study.sqlite'), join(fixtures, `format-${journalFormat}.sqlite`));
    writeFileSync(join(fixtures, `format-${journalFormat}.json`), `${JSON.stringify(entries, undefined, 1)}\n`);
  });

  it.each(Array.from({ length: journalFormat }, (_, index) => index + 1))(
    '%i is read and gone on with',
    async (format) => {
      const root = makeRoot();
      mkdirSync(join(root, 'a'));
      copyFileSync(join(fixtures, `format-${format}.sqlite`), join(root, 'a', 'study.sqlite'));
      const expected = JSON.parse(readFileSync(join(fixtures, `format-${format}.json`), 'utf8'));
      expect(StudyStore.read(root, 'a')).toEqual(expected);
      const store = await StudyStore.open(root, 'a');
      expect(store.entries()).toEqual(expected);
      store.append({ kind: 'started', workers: 1, backend: 'cpu', resumed: true });
      expect(store.entries()).toHaveLength(expected.length + 1);
      store.close();
      expect(existsSync(join(root, 'a', 'checkpoints'))).toBe(true);
    },
  );

  it('has every kind of record in its fixture', () => {
    const entries = JSON.parse(readFileSync(join(fixtures, `format-${journalFormat}.json`), 'utf8'));
    const kinds = new Set(entries.map(({ record }: { record: { kind: string } }) => record.kind));
    expect([...kinds].sort()).toEqual([
      'created',
      'decided',
      'ended',
      'failed',
      'incident',
      'interrupted',
      'proposed',
      'segment',
      'started',
    ]);
    const played = entries.map(({ record }: { record: never }) => record).slice(0, -3);
    expect(foldRecords(played).ended).toBe('budget');
  });
});
