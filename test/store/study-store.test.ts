import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalEntry, StudyStore } from '../../src/store/index.js';
import type { StateReference, StudyRecord } from '../../src/study/index.js';
import { simulateStudy } from '../report/simulated-study.js';
import { codeOf, compileStore, incident, makeRoot } from './support.js';

const records = simulateStudy();
const recordsOf = (entries: readonly JournalEntry[]) => entries.map(({ record }) => record);
const bytes = new Uint8Array([1, 2, 3]);

describe('a study’s journal', () => {
  it('gives back what was appended, in order, also after it is closed and opened', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    const appended = [
      ...store.append(...records.slice(0, 5)),
      ...store.append(records[5]!),
      ...store.append(...records.slice(6)),
    ];
    expect(appended.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index));
    for (const { at } of appended) expect(new Date(at).toISOString()).toBe(at);
    expect(recordsOf(appended)).toEqual(records);
    expect(store.entries()).toEqual(appended);
    expect(StudyStore.read(root, 'a')).toEqual(appended);
    store.close();
    expect(StudyStore.read(root, 'a')).toEqual(appended);
    const reopened = await StudyStore.open(root, 'a');
    expect(reopened.entries()).toEqual(appended);
    const [last] = reopened.append({ kind: 'interrupted', by: 'signal' });
    expect(last!.sequence).toBe(records.length);
    reopened.close();
  });

  it('keeps every number and text to the last bit', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
    );
    const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(name, value, { noNullPrototype: true }), { maxLength: 3 }),
        async (all) => {
          const given = all.map(
            (hyperparameters, trial): StudyRecord => ({ kind: 'proposed', trial, hyperparameters }),
          );
          const before = store.entries().length;
          const appended = recordsOf(store.append(...given));
          expect(recordsOf(StudyStore.read(root, 'a')).slice(before)).toEqual(appended);
          expect(JSON.stringify(appended)).toBe(JSON.stringify(given));
        },
      ),
      { numRuns: 60 },
    );
    store.close();
  });

  it('takes all records of a call or none', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    store.append(records[0]!);
    const bad = { kind: 'ended', reason: 'boredom' } as unknown as StudyRecord;
    expect(await codeOf(() => store.append(records[1]!, bad, records[2]!))).toBe('STORE_RECORD_INVALID');
    expect(recordsOf(store.append(records[1]!))).toEqual([records[1]]);
    expect(recordsOf(store.entries())).toEqual(records.slice(0, 2));
    expect(store.append()).toEqual([]);
    store.close();
  });

  it('leaves one file when it is closed', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    store.append(...records);
    store.close();
    expect(readdirSync(join(root, 'a')).sort()).toEqual(['checkpoints', 'study.sqlite']);
  });
});

describe('the name of a study', () => {
  it.each(['a', '7', 'mnist-pbt', 'A.b_c-9', `${'x'.repeat(100)}`])('may be %s', async (name) => {
    const root = makeRoot();
    (await StudyStore.create(root, name)).close();
    expect(readdirSync(root).sort()).toEqual(['.locks', name]);
  });

  it.each(['', '.', '..', '.a', '-a', '_a', 'a/b', 'a\\b', '../a', 'a b', 'ä', 'a\0', 'x'.repeat(101), undefined])(
    'may not be %j',
    async (name) => {
      const root = makeRoot();
      expect(await codeOf(() => StudyStore.create(root, name as string))).toBe('STORE_BAD_NAME');
      expect(await codeOf(() => StudyStore.open(root, name as string))).toBe('STORE_BAD_NAME');
      expect(await codeOf(() => StudyStore.read(root, name as string))).toBe('STORE_BAD_NAME');
      expect(readdirSync(root)).toEqual([]);
    },
  );
});

describe('a new study', () => {
  it('does not take the place of another', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    store.append(records[0]!);
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    store.close();
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    expect(await codeOf(() => StudyStore.checkNew(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    expect(await codeOf(() => StudyStore.checkNew(root, 'b'))).toBe('fine');
    expect(recordsOf(StudyStore.read(root, 'a'))).toEqual([records[0]]);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'mine')],
    [
      'a folder of something else',
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, 'notes.txt'), 'mine');
      },
    ],
    ['an empty folder', (path: string) => mkdirSync(path)],
  ])('does not take the place of %s', async (_, make) => {
    const root = makeRoot();
    make(join(root, 'a'));
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    expect(readdirSync(root)).toEqual(['a']);
  });

  it('takes the place of one that was killed before its first record, but of nothing beside it', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'a')).close();
    expect(await codeOf(() => StudyStore.checkNew(root, 'a'))).toBe('fine');
    (await StudyStore.create(root, 'a')).close();
    writeFileSync(join(root, 'a', 'notes.txt'), 'mine');
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    expect(existsSync(join(root, 'a', 'notes.txt'))).toBe(true);
  });

  it('of which a killed process left half is made anew', async () => {
    const root = makeRoot();
    mkdirSync(join(root, '.a.new', 'checkpoints'), { recursive: true });
    writeFileSync(join(root, '.a.new', 'study.sqlite'), 'half');
    (await StudyStore.create(root, 'a')).close();
    expect(readdirSync(root).sort()).toEqual(['.locks', 'a']);
  });

  it('is made once when two want it at the same time', async () => {
    const root = makeRoot();
    const both = await Promise.allSettled([StudyStore.create(root, 'a'), StudyStore.create(root, 'a')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const result of both) {
      if (result.status === 'fulfilled') result.value.close();
      else expect(result.reason).toMatchObject({ code: 'STORE_STUDY_BUSY' });
    }
  });

  it('needs a folder to be in, and makes it where there is none', async () => {
    const root = makeRoot();
    (await StudyStore.create(join(root, 'deep/er'), 'a')).close();
    writeFileSync(join(root, 'file'), '');
    expect(await codeOf(() => StudyStore.create(join(root, 'file'), 'a'))).toBe('FILES_NO_FOLDER');
  });

  it.skipIf(process.getuid?.() === 0)('leaves nothing where it may not write (root may write everywhere)', async () => {
    const root = makeRoot();
    chmodSync(root, 0o555);
    expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('FILES_READ_ONLY');
    chmodSync(root, 0o755);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a study that is missing', () => {
  it('is named, with the nearest there is', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'mnist-pbt')).close();
    const error = await StudyStore.open(root, 'mnist-ptb').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'STORE_STUDY_MISSING',
      message: expect.stringContaining('Did you mean "mnist-pbt"?'),
    });
    expect(await codeOf(() => StudyStore.read(root, 'b'))).toBe('STORE_STUDY_MISSING');
    expect(await codeOf(() => StudyStore.read(join(root, 'none'), 'b'))).toBe('STORE_STUDY_MISSING');
    expect(existsSync(join(root, 'none'))).toBe(false);
  });

  it('is not the same as one without its journal', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'a')).close();
    rmSync(join(root, 'a', 'study.sqlite'));
    expect(await codeOf(() => StudyStore.read(root, 'a'))).toBe('STORE_NOT_A_JOURNAL');
    expect(await codeOf(() => StudyStore.open(root, 'a'))).toBe('STORE_NOT_A_JOURNAL');
    expect(readdirSync(join(root, 'a'))).toEqual(['checkpoints']);
  });
});

