import { JsonReporter, LiveReporter, PlainReporter, QuietReporter, type Reporter } from '../report/index.js';
import type { Io } from './command.js';

/** The reporter that suits the output: JSON if asked for, a live view on a terminal that can draw, lines elsewhere. */
export async function openReporter(
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  { stdout }: Pick<Io, 'stdout'>,
): Promise<Reporter> {
  if (json) return new JsonReporter(stdout, { onlySummary: quiet });
  if (quiet) return new QuietReporter(stdout);
  const canDraw = stdout.isTTY === true && process.env.TERM !== 'dumb';
  return canDraw ? LiveReporter.open(stdout) : new PlainReporter(stdout);
}
