import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Io, runCli } from '../../src/cli/index.js';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

/** A pipe, or a terminal if it has columns, that remembers what it was sent. */
export class FakeStream extends EventEmitter {
  text = '';
  readonly isTTY: boolean;
  constructor(readonly columns?: number) {
    super();
    this.isTTY = columns !== undefined;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Tuner = Awaited<ReturnType<Io['loadTuner']>>;

const noTuner = new Proxy({} as Tuner, {
  get: (_, name) => {
    // a promise is resolved with it
    if (name === 'then') return undefined;
    throw new Error(`the tuner's ${String(name)} is not for this test`);
  },
});

/** Runs a command line in this process, with a tuner made for the test. */
export async function cli(
  words: readonly string[],
  tuner: Partial<Tuner> = noTuner,
  columns?: number,
): Promise<Outcome> {
  const [stdout, stderr] = [new FakeStream(columns), new FakeStream()];
  const io = { stdout, stderr, loadTuner: async () => tuner as Tuner } as unknown as Io;
  const code = await runCli(words, io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

const source = resolve(dirname(new URL(import.meta.url).pathname), '../../src');

/** The command line as JavaScript, for child processes, with a tuner of the test's own (the text of its module). */
export function compileCli(tuner: string): CompiledSource & { readonly main: string } {
  const rooms = ['errors', 'random', 'files', 'space', 'samplers', 'schedulers', 'study', 'store', 'report', 'cli'];
  const compiled = compileSource(rooms);
  cpSync(join(source, '../package.json'), join(compiled.folder, 'package.json'));
  mkdirSync(join(compiled.folder, 'src/tuner'));
  writeFileSync(join(compiled.folder, 'src/tuner/index.js'), tuner);
  return { ...compiled, main: join(compiled.folder, 'src/cli/main.js') };
}