/** Another process that has a study open until it is told to end. */
async function occupy(root: string, study: string): Promise<ChildProcess> {
  const { folder } = compileStore();
  const program = `
    import { StudyStore } from ${JSON.stringify(`${folder}/src/store/index.js`)};
    await StudyStore.open(${JSON.stringify(root)}, ${JSON.stringify(study)});
    console.log('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}

describe('operations by the state of the store', () => {
  const reference: StateReference = {
    file: 's.state',
    bytes: 3,
    sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
  };
  const operations: Record<string, (store: StudyStore, root: string) => unknown> = {
    append: (store) => store.append(incident(1)),
    entries: (store) => store.entries(),
    writeState: (store) => store.writeState('s.state', bytes),
    readState: (store) => store.readState(reference),
    sweepStates: (store) => store.sweepStates(new Set(['s.state'])),
    close: (store) => store.close(),
    'StudyStore.read': (_, root) => StudyStore.read(root, 'a'),
    'StudyStore.readStateOf': (_, root) => StudyStore.readStateOf(root, 'a', reference),
    'StudyStore.open': async (_, root) => (await StudyStore.open(root, 'a')).close(),
    'StudyStore.create': async (_, root) => (await StudyStore.create(root, 'a')).close(),
  };
  const states: Record<string, { make: (root: string) => Promise<StudyStore>; expected: Record<string, string> }> = {
    created: {
      make: async (root) => {
        const store = await StudyStore.create(root, 'a');
        store.append(records[0]!);
        await store.writeState('s.state', bytes);
        return store;
      },
      expected: { 'StudyStore.open': 'STORE_STUDY_BUSY', 'StudyStore.create': 'STORE_STUDY_EXISTS' },
    },
    opened: {
      make: async (root) => {
        (await states.created!.make(root)).close();
        return StudyStore.open(root, 'a');
      },
      expected: { 'StudyStore.open': 'STORE_STUDY_BUSY', 'StudyStore.create': 'STORE_STUDY_EXISTS' },
    },
    closed: {
      make: async (root) => {
        const store = await states.created!.make(root);
        store.close();
        return store;
      },
      expected: {
        append: 'STORE_CLOSED',
        entries: 'STORE_CLOSED',
        writeState: 'STORE_CLOSED',
        readState: 'STORE_CLOSED',
        sweepStates: 'STORE_CLOSED',
        'StudyStore.create': 'STORE_STUDY_EXISTS',
      },
    },
  };
  const table = Object.keys(states).flatMap((state) =>
    Object.keys(operations).map((operation) => ({ state, operation })),
  );

  it.each(table)('$operation when $state', async ({ state, operation }) => {
    const root = makeRoot();
    const store = await states[state]!.make(root);
    const expected = states[state]!.expected[operation] ?? 'fine';
    expect(await codeOf(() => operations[operation]!(store, root))).toBe(expected);
    store.close();
  });

  it('reads, but does not write, while another process has the study; and writes once that is killed', async () => {
    const root = makeRoot();
    (await states.created!.make(root)).close();
    const child = await occupy(root, 'a');
    try {
      const error = await StudyStore.open(root, 'a').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'STORE_STUDY_BUSY',
        message: expect.stringContaining(`process ${child.pid}`),
      });
      expect(StudyStore.read(root, 'a')).toHaveLength(1);
      expect(await codeOf(() => StudyStore.readStateOf(root, 'a', reference))).toBe('fine');
      expect(await codeOf(() => StudyStore.create(root, 'a'))).toBe('STORE_STUDY_EXISTS');
    } finally {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
    const store = await StudyStore.open(root, 'a');
    expect(store.append(incident(2))[0]!.sequence).toBe(1);
    store.close();
  });

  it('lets other studies of the folder be worked on', async () => {
    const root = makeRoot();
    const [a, b] = await Promise.all([StudyStore.create(root, 'a'), StudyStore.create(root, 'b')]);
    a.append(incident(1));
    b.append(incident(2));
    expect(recordsOf(StudyStore.read(root, 'a'))).toEqual([incident(1)]);
    expect(recordsOf(StudyStore.read(root, 'b'))).toEqual([incident(2)]);
    a.close();
    b.close();
  });
});
