import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/files/index.js';
import { type CompiledSource, compileSource } from './compiled-source.js';

let source: CompiledSource;
let folder: string;
let path: string;
beforeAll(() => {
  source = compileSource(['errors', 'files']);
});
afterAll(() => source.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock '));
  path = join(folder, 'the lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const module = () => JSON.stringify(join(source.folder, 'src/files/index.js'));

/** A child process that runs `body` with `acquireLock` and `path` in scope. */
function child(body: string): ChildProcess {
  const script = `const { acquireLock } = await import(${module()}); const path = ${JSON.stringify(path)}; ${body}`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** A child process that holds the lock until its standard input ends, or it is killed. */
async function holdingChild(): Promise<ChildProcess> {
  const holder = child(`const lock = await acquireLock(path); console.log('held'); process.stdin.resume();
    process.stdin.on('end', async () => { await lock.release(); process.exit(); });`);
  await once(holder.stdout!, 'data');
  return holder;
}

describe('acquireLock', () => {
  it('excludes a second holder in the same process until the first lets go', async () => {
    const first = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({
      code: 'FILES_LOCKED',
      kind: 'input',
      message: expect.stringMatching(new RegExp(`the lock .*process ${process.pid}\\b`)),
    });
    await first.release();
    const second = await acquireLock(path);
    await first.release();
    await expect(acquireLock(path)).rejects.toMatchObject({ code: 'FILES_LOCKED' });
    await second.release();
    await second.release();
    expect(existsSync(`${path}.holder`)).toBe(false);
  });

  it('does not mix up different locks', async () => {
    const locks = await Promise.all([acquireLock(path), acquireLock(`${path} 2`)]);
    for (const lock of locks) await lock.release();
  });

  it('excludes another process, and says which', async () => {
    const holder = await holdingChild();
    await expect(acquireLock(path)).rejects.toMatchObject({
      code: 'FILES_LOCKED',
      message: expect.stringContaining(`process ${holder.pid} `),
    });
    holder.stdin!.end();
    await once(holder, 'exit');
    await (await acquireLock(path)).release();
  });

  it('is free as soon as its holder is killed, though its note stays', async () => {
    const holder = await holdingChild();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(readFileSync(`${path}.holder`, 'utf8')).toContain(`process ${holder.pid} `);
    const lock = await acquireLock(path);
    expect(readFileSync(`${path}.holder`, 'utf8')).toContain(`process ${process.pid} `);
    await lock.release();
  });

  it('passes to a waiting process when the holder is killed', async () => {
    const holder = await holdingChild();
    const waits: string[] = [];
    const waiting = acquireLock(path, {
      waitMs: Number.POSITIVE_INFINITY,
      onWait: (who) => {
        waits.push(who);
        holder.kill('SIGKILL');
      },
    });
    await (await waiting).release();
    expect(waits).toEqual([expect.stringContaining(`process ${holder.pid} `)]);
  });

  it('excludes worker threads, and is free when a thread that holds it is terminated', async () => {
    const script = `const { parentPort } = require('node:worker_threads');
      import(${module()}).then(({ acquireLock }) => acquireLock(${JSON.stringify(path)})).then(
        (lock) => { globalThis.lock = lock; parentPort.postMessage('held'); setInterval(() => {}, 1000); },
        (error) => parentPort.postMessage(error.code));`;
    const mine = await acquireLock(path);
    const refused = new Worker(script, { eval: true });
    expect((await once(refused, 'message'))[0]).toBe('FILES_LOCKED');
    await refused.terminate();
    await mine.release();

    const holder = new Worker(script, { eval: true });
    expect((await once(holder, 'message'))[0]).toBe('held');
    await expect(acquireLock(path)).rejects.toMatchObject({ message: expect.stringContaining('thread') });
    await holder.terminate();
    await (await acquireLock(path, { waitMs: 5000 })).release();
  });

  it('gives up after waitMs, not before', async () => {
    const lock = await acquireLock(path);
    const start = performance.now();
    await expect(acquireLock(path, { waitMs: 150 })).rejects.toMatchObject({ code: 'FILES_LOCKED' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(149);
    await lock.release();
  });

  it('stops waiting when its signal says so, with the reason of the signal', async () => {
    const lock = await acquireLock(path);
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = {
      waitMs: Number.POSITIVE_INFINITY,
      onWait: () => controller.abort(reason),
      signal: controller.signal,
    };
    await expect(acquireLock(path, options)).rejects.toBe(reason);
    await lock.release();
    await (await acquireLock(path)).release();
  });

  it('lets no two processes into what it guards', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const [processes, rounds] = [4, 15];
    const body = `import('node:fs').then(async ({ readFileSync, writeFileSync }) => {
      for (let i = 0; i < ${rounds}; i += 1) {
        const lock = await acquireLock(path, { waitMs: Infinity });
        const count = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
        await new Promise((next) => setImmediate(next));
        writeFileSync(${JSON.stringify(counter)}, String(count + 1));
        await lock.release();
      }
    });`;
    const children = Array.from({ length: processes }, () => child(body));
    const ends = await Promise.all(children.map((one) => once(one, 'exit')));
    expect(ends.map(([status]) => status)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe(String(processes * rounds));
  });

  it('says what is wrong with the path', async () => {
    await expect(acquireLock(join(folder, 'nowhere', 'lock'))).rejects.toMatchObject({ code: 'FILES_NO_FOLDER' });
    await expect(acquireLock(folder)).rejects.toMatchObject({ code: 'FILES_NO_FOLDER' });
    writeFileSync(path, 'this is a text, and by no means an SQLite database of any kind. '.repeat(50));
    await expect(acquireLock(path)).rejects.toMatchObject({
      code: 'FILES_FAILED',
      message: expect.stringContaining(path),
    });
  });
});
