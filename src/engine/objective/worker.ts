/** The file that the threads of objectives run: one trial at a time. */
import { format } from 'node:util';
import { TunerError } from '../../errors/index.js';
import { loadDefault } from '../../modules/index.js';
import {
  isObjectiveDefinition,
  type ObjectiveDefinition,
  TrialInterrupted,
  TrialPaused,
  TrialPruned,
} from '../../objective/index.js';
import { parseSpace } from '../../space/index.js';
import type { Described, ObjectiveTask, PostedError, RunObjective, RunResult } from './messages.js';
import { TrialContext } from './trial-context.js';

let current: TrialContext | undefined;

/** Standard output belongs to the study: what an objective writes goes to it as text. */
function captureOutput(): void {
  const capture = (stream: NodeJS.WriteStream) => {
    const original = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      // between two trials, as while a module is loaded, there is nobody to tell
      if (current === undefined)
        return stream === process.stdout || (original as (...all: unknown[]) => boolean)(chunk, ...rest);
      current.output(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      for (const last of rest) if (typeof last === 'function') (last as () => void)();
      return true;
    }) as typeof stream.write;
  };
  capture(process.stdout);
  capture(process.stderr);
  // a thread's console is Node's own, and writes past `write`
  for (const method of ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const) {
    console[method] = (...parts: unknown[]) => {
      process.stderr.write(`${format(...parts)}\n`);
    };
  }
}

captureOutput();

async function describe(path: string): Promise<Described> {
  try {
    const exported = await loadDefault(path);
    if (!isObjectiveDefinition(exported)) return { kind: 'other' };
    // a space with functions in it could not be posted
    parseSpace(exported.space);
    return { kind: 'objective', space: exported.space };
  } catch (error) {
    return { kind: 'failed', error: postedError(error) };
  }
}

function postedError(error: unknown): PostedError {
  if (error instanceof TunerError) {
    const { code, kind, message, todo } = error;
    return { code, kind, message, todo };
  }
  return { code: 'UNEXPECTED', kind: 'study', message: messageOf(error), todo: 'report this: it is a fault' };
}

async function runTrial(task: RunObjective): Promise<RunResult> {
  const context = new TrialContext(task);
  const { random } = Math;
  try {
    const { run } = (await loadDefault(task.path)) as ObjectiveDefinition;
    current = context;
    context.begin();
    Math.random = context.mathRandom;
    const returned = await run(context.trial);
    if (context.isInterrupted) return { outcome: 'interrupted' };
    return { outcome: 'done', metrics: returned === undefined ? null : context.result(returned) };
  } catch (error) {
    if (context.isInterrupted || error instanceof TrialInterrupted) return { outcome: 'interrupted' };
    if (error instanceof TrialPaused) return { outcome: 'paused' };
    return error instanceof TrialPruned ? { outcome: 'pruned' } : { outcome: 'failed', message: messageOf(error) };
  } finally {
    Math.random = random;
    current = undefined;
    context.close();
  }
}

/** One line: where an error came from is in the objective's own hands. */
function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export default async function handle(task: ObjectiveTask): Promise<Described | RunResult> {
  return task.kind === 'describe' ? describe(task.path) : runTrial(task);
}
