import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { savedModelIn } from '../modules/index.js';
import { errors } from './errors.js';

/** `native-models/` of this package, compiled: two folders above this one, as `dist/src/tuner` is laid out. */
function builtInFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = resolve(here, '../..');
  const compiled = join(root, 'native-models');
  return import.meta.url.endsWith('.ts') ? join(root, 'dist/native-models') : compiled;
}

/** Names of the models that ship, sorted. */
export function listModels(): string[] {
  const folder = builtInFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'model.js')))
    .sort();
}

/**
 * The file of a model: the module of one that ships, by name; or, by absolute path, a module, a `model.json` or the folder that has
 * one. Error: TUNER_UNKNOWN_MODEL.
 */
export function findModel(reference: string): string {
  const isPath = isAbsolute(reference);
  const path = isPath ? savedModelIn(reference) : join(builtInFolder(), reference, 'model.js');
  if (!existsSync(path) || statSync(path).isDirectory())
    throw errors.TUNER_UNKNOWN_MODEL({ reference, path, known: listModels(), isPath });
  return path;
}
