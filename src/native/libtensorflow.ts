import { createHash } from 'node:crypto';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { errors } from './errors.js';
import { homeLayout } from './home.js';
import { nativeVersions, wheel, wheelContents } from './versions.js';

/** A libtensorflow: where its files are, or will be once it is installed. */
export interface Libtensorflow {
  /** Names its contents: what is built against one is not used with another. */
  readonly key: string;
  readonly folder: string;
  /** Absolute paths, `libtensorflow_framework` before the library that needs it. */
  readonly libraries: readonly string[];
  readonly include: string;
  /** Given by the user in TFJS_TUNER_LIBTENSORFLOW rather than installed by us. */
  readonly own: boolean;
}

/** The first 16 hexadecimal digits of the SHA-256 of `parts`, written as JSON. */
export function contentKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * The libtensorflow to use: that of TFJS_TUNER_LIBTENSORFLOW, or the pinned wheel's in `home`, whether it is installed yet
 * or not.
 * @throws NATIVE_LIBTENSORFLOW_INVALID
 */
export async function chosenLibtensorflow(home: string): Promise<Libtensorflow> {
  const own = process.env.TFJS_TUNER_LIBTENSORFLOW;
  return own ? ownLibtensorflow(resolve(own)) : pinnedLibtensorflow(home);
}

function pinnedLibtensorflow(home: string): Libtensorflow {
  const variant = `${nativeVersions.libtensorflow}-cpu-linux-x64`;
  const key = `${variant}-${contentKey(wheel.sha256, wheelContents)}`;
  const folder = homeLayout.libtensorflow(home, key);
  const libraries = wheelContents.libraries.map((name) => join(folder, basename(name)));
  return { key, folder, libraries, include: join(folder, 'include'), own: false };
}

/** The two layouts that libtensorflow is published in: what names a folder has, relative to it. */
const layouts = [
  { name: 'a wheel', folder: '.', libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] },
  { name: 'a C distribution', folder: 'lib', libraries: ['libtensorflow_framework.so.2', 'libtensorflow.so.2'] },
] as const;

const neededHeaders = ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h'];

async function ownLibtensorflow(folder: string): Promise<Libtensorflow> {
  const fail = (looked: string) => errors.NATIVE_LIBTENSORFLOW_INVALID({ path: folder, looked });
  // the dynamic linker takes a colon as the end of a path, and has no way to write one
  if (folder.includes(':')) throw fail('there is a colon, which the dynamic linker cannot look behind');
  const include = join(folder, 'include');
  const missing: string[] = [];
  for (const layout of layouts) {
    const libraries = layout.libraries.map((name) => join(folder, layout.folder, name));
    const lacking = await absent([...libraries, ...neededHeaders.map((name) => join(include, name))]);
    if (lacking.length === 0) return { key: await identity(libraries), folder, libraries, include, own: true };
    missing.push(`${layout.name} would have ${lacking.map((path) => path.slice(folder.length + 1)).join(', ')}`);
  }
  throw fail(`${missing.join('; ')}, and there is no such file`);
}

async function absent(paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, i) => !there[i]);
}

/** Changes when another library is put in the same place, without reading a gigabyte to find out. */
async function identity(libraries: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    libraries.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return [path, await realpath(path), size, mtimeMs];
    }),
  );
  return `own-${contentKey(parts)}`;
}
