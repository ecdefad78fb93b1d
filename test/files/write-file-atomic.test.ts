import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/files/index.js';
import { type CompiledSource, compileSource } from './compiled-source.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write atomic '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('leaves exactly the bytes given, whatever was there, from private and shared memory alike', async () => {
    const path = join(folder, 'file');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(64), fc.boolean(), async (bytes, offset, shared) => {
        const buffer = shared
          ? new SharedArrayBuffer(offset + bytes.length + 7)
          : new ArrayBuffer(offset + bytes.length + 7);
        const view = new Uint8Array(buffer, offset, bytes.length);
        view.set(bytes);
        await writeFileAtomic(path, view);
        expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
        expect(readdirSync(folder)).toEqual(['file']);
      }),
      { numRuns: 60 },
    );
  });

  it('copies shared memory of more than one chunk, and of no whole number of chunks', async () => {
    const view = new Uint8Array(new SharedArrayBuffer(2 * (1 << 20) + 12345));
    for (let i = 0; i < view.length; i += 1) view[i] = (i * 2654435761) >>> 24;
    await writeFileAtomic(join(folder, 'file'), view);
    expect(Buffer.compare(readFileSync(join(folder, 'file')), Buffer.from(view))).toBe(0);
  });

  it('writes pieces one after another, each before the next is made, and nothing if one cannot be', async () => {
    const memory = new Uint8Array(3);
    function* pieces(most: number) {
      for (let i = 0; i < most; i++) yield memory.fill(i);
      if (most > 4) throw new Error('no more');
    }
    await writeFileAtomic(join(folder, 'file'), pieces(3));
    expect([...readFileSync(join(folder, 'file'))]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    await expect(writeFileAtomic(join(folder, 'file'), pieces(5))).rejects.toThrow('no more');
    expect(readFileSync(join(folder, 'file')).length).toBe(9);
  });

  it('writes strings as UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        await writeFileAtomic(join(folder, 'file'), text);
        expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('gives readers and concurrent writers only whole contents', async () => {
    const path = join(folder, 'file');
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(200_000));
    await writeFileAtomic(path, contents[0]!);
    const seen = new Set<string>();
    let writing = true;
    const writes = Promise.all(contents.map((text) => writeFileAtomic(path, text))).finally(() => {
      writing = false;
    });
    while (writing) {
      seen.add(readFileSync(path, 'utf8'));
      await new Promise((next) => setImmediate(next));
    }
    await writes;
    for (const text of seen) expect(contents.includes(text)).toBe(true);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('leaves nothing behind and the old file alone when it fails', async () => {
    const path = join(folder, 'in the way');
    mkdirSync(path);
    writeFileSync(join(path, 'old'), 'old');
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject({ code: expect.stringMatching(/^FILES_/) });
    expect(readdirSync(folder)).toEqual(['in the way']);
    expect(readFileSync(join(path, 'old'), 'utf8')).toBe('old');
  });

  it('names the path when its folder is missing or is a file', async () => {
    const missing = join(folder, 'nowhere', 'file');
    await expect(writeFileAtomic(missing, '')).rejects.toMatchObject({
      code: 'FILES_NO_FOLDER',
      kind: 'input',
      message: expect.stringContaining(missing),
    });
    writeFileSync(join(folder, 'plain'), '');
    await expect(writeFileAtomic(join(folder, 'plain', 'file'), '')).rejects.toMatchObject({ code: 'FILES_NO_FOLDER' });
  });
});

/** Whether this machine lets us mount file systems of our own, in a namespace that ends with the command. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0;

describe('writeFileAtomic on a disk that refuses', () => {
  let source: CompiledSource;
  beforeAll(() => {
    source = compileSource(['errors', 'files']);
    // a child of another user has to be able to read it
    chmodSync(source.folder, 0o755);
  });
  afterAll(() => source.remove());

  /** Runs a write in a child, in `shell` words that end with `"$@"`; gives what it printed. */
  function writeInChild(
    shell: string,
    path: string,
    bytes: number,
  ): { code: string; message: string; files: string[] } {
    const script = `
      import { readdirSync } from 'node:fs';
      import { dirname } from 'node:path';
      const { writeFileAtomic } = await import(process.argv[1]);
      const { code, message } = await writeFileAtomic(process.argv[2], new Uint8Array(Number(process.argv[3]))).then(
        () => ({ code: 'none', message: '' }), (error) => error);
      console.log(JSON.stringify({ code, message, files: readdirSync(dirname(process.argv[2])) }));`;
    const args = ['--input-type=module', '-e', script, join(source.folder, 'src/files/index.js'), path, String(bytes)];
    return JSON.parse(execFileSync('sh', ['-c', shell, 'sh', process.execPath, ...args], { encoding: 'utf8' }));
  }

  it.skipIf(!mayMount)(
    'says that the disk is full, and leaves no half file (skipped where nothing can be mounted)',
    () => {
      const mount = `unshare -rm sh -c 'mount -t tmpfs -o size=64k none "${folder}" && echo old > "${folder}/file" && exec "$@"' sh "$@"`;
      const result = writeInChild(mount, join(folder, 'file'), 1 << 20);
      expect(result).toMatchObject({ code: 'FILES_DISK_FULL', files: ['file'] });
      expect(result.message).toContain(join(folder, 'file'));
    },
  );

  it.skipIf(!mayMount)('says that the disk is read-only (skipped where nothing can be mounted)', () => {
    const mount = `unshare -rm sh -c 'mount -t tmpfs -o ro none "${folder}" && exec "$@"' sh "$@"`;
    expect(writeInChild(mount, join(folder, 'file'), 1)).toMatchObject({ code: 'FILES_READ_ONLY', files: [] });
  });

  it('says that it is not permitted', () => {
    chmodSync(folder, 0o555);
    // root may write anywhere, so a root's child gives that up
    const drop =
      process.getuid?.() === 0 ? 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' : 'exec "$@"';
    const result = writeInChild(drop, join(folder, 'file'), 1);
    expect(result).toMatchObject({ code: 'FILES_READ_ONLY', files: [] });
    expect(result.message).toContain(join(folder, 'file'));
  });
});
