import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import type { StudyRecord } from '../../src/study/index.js';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of studies that is removed after the test; its path has a space, a percent sign and a question mark in it. */
export function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'tfjs tuner 100%? '));
  folders.push(root);
  return root;
}

let compiled: CompiledSource | undefined;
afterAll(() => compiled?.remove());

/** The store and what it imports, for child processes; there until the file's last test has ended. */
export function compileStore(): CompiledSource {
  compiled ??= compileSource(['errors', 'random', 'files', 'space', 'samplers', 'schedulers', 'study', 'store']);
  return compiled;
}

/** The code of the {@link TunerError} that is thrown, or what else happened. */
export async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'fine';
  } catch (error) {
    return error instanceof TunerError ? error.code : String(error);
  }
}

/** The n-th of a sequence of records that differ in length; the text has all kinds of characters in it. */
export function incident(n: number): StudyRecord {
  const message = `“${n}” \u0000\n😀`.repeat((n * 7919) % 40);
  return { kind: 'incident', trial: n, generation: n % 10, attempt: 1, code: 'WORKER_LOST', message };
}
