import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Terminal } from '../../report/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { openInstallView } from '../install-progress.js';

export const predictCommand = defineCommand({
  words: ['predict'],
  description: "predict rows with an exported model, or a study's best",
  argument: { name: 'from', description: 'the folder of an export, or the name of a study' },
  options: ['input', 'output', 'format', 'delimiter', 'decimal', 'continue', 'temperature', 'seed', 'dir', 'data-dir'],
  async run({ argument, options }, io) {
    const { input, output, delimiter, decimal, dir, continue: count } = options;
    if (input === undefined) throw errors.CLI_MISSING_OPTION({ command: 'predict', option: '--input FILE' });
    if (count === undefined && Object.keys(draws(options)).length > 0) {
      throw errors.CLI_MISSING_OPTION({ command: 'predict', option: '--continue COUNT' });
    }
    const format = options.format === undefined ? formatOfName(output) : formatOf(options.format);
    const install = await openInstallView(io);
    const target = output === undefined ? undefined : fileTarget(output);
    try {
      const { predict } = await io.loadTuner();
      await predict(argument, {
        input,
        write: target?.write ?? ((piece) => writeWhole(io.stdout, piece)),
        onNotice: (message) => void io.stderr.write(`note: ${message}\n`),
        ...(format === undefined ? {} : { format }),
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(decimal === undefined ? {} : { decimal }),
        ...(count === undefined ? {} : { continuation: { count, ...draws(options) } }),
        ...(dir === undefined ? {} : { directory: dir }),
        ...(options['data-dir'] === undefined ? {} : { dataDirectory: options['data-dir'] }),
        onInstallProgress: install.onProgress,
      });
      await target?.keep();
      return 0;
    } finally {
      install.close();
      await target?.discard();
    }
  },
});

/** How tokens are drawn, where it is said. */
function draws({ temperature, seed }: { readonly temperature: number | undefined; readonly seed: number | undefined }) {
  return { ...(temperature === undefined ? {} : { temperature }), ...(seed === undefined ? {} : { seed }) };
}

const formats = ['csv', 'jsonl', 'arrow'] as const;

function formatOf(given: readonly string[]): (typeof formats)[number] {
  const format = formats.find((name) => name === given.join());
  if (format !== undefined) return format;
  throw errors.CLI_BAD_OPTION({ option: '--format', must: formats.join(' or '), given: given.join() });
}

function formatOfName(output: string | undefined): (typeof formats)[number] | undefined {
  const extension = /\.([a-z]+)$/i.exec(output ?? '')?.[1]?.toLowerCase();
  return formats.find((name) => name === extension);
}

/** Waits until whoever reads has taken what was written, so that a large output is never in memory as a whole. */
async function writeWhole(stream: Terminal, piece: string | Uint8Array): Promise<void> {
  const { writable, once } = stream as Partial<Writable>;
  if (stream.write(piece as string) !== false || once === undefined || writable !== true) return;
  await new Promise<void>((done) => void once.call(stream, 'drain', done));
}

/** A file that appears under its name once it is whole. */
function fileTarget(path: string) {
  const temporary = `${path}.${process.pid}.tmp`;
  const stream = createWriteStream(temporary);
  // what goes wrong is told by the next write, or by the end
  stream.on('error', () => undefined);
  return {
    async write(piece: string | Uint8Array): Promise<void> {
      await new Promise<void>((done, failed) => stream.write(piece, (error) => (error ? failed(error) : done())));
    },
    async keep(): Promise<void> {
      stream.end();
      await finished(stream);
      await rename(temporary, path);
    },
    async discard(): Promise<void> {
      stream.destroy();
      await rm(temporary, { force: true });
    },
  };
}
