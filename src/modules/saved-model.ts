/** Reads a model that was saved as files: a `model.json` with its weights beside it, as tfjs and the Keras converter write them. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errors } from './errors.js';

/** What the files say; nothing of it is checked but that it can be read. */
export interface SavedModelFiles {
  /** Absolute. */
  readonly path: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** All weights' files, one after another, in the manifest's order; empty where it names none. */
  readonly weightData: Uint8Array<ArrayBuffer>;
  /** SHA-256 over all files' bytes, hex. */
  readonly sha256: string;
}

/** Whether a model is named by files instead of by a module. */
export function isSavedModel(path: string): boolean {
  return path.toLowerCase().endsWith('.json');
}

/** The `model.json` of a folder that has one, else the path itself. */
export function savedModelIn(path: string): string {
  const inside = join(path, 'model.json');
  return existsSync(path) && statSync(path).isDirectory() && existsSync(inside) ? inside : path;
}

/** @throws MODULES_MISSING, MODULES_SAVED_MODEL_UNREADABLE */
export async function readSavedModel(given: string): Promise<SavedModelFiles> {
  const path = resolve(given);
  if (!existsSync(path)) throw errors.MODULES_MISSING({ path });
  const text = await readBytes(path, path);
  const json = parse(path, text);
  const hash = createHash('sha256').update(text);
  const parts: Uint8Array[] = [];
  for (const name of weightFiles(path, json)) {
    const part = await readBytes(path, join(dirname(path), name));
    hash.update(part);
    parts.push(part);
  }
  const weightData = new Uint8Array(Buffer.concat(parts));
  return { path, json, weightData, sha256: hash.digest('hex') };
}

function parse(path: string, text: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text).toString('utf8'));
  } catch (error) {
    throw errors.MODULES_SAVED_MODEL_UNREADABLE({ path, problem: `it is no JSON: ${messageOf(error)}` }, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as never;
  throw errors.MODULES_SAVED_MODEL_UNREADABLE({ path, problem: 'it is no JSON object' });
}

/** Names beside the `model.json`. */
function weightFiles(path: string, { weightsManifest = [] }: { readonly weightsManifest?: unknown }): string[] {
  const groups = Array.isArray(weightsManifest) ? weightsManifest : [undefined];
  const names = groups.flatMap((group: { readonly paths?: unknown } | undefined) => group?.paths ?? [undefined]);
  for (const name of names) {
    if (typeof name === 'string' && !/[\\/]|^\.\.?$/.test(name)) continue;
    const problem = `its weightsManifest must name files that lie beside it, not ${JSON.stringify(name)}`;
    throw errors.MODULES_SAVED_MODEL_UNREADABLE({ path, problem });
  }
  return names as string[];
}

async function readBytes(model: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw errors.MODULES_SAVED_MODEL_UNREADABLE({ path: model, problem: messageOf(error) }, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
