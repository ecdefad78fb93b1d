import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor, install, locate, type NativePaths } from '../../src/native/index.js';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

/**
 * The real thing: from the registries that pip and npm are configured with, into empty homes, in processes of their own.
 * Takes about a minute, and 2 GB of disk.
 */
let source: CompiledSource;
let folder: string;
let home: string;
const before = { home: process.env.TFJS_TUNER_HOME, own: process.env.TFJS_TUNER_LIBTENSORFLOW };
beforeAll(() => {
  source = compileSource(['errors', 'files', 'native']);
  folder = mkdtempSync(join(tmpdir(), 'install '));
  home = join(folder, 'a home, with spaces');
  process.env.TFJS_TUNER_HOME = home;
});
afterAll(() => {
  for (const [name, value] of [
    ['TFJS_TUNER_HOME', before.home],
    ['TFJS_TUNER_LIBTENSORFLOW', before.own],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  source.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Installer {
  child: ChildProcess;
  /** `part phase` of each report, as they come. */
  phases: string[];
  /** The paths printed at the end, or an error's code. */
  result: Promise<NativePaths | string>;
}

/** Starts a process that installs into the home. `onPhase` hears of each report. */
function installer(onPhase: (phase: string, child: ChildProcess) => void = () => undefined): Installer {
  const script = `const { install } = await import(${JSON.stringify(join(source.folder, 'src/native/index.js'))});
    const onProgress = (event) => console.log(JSON.stringify({ event }));
    await install({ onProgress }).then(
      (paths) => console.log(JSON.stringify({ paths })),
      (error) => console.log(JSON.stringify({ code: error.code ?? error.stack, message: error.message })));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const phases: string[] = [];
  const result = new Promise<NativePaths | string>((done) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const { event, paths, code, message } = JSON.parse(line);
      if (event !== undefined) {
        phases.push(`${event.part} ${event.phase}`);
        onPhase(phases.at(-1)!, child);
      } else done(paths ?? `${code}: ${message}`);
    });
    child.once('exit', (_, signal) => done(`ended by ${signal}`));
  });
  return { child, phases, result };
}

/** Every file below the home with its time of change, to tell whether anything was touched. */
const listing = () =>
  readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('install.lock'))
    .map((name) => `${name} ${statSync(join(home, name)).mtimeMs}`)
    .sort();

describe('install', () => {
  it('starts over after it is killed in the middle, leaving nothing half done', async () => {
    const killed = installer((phase, child) => {
      if (phase === 'libtensorflow unpack') child.kill('SIGKILL');
    });
    expect(await killed.result).toBe('ended by SIGKILL');
    expect(killed.phases).toContain('libtensorflow verify');
    expect(await locate()).toBeUndefined();
    expect(existsSync(join(home, 'staging'))).toBe(true);
  });

  it('installs once when two processes want it at once', async () => {
    const both = [installer(), installer()];
    const [first, second] = await Promise.all(both.map(({ result }) => result));
    expect(first).toMatchObject({ libtensorflow: expect.stringContaining(home) });
    expect(second).toEqual(first);
    expect(await locate()).toEqual(first);
    const downloads = both.map(({ phases }) => phases.includes('libtensorflow download'));
    expect(downloads.sort()).toEqual([false, true]);
    const waits = both.map(({ phases }) => phases[0] === 'install wait');
    expect(waits.sort()).toEqual([false, true]);
    for (const { phases } of both) expect(phases).toContain('segment-addon done');
    expect(readdirSync(home).sort()).toEqual(['install.lock', 'libtensorflow', 'segment-addon', 'tfjs-node']);
  });

  it('does nothing when all is there', async () => {
    const before = listing();
    const start = performance.now();
    const phases: string[] = [];
    await install({ onProgress: ({ part, phase }) => phases.push(`${part} ${phase}`) });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(phases).toEqual(['libtensorflow done', 'tfjs-node done', 'segment-addon done']);
    expect(listing()).toEqual(before);
  });

  it('makes only the part that is damaged, which takes no download', async () => {
    const paths = (await locate())!;
    writeFileSync(paths.segmentAddon, '');
    expect(await locate()).toBeUndefined();
    const phases: string[] = [];
    expect(await install({ onProgress: ({ part, phase }) => phases.push(`${part} ${phase}`) })).toEqual(paths);
    expect(phases).toEqual(['segment-addon compile', 'segment-addon done']);
    expect(await locate()).toEqual(paths);
  });

  it('ends when it is told to, in the middle of a compilation too, and leaves nothing behind', async () => {
    rmSync((await locate())!.segmentAddon);
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = () => controller.abort(reason);
    await expect(install({ onProgress, signal: controller.signal })).rejects.toBe(reason);
    expect(await locate()).toBeUndefined();
    expect(readdirSync(home)).not.toContain('staging');
    await install();
  });

  it('builds on a libtensorflow that is there, and says when what it built does not load', async () => {
    const { libtensorflow } = (await locate())!;
    process.env.TFJS_TUNER_LIBTENSORFLOW = libtensorflow;
    process.env.TFJS_TUNER_HOME = join(folder, 'another home');
    const paths = await install();
    expect(paths.libtensorflow).toBe(libtensorflow);
    expect(readdirSync(process.env.TFJS_TUNER_HOME)).not.toContain('libtensorflow');
    expect(paths.tfjsBinding).toContain('another home');

    // as many bytes as before, so that only loading can tell
    const file = openSync(paths.segmentAddon, 'r+');
    writeSync(file, Buffer.alloc(64, 'x'), 0, 64, 0);
    closeSync(file);
    const { ok, rows } = await doctor();
    expect(ok).toBe(false);
    expect(rows.at(-1)).toMatchObject({ what: 'loading', ok: false, found: expect.stringContaining('segment.node') });
  });
});
