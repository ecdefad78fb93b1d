import { run } from './child-process.js';
import { errors } from './errors.js';
import type { NativePaths } from './locate.js';

/** Loads everything, as load.ts does, in a process that may die of it. */
const script = `
const [open, libraries, ...addons] = process.argv.slice(1);
require(open).open(JSON.parse(libraries), '2');
for (const addon of addons) require(addon);
process.stdout.write('loaded');
`;

/** Why the installed libraries and addons cannot be loaded on this machine, as one clause; `undefined` when they can. */
export async function loadFailure(paths: NativePaths, signal?: AbortSignal): Promise<string | undefined> {
  const { openQuietly, libraries, tfjsBinding, segmentAddon } = paths;
  const args = ['-e', script, '--', openQuietly, JSON.stringify(libraries), tfjsBinding, segmentAddon];
  const ended = await run(process.execPath, args, { signal, environment: { NODE_OPTIONS: undefined } });
  if (ended.stdout.endsWith('loaded') && ended.status === 0) return undefined;
  if (ended.signal === 'SIGILL')
    return 'the processor lacks instructions that this libtensorflow is compiled for (AVX)';
  if (ended.signal !== null) return `the process that loads it is killed by ${ended.signal}`;
  const message = /^(?:\w*Error: )(.*)$/m.exec(ended.stderr)?.[1];
  return message ?? (ended.stderr.trim().split('\n').at(-1) || `exit status ${ended.status}`);
}

/** @throws NATIVE_LOAD_FAILED */
export async function requireLoads(paths: NativePaths, signal?: AbortSignal): Promise<void> {
  const reason = await loadFailure(paths, signal);
  if (reason !== undefined) throw errors.NATIVE_LOAD_FAILED({ path: paths.libtensorflow, reason });
}
