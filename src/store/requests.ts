/**
 * Changes that somebody asks of a study: one JSON file each in the study's folder. Whoever works on the study takes them up at its
 * next decision, and journals them; until then they wait, also while nobody works on it.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDirectory, fileError, systemCode, writeFileAtomic } from '../files/index.js';

/** A request that waits. */
export interface Waiting {
  /** File name within the folder. */
  readonly name: string;
  /** What was written; `undefined` if it cannot be read as JSON. */
  readonly request: unknown;
}

/** Names sort by time; two of one moment by chance. */
export async function writeRequest(folder: string, request: unknown): Promise<void> {
  await ensureDirectory(folder);
  const name = `${String(Date.now()).padStart(14, '0')}-${randomUUID()}.json`;
  await writeFileAtomic(join(folder, name), JSON.stringify(request));
}

/** In the order in which they were written. */
export async function readRequests(folder: string): Promise<Waiting[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError('read', folder, error);
  }
  const wanted = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(wanted.map(async (name) => ({ name, request: await readJson(join(folder, name)) })));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

export async function removeRequest(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
}
