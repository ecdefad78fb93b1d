import { TunerError } from '../errors/index.js';
import { colorsFor } from '../report/index.js';
import type { Io } from './command.js';
import { productVersion } from './version.js';

/** Tells a person on standard error, and with `--json` a program on standard output, what went wrong and what to do. */
export function printError(error: unknown, { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>, json: boolean): void {
  const { code, message, todo } = describe(error);
  const colors = colorsFor(stderr);
  stderr.write(`${colors.red(`error ${code}`)}: ${message}\n  → ${todo}\n`);
  if (json) stdout.write(`${JSON.stringify({ type: 'error', code, message, todo })}\n`);
}

function describe(error: unknown): { code: string; message: string; todo: string } {
  if (error instanceof TunerError) return error;
  const message = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
  const todo = `report this with the lines above: it is a fault of tfjs-tuner ${productVersion()} (Node ${process.version}, ${process.platform} ${process.arch})`;
  return { code: 'UNEXPECTED', message, todo };
}
