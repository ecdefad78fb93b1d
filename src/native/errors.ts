import { defineErrors } from '../errors/index.js';

const giveLibrary = 'point TFJS_TUNER_LIBTENSORFLOW at a libtensorflow for this machine';

export const errors = defineErrors({
  NATIVE_NODE_TOO_OLD: {
    kind: 'machine',
    message: ({ wanted, found }: { wanted: string; found: string }) =>
      `Node must be ${wanted} or newer, but this is ${found}.`,
    todo: ({ wanted }) => `Install Node ${wanted} or newer.`,
  },
  NATIVE_UNSUPPORTED_PLATFORM: {
    kind: 'machine',
    message: ({ platform, arch }: { platform: string; arch: string }) =>
      `libtensorflow is installed on Linux x64 only, but this is ${platform} ${arch}.`,
    todo: `Run on Linux x64 (a container will do), or on another Linux ${giveLibrary}.`,
  },
  NATIVE_UNSUPPORTED_LIBC: {
    kind: 'machine',
    message: ({ wanted, found }: { wanted: string; found: string }) =>
      `The C library must be glibc ${wanted} or newer, but this system has ${found}.`,
    todo: `Use a newer distribution (Debian 10, Ubuntu 18.04, RHEL 8 or later; not Alpine), or ${giveLibrary}.`,
  },
  NATIVE_NO_PYTHON: {
    kind: 'machine',
    message: ({ tried }: { tried: string }) =>
      `Python 3.6 or newer must be there to download libtensorflow, but none works (tried ${tried}).`,
    todo: `Install python3 with pip, or ${giveLibrary}.`,
  },
  NATIVE_NO_PIP: {
    kind: 'machine',
    message: ({ python, reason }: { python: string; reason: string }) =>
      `${python} must have pip to download libtensorflow, but "${python} -m pip --version" says: ${reason}.`,
    todo: `Install pip (Debian and Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip), or ${giveLibrary}.`,
  },
  NATIVE_NO_NPM: {
    kind: 'machine',
    message: ({ tried }: { tried: string }) =>
      `npm must be there to download tfjs-node, but none works (tried ${tried}).`,
    todo: 'Install npm, or put it on the PATH.',
  },
  NATIVE_NO_COMPILER: {
    kind: 'machine',
    message: ({ tried }: { tried: string }) =>
      `A C++17 compiler must be there to build the addons, but none works (tried ${tried}).`,
    todo: 'Install g++ or clang++ (Debian and Ubuntu: apt-get install g++), or name one in CXX.',
  },
  NATIVE_NO_NETWORK: {
    kind: 'machine',
    message: ({ what, by, reason }: { what: string; by: string; reason: string }) =>
      `The package registry must be reachable to download ${what}, but ${by} says: ${reason}.`,
    todo: ({ by }) =>
      `Check the network, the proxy and the certificates that ${by} is configured with, then try again.`,
  },
  NATIVE_NOT_IN_REGISTRY: {
    kind: 'machine',
    message: ({ what, by, reason }: { what: string; by: string; reason: string }) =>
      `The package registry must have ${what}, but ${by} says: ${reason}.`,
    todo: ({ by }) => `Check which registry or mirror ${by} is configured with, and whether it carries that version.`,
  },
  NATIVE_DOWNLOAD_FAILED: {
    kind: 'machine',
    message: ({ what, by, reason }: { what: string; by: string; reason: string }) =>
      `${by} must download ${what}, but it failed: ${reason}.`,
    todo: ({ what, by }) => `Find out what ${by} means by this, for example by letting it download ${what} by hand.`,
  },
  NATIVE_WRONG_CHECKSUM: {
    kind: 'machine',
    message: ({ what, wanted, found }: { what: string; wanted: string; found: string }) =>
      `${what} must have the checksum ${wanted}, but what was downloaded has ${found}.`,
    todo: 'Try again; if it persists, the mirror or proxy that is configured hands out a changed file, and must not be used.',
  },
  NATIVE_DISK_FULL: {
    kind: 'machine',
    message: ({ path, needed, free }: { path: string; needed: string; free: string }) =>
      `Installing libtensorflow needs ${needed} free at ${path}, but ${free} are.`,
    todo: 'Free space there, or set TFJS_TUNER_HOME to a folder on a larger disk.',
  },
  NATIVE_UNPACK_FAILED: {
    kind: 'machine',
    message: ({ what, reason }: { what: string; reason: string }) => `${what} must unpack, but: ${reason}.`,
    todo: 'Try again; if it persists, check the disk.',
  },
  NATIVE_COMPILE_FAILED: {
    kind: 'machine',
    message: ({ what, compiler, lines, log }: { what: string; compiler: string; lines: string; log: string }) =>
      `${what} must compile with ${compiler}, but it ended with:\n${lines}\n(all of its output: ${log})`,
    todo: 'Install a compiler with C++17 (g++ 8, clang++ 7 or newer) and its standard library, or name another in CXX.',
  },
  NATIVE_SOURCE_MISSING: {
    kind: 'machine',
    message: ({ path }: { path: string }) => `The addon's source must come with the package, but ${path} is missing.`,
    todo: 'Install the package again.',
  },
  NATIVE_LIBTENSORFLOW_INVALID: {
    kind: 'input',
    message: ({ path, looked }: { path: string; looked: string }) =>
      `TFJS_TUNER_LIBTENSORFLOW must name a wheel's tensorflow folder or a C distribution, but in "${path}" ${looked}.`,
    todo: 'Correct TFJS_TUNER_LIBTENSORFLOW, or unset it to have libtensorflow installed.',
  },
  NATIVE_NOT_INSTALLED: {
    kind: 'machine',
    message: ({ home }: { home: string }) =>
      `libtensorflow and the addons must be installed, but ${home} has none for this version.`,
    todo: 'Run "tfjs-tuner native install".',
  },
  NATIVE_LOAD_FAILED: {
    kind: 'machine',
    message: ({ path, reason }: { path: string; reason: string }) => `${path} must load, but: ${reason}.`,
    todo: 'Run "tfjs-tuner native doctor"; "tfjs-tuner native install --force" builds it anew for this machine.',
  },
  NATIVE_WRONG_RESULT: {
    kind: 'machine',
    message: ({ path }: { path: string }) =>
      `libtensorflow must multiply matrices exactly, but the one in ${path} does not.`,
    todo: 'Run "tfjs-tuner native install --force"; if it stays so, check the memory of this machine.',
  },
});
