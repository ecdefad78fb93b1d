/** Runs the command line and other programs, as a person would. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const commandLine = join(root, 'dist/src/cli/main.js');

/** Where housing.csv, tinyshakespeare.txt and MNIST's files are. */
export const dataDirectory = process.env.TFJS_TUNER_DATA ?? join(root, '../shared/data');

if (!existsSync(commandLine)) {
  console.error('dist/ is missing, which these scripts run: npm install && npm run build');
  process.exit(2);
}

/** A folder that is gone once the process ends. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-target-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a program, with its standard error shown; resolves to its standard output.
 *
 * @param input what it reads on standard input
 * @param allowed exit codes that are no failure
 */
export function output(program, words, { input, env, allowed = [0] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (allowed.includes(code)) resolve(Buffer.concat(parts).toString('utf8'));
      else reject(new Error(`${program} ${words.join(' ')} ended with ${signal ?? code}`));
    });
    // a program that ends without reading is judged by its exit code
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** What `tfjs-tuner … --json` prints: objects, one a line. */
async function tuner(...words) {
  const text = await output(process.execPath, [commandLine, ...words, '--json']);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Runs a sweep from process start to process end; the study's summary and the seconds that all of it took. */
export async function timedSweep(sweep, directory = scratchFolder()) {
  console.log(`running ${sweep} …`);
  const started = performance.now();
  const lines = await tuner('run', join(root, sweep), '--dir', directory, '--data-dir', dataDirectory);
  return { summary: lines.at(-1), seconds: (performance.now() - started) / 1000 };
}

/** The rows of a benchmark, which ends with 1 where a target of its own is missed. */
export async function benchmark(script, ...words) {
  const text = await output(process.execPath, [`bench/${script}`, ...words, '--json'], { allowed: [0, 1] });
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}
