import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A folder of programs made for a test, an empty home beside it, and the environment that makes the product use them. */
export interface FakeTools {
  folder: string;
  home: string;
  /** Writes a shell script `name` onto the PATH. */
  add(name: string, script: string): string;
  /** Puts the environment back, and removes the folders. */
  remove(): void;
}

const changed = ['PATH', 'TFJS_TUNER_HOME', 'TFJS_TUNER_LIBTENSORFLOW', 'CXX', 'XDG_CACHE_HOME', 'TMPDIR'];

/**
 * From here to `remove`, the PATH has only what the test adds and the folders given, and the home folder is a new one.
 * Scripts find the shell by its path, and other programs through `/usr/bin:/bin`, which they are given.
 */
export function fakeTools(keep: readonly string[] = []): FakeTools {
  const before = Object.fromEntries(changed.map((name) => [name, process.env[name]]));
  const folder = mkdtempSync(join(tmpdir(), 'fake tools '));
  const programs = join(folder, 'programs');
  const home = join(folder, 'home of, the user');
  mkdirSync(programs);
  for (const name of changed) if (name !== 'TMPDIR') delete process.env[name];
  process.env.PATH = [programs, ...keep].join(delimiter);
  process.env.TFJS_TUNER_HOME = home;
  return {
    folder,
    home,
    add(name, script) {
      const path = join(programs, name);
      writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin:/usr/local/bin\n${script}\n`);
      chmodSync(path, 0o755);
      return path;
    },
    remove() {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Python whose pip ends `download` with these words on its error stream and status 1. */
export const pythonWhosePip = (download: string) => `
case "$*" in
  *"pip --version"*) echo "pip 23.2.1 from /somewhere (python 3.11)" ;;
  *"pip download"*) ${download} ;;
  *) echo "Python 3.11.0" ;;
esac`;
