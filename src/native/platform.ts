import { errors } from './errors.js';
import { wheel } from './versions.js';

/** The oldest Node that is supported, as in package.json. */
export const oldestNode = '20.19.0';

/** Whether version `a` is at least `b`, both of numbers and dots; missing numbers count as 0. */
export function isAtLeast(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** What decides whether the wheel's library runs here. */
export interface Machine {
  platform: string;
  arch: string;
  node: string;
  /** glibc's version; `undefined` where the C library is another (musl). */
  glibc: string | undefined;
}

/** The machine this runs on. */
export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, node: process.versions.node, glibc: glibcVersion() };
}

function glibcVersion(): string | undefined {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  // looks up the name of every open socket's other end otherwise, which takes seconds where DNS is slow
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  report.excludeNetwork = before ?? false;
  return header.glibcVersionRuntime;
}

/**
 * Refuses a machine that the library cannot run on. With a libtensorflow of the user's own, any Linux will do.
 * @throws NATIVE_NODE_TOO_OLD, NATIVE_UNSUPPORTED_PLATFORM, NATIVE_UNSUPPORTED_LIBC
 */
export function requireSupported(machine: Machine, ownLibrary: boolean): void {
  const { platform, arch, node, glibc } = machine;
  if (!isAtLeast(node, oldestNode)) throw errors.NATIVE_NODE_TOO_OLD({ wanted: oldestNode, found: node });
  if (platform !== 'linux' || (arch !== 'x64' && !ownLibrary))
    throw errors.NATIVE_UNSUPPORTED_PLATFORM({ platform, arch });
  if (ownLibrary) return;
  if (glibc === undefined || !isAtLeast(glibc, wheel.glibc)) {
    const found = glibc === undefined ? 'another one (musl?)' : `glibc ${glibc}`;
    throw errors.NATIVE_UNSUPPORTED_LIBC({ wanted: wheel.glibc, found });
  }
}
