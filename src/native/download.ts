import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../files/index.js';
import { type Ended, lastLine, run } from './child-process.js';
import { errors } from './errors.js';
import type { Tool } from './tools.js';
import { type PinnedPackage, wheel } from './versions.js';

const watchMs = 250;

/** What package managers say when the registry cannot be reached. */
const network =
  /ConnectionError|NewConnectionError|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|SSLError|SSLCertVerification|CERTIFICATE_VERIFY_FAILED|Max retries exceeded|name resolution|Name or service not known|Network is unreachable|No route to host|Connection (?:refused|reset|aborted|broken)|IncompleteRead|\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EPROTO|ENOTCACHED|CERT_\w+|\w+_CERTIFICATE|\w+_SIGNATURE|\w+_CERT_\w+)\b/;
const absent =
  /No matching (?:distribution|version) found|Could not find a version|\b(?:E404|ETARGET)\b|404 Client Error/;
const diskFull = /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/;

/** A package manager's line without what it wraps around the reason: its name, its plans, the name of a class. */
function essence(line: string): string {
  const [, reason] = /\breason: (.*)$/.exec(line) ?? [];
  const [, broken] = /^WARNING: Retrying .* after connection broken by (.*)$/.exec(line) ?? [];
  const [, plain] = /\b(?:Failed to establish a new connection|Caused by \w+): ([^'"]+)/.exec(broken ?? '') ?? [];
  const text = reason ?? plain ?? broken ?? line.replace(/^(?:ERROR: |npm (?:error|ERR!) (?:[a-z\d]+ (?=[A-Z]))?)/, '');
  return text.trim().replace(/\.$/, '');
}

/** The error for a package manager that did not end well, in the words of the line that tells the reason. */
function downloadError(what: string, by: string, folder: string, ended: Ended) {
  const text = `${ended.stderr}\n${ended.stdout}`;
  const saying = (pattern: RegExp) => {
    const lines = text.split('\n').filter((line) => pattern.test(line));
    const line = lines.find((text) => /\breason: /.test(text)) ?? lines.at(-1);
    return line === undefined ? undefined : essence(line);
  };
  if (diskFull.test(text))
    return fileError(`download ${what} to`, folder, Object.assign(new Error(saying(diskFull)), { code: 'ENOSPC' }));
  // before `absent`: pip that reaches nothing warns of the network, then says that there is no such version
  const unreached = saying(network);
  if (unreached !== undefined) return errors.NATIVE_NO_NETWORK({ what, by, reason: unreached });
  const missing = saying(absent);
  if (missing !== undefined) return errors.NATIVE_NOT_IN_REGISTRY({ what, by, reason: missing });
  return errors.NATIVE_DOWNLOAD_FAILED({ what, by, reason: lastLine(ended) });
}

/**
 * Has pip download the pinned wheel into `folder`, from the index that the user configured. Gives the file's path; its
 * checksum is still to be verified.
 * @param onBytes told now and then how many bytes have arrived
 * @throws NATIVE_NO_NETWORK, NATIVE_NOT_IN_REGISTRY, NATIVE_DOWNLOAD_FAILED, FILES_DISK_FULL
 */
export async function downloadWheel(
  pip: Tool,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const temporary = join(folder, 'pip');
  await mkdir(temporary, { recursive: true });
  const [program, ...first] = pip.command;
  // pip's own cache would keep the 274 MB for ever
  const options = ['--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  // it only warns of a network that fails when it is to try again
  const retries = ['--retries', '3'];
  const which = ['--only-binary', ':all:', '--python-version', wheel.pythonVersion, '--platform', wheel.platform];
  const watch = watchBytes(temporary, onBytes);
  const ended = await run(
    program,
    [...first, 'download', ...options, ...retries, ...which, '-d', folder, wheel.requirement],
    {
      // pip's own temporary folder: counted, removed with ours, and on the disk whose space was checked
      environment: { TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: undefined, PIP_CONSTRAINT: undefined },
      folder,
      signal,
    },
  ).finally(() => clearInterval(watch));
  if (ended.status !== 0) throw downloadError(wheel.requirement, 'pip', folder, ended);
  return onlyFile(folder, '.whl', wheel.requirement, 'pip', ended);
}

/** pip prints its progress in a form to be read only since 24.1; the growing file tells it for all. */
function watchBytes(folder: string, onBytes: (bytes: number) => void): NodeJS.Timeout {
  const look = async () => {
    let bytes = 0;
    for (const name of await readdir(folder, { recursive: true })) {
      const found = await stat(join(folder, name));
      if (found.isFile()) bytes += found.size;
    }
    if (bytes > 0) onBytes(bytes);
  };
  // files come and go while we look
  return setInterval(() => void look().catch(() => undefined), watchMs);
}

/**
 * Has npm download a pinned package into `folder` (made for it) without running any of its scripts, from the registry that
 * the user configured. Gives the file's path; its checksum is still to be verified.
 * @throws NATIVE_NO_NETWORK, NATIVE_NOT_IN_REGISTRY, NATIVE_DOWNLOAD_FAILED, FILES_DISK_FULL
 */
export async function downloadPackage(
  npm: Tool,
  { name, version }: PinnedPackage,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [program, ...first] = npm.command;
  const what = `${name}@${version}`;
  // npm would wait 10 and then 60 s before it tries again; the package is small, and somebody waits
  const retries = ['--fetch-retry-mintimeout', '1000', '--fetch-retry-maxtimeout', '4000'];
  const args = ['pack', what, '--ignore-scripts', '--loglevel', 'error', '--pack-destination', folder, ...retries];
  // in the current folder, whose .npmrc may name a registry
  const ended = await run(program, [...first, ...args], { signal, environment: { npm_config_dry_run: undefined } });
  if (ended.status !== 0) throw downloadError(what, 'npm', folder, ended);
  return onlyFile(folder, '.tgz', what, 'npm', ended);
}

async function onlyFile(folder: string, ending: string, what: string, by: string, ended: Ended): Promise<string> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith(ending));
  if (file !== undefined) return join(folder, file);
  throw errors.NATIVE_DOWNLOAD_FAILED({ what, by, reason: `it left no ${ending} file and says: ${lastLine(ended)}` });
}
