import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import { compileStore, incident, makeRoot } from './support.js';

describe('reading', () => {
  it('sees a prefix of what another process is writing, and holds it up in nothing', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'a')).close();
    const { folder } = compileStore();
    const program = `
      import { StudyStore } from ${JSON.stringify(`${folder}/src/store/index.js`)};
      const store = await StudyStore.open(${JSON.stringify(root)}, 'a');
      console.log('open');
      for (let trial = 0; trial < 400; trial++) {
        store.append({ kind: 'incident', trial, generation: 0, attempt: 1, code: 'A', message: 'x'.repeat(trial) });
      }
      store.close();`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let status: number | null | undefined;
    const ended = new Promise<void>((resolve) => {
      writer.once('close', (code) => {
        status = code;
        resolve();
      });
    });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    const counts: number[] = [];
    while (status === undefined) {
      const entries = StudyStore.read(root, 'a');
      counts.push(entries.length);
      for (const [index, { record }] of entries.entries()) {
        expect(record).toMatchObject({ trial: index, message: 'x'.repeat(index) });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect(status).toBe(0);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(StudyStore.read(root, 'a')).toHaveLength(400);
    expect(new Set(counts).size).toBeGreaterThan(2);
  });

  /** Folders as a writer leaves them: at work, killed, killed and copied without the shared-memory file, and closed. */
  async function makeStudies(root: string): Promise<string[]> {
    const store = await StudyStore.create(root, 'working');
    store.append(incident(1), incident(2));
    cpSync(join(root, 'working'), join(root, 'killed'), { recursive: true });
    cpSync(join(root, 'working'), join(root, 'copied'), { recursive: true });
    rmSync(join(root, 'copied', 'study.sqlite-shm'));
    expect(readdirSync(join(root, 'copied'))).toContain('study.sqlite-wal');
    const closed = await StudyStore.create(root, 'closed');
    closed.append(incident(1), incident(2));
    closed.close();
    return ['working', 'killed', 'copied', 'closed'];
  }

  function forbidWriting(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) forbidWriting(join(folder, entry.name));
      else chmodSync(join(folder, entry.name), 0o444);
    }
    chmodSync(folder, 0o555);
  }

  it('needs no permission to write', async () => {
    const root = makeRoot();
    const names = await makeStudies(root);
    for (const name of names) forbidWriting(join(root, name));
    const { folder } = compileStore();
    const program = `
      import { StudyStore, listStudies } from ${JSON.stringify(`${folder}/src/store/index.js`)};
      // permissions mean nothing to root
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      const root = ${JSON.stringify(root)};
      const read = ${JSON.stringify(names)}.map((name) => StudyStore.read(root, name).map(({ record }) => record.trial));
      console.log(JSON.stringify({ read, listed: listStudies(root).map(({ study }) => study) }));`;
    for (const path of [root, folder]) chmodSync(path, 0o755);
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    for (const name of names) chmodSync(join(root, name), 0o755);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).read).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(JSON.parse(stdout).listed).toEqual(names.toSorted());
  });

  it('sees what was there before a change that a killed process had begun', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    const records = Array.from({ length: 300 }, (_, n) => incident(n));
    store.append(...records);
    store.close();
    const { folder } = compileStore();
    // a tiny cache makes SQLite write its changes, and the journal to take them back, before the transaction ends
    const program = `
      import Database from 'libsql';
      const database = new Database(${JSON.stringify(join(root, 'a/study.sqlite'))});
      database.exec("PRAGMA cache_size=2; BEGIN; UPDATE journal SET at = at || 'x', record = record || '  '");
      process.kill(process.pid, 'SIGKILL');`;
    writeFileSync(join(folder, 'program.mjs'), program);
    expect(spawnSync(process.execPath, [join(folder, 'program.mjs')]).signal).toBe('SIGKILL');
    expect(readdirSync(join(root, 'a'))).toContain('study.sqlite-journal');
    expect(StudyStore.read(root, 'a').map(({ record }) => record)).toEqual(records);
    expect(readdirSync(join(root, 'a'))).toContain('study.sqlite-journal');
    const reopened = await StudyStore.open(root, 'a');
    expect(reopened.entries().map(({ record }) => record)).toEqual(records);
    reopened.close();
  });

  it('changes nothing in the folder of a closed study', async () => {
    const root = makeRoot();
    const store = await StudyStore.create(root, 'a');
    store.append(incident(1));
    store.close();
    StudyStore.read(root, 'a');
    expect(readdirSync(join(root, 'a')).sort()).toEqual(['checkpoints', 'study.sqlite']);
  });

  it('does not make a study out of a folder', () => {
    const root = makeRoot();
    mkdirSync(join(root, 'a'));
    expect(() => StudyStore.read(root, 'a')).toThrow(expect.objectContaining({ code: 'STORE_NOT_A_JOURNAL' }));
    mkdirSync(join(root, 'a', 'study.sqlite'));
    expect(() => StudyStore.read(root, 'a')).toThrow(expect.objectContaining({ name: 'TunerError' }));
    expect(readdirSync(join(root, 'a'))).toEqual(['study.sqlite']);
  });
});
