import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder for what is installed once for the user and shared by all projects: `TFJS_TUNER_HOME`, or `tfjs-tuner` in the
 * user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`; on macOS `~/Library/Caches`). Always absolute; need not exist.
 * As the XDG specification has it, an empty variable counts as unset and a relative `XDG_CACHE_HOME` is ignored.
 */
export function homeDirectory(): string {
  const chosen = process.env.TFJS_TUNER_HOME;
  if (chosen) return resolve(chosen);
  const cache = process.env.XDG_CACHE_HOME;
  if (cache?.startsWith('/')) return join(cache, 'tfjs-tuner');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'tfjs-tuner')
    : join(homedir(), '.cache', 'tfjs-tuner');
}

/** Where things lie within the home: each part in a folder named after what is in it, so that versions live side by side. */
export const homeLayout = {
  lock: (home: string) => join(home, 'install.lock'),
  /** Unfinished work; all of it belongs to whoever holds the lock. */
  staging: (home: string) => join(home, 'staging'),
  logs: (home: string) => join(home, 'logs'),
  libtensorflow: (home: string, key: string) => join(home, 'libtensorflow', key),
  tfjsNode: (home: string, key: string) => join(home, 'tfjs-node', key),
  segmentAddon: (home: string, key: string) => join(home, 'segment-addon', key),
} as const;
