import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import { summary } from '../report/recorded.js';
import { simulateStudy } from '../report/simulated-study.js';
import { compileCli } from './support.js';

/** Tells events until it is interrupted; with the sweep `deaf` it does not listen. */
const compiled = compileCli(`
  export async function tune(sweep, { onEvent, signal }) {
    const summary = ${JSON.stringify(summary)};
    return new Promise((resolve) => {
      const timer = setInterval(() => onEvent({ type: 'notice', code: 'TICK', message: 'tick '.repeat(50) }), 2);
      signal.addEventListener('abort', () => {
        if (sweep === 'deaf') return;
        clearInterval(timer);
        const interrupted = { ...summary, status: 'interrupted' };
        onEvent({ type: 'summary', ...interrupted });
        resolve(interrupted);
      });
    });
  }`);
afterAll(() => compiled.remove());

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tfjs tuner main '));
  for (const study of ['a', 'b']) {
    const store = await StudyStore.create(root, study);
    store.append(...simulateStudy());
    store.close();
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function start(words: readonly string[]): ChildProcess & { printed: () => { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, [compiled.main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  return Object.assign(child, { printed: () => printed });
}

const firstOutput = (child: ChildProcess) => new Promise((resolve) => child.stdout!.once('data', resolve));
const end = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );

describe('the program', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves a study on %s, says how to go on, and exits with 130',
    async (signal) => {
      const child = start(['run', 'a.yaml', '--json']);
      await firstOutput(child);
      child.kill(signal);
      expect(await end(child)).toEqual({ code: 130, signal: null });
      const { stdout, stderr } = child.printed();
      expect(stderr).toContain('interrupting');
      expect(stderr).toContain('go on with it: tfjs-tuner resume mnist-pbt\n');
      expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
        type: 'summary',
        status: 'interrupted',
      });
    },
  );

  it('exits at once when it is told twice', async () => {
    const child = start(['run', 'deaf', '--json']);
    await firstOutput(child);
    child.kill('SIGINT');
    await new Promise((resolve) => child.stderr!.once('data', resolve));
    child.kill('SIGINT');
    expect(await end(child)).toEqual({ code: 130, signal: null });
  });

  it('leaves a study when nobody reads any more', async () => {
    const child = start(['run', 'a.yaml', '--json']);
    await firstOutput(child);
    child.stdout!.destroy();
    expect(await end(child)).toEqual({ code: 130, signal: null });
    expect(child.printed().stderr).not.toContain('EPIPE');
  });

  it('ends quietly when nobody reads what it shows', async () => {
    const command = `"${process.execPath}" "${compiled.main}" show a --json --dir "${root}" | true; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has no colours where NO_COLOR is set or the output is no terminal', () => {
    for (const env of [{ NO_COLOR: '1' }, {}]) {
      const { stdout, stderr } = spawnSync(process.execPath, [compiled.main, 'show', 'c', '--dir', root], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error STORE_STUDY_MISSING: /);
    }
  });

  it('starts without loading the tuner, the engine, native code of TensorFlow or data sets', () => {
    const program = `
      import { runCli } from ${JSON.stringify(join(compiled.folder, 'src/cli/index.js'))};
      const out = { write: () => true, on() {}, off() {} };
      const io = { stdout: out, stderr: out, loadTuner: () => { throw new Error('loaded'); } };
      const codes = [];
      for (const words of [['--help'], ['list', '--dir', ${JSON.stringify(root)}], ['show', 'a', '--dir', ${JSON.stringify(root)}]]) {
        codes.push(await runCli(words, io));
      }
      console.log(JSON.stringify(codes));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    // neither src/native nor src/data is there to be loaded
    expect({ stdout, stderr }).toEqual({ stdout: '[0,0,0]\n', stderr: '' });
  });
});
