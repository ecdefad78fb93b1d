import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCode } from '../files/index.js';
import { errors } from './errors.js';

const relativeFolder = join('src', 'native', 'addon');

/** The companion addon's sources. */
export interface AddonSource {
  folder: string;
  /** The file to compile; others are headers of it. */
  main: string;
  /** Names and contents of all of them, sorted by name. */
  files: ReadonlyArray<readonly [name: string, text: string]>;
}

/**
 * Finds the companion addon's sources in this package, from the sources and from the compiled files alike: both lie
 * somewhere below the package's folder.
 * @throws NATIVE_SOURCE_MISSING
 */
export async function addonSource(): Promise<AddonSource> {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let place = start; ; place = dirname(place)) {
    const folder = join(place, relativeFolder);
    try {
      const names = (await readdir(folder)).filter((name) => /\.(?:cc|h)$/.test(name)).sort();
      if (!names.includes('segment.cc')) throw errors.NATIVE_SOURCE_MISSING({ path: join(folder, 'segment.cc') });
      const files = await Promise.all(
        names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
      );
      return { folder, main: join(folder, 'segment.cc'), files };
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error))) throw error;
      if (dirname(place) === place) throw errors.NATIVE_SOURCE_MISSING({ path: relativeFolder }, error);
    }
  }
}
