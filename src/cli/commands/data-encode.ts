import { defineCommand } from '../command.js';
import { errors } from '../errors.js';

export const dataEncode = defineCommand({
  words: ['data', 'encode'],
  description: "write a sweep's data set, encoded and split, as one Arrow file that a sweep can name and stream",
  argument: { name: 'sweep', description: 'a sweep file: YAML, JSON, TypeScript or JavaScript' },
  options: ['to', 'memory', 'data-dir', 'json'],
  async run({ argument, options: { to, memory, 'data-dir': dataDirectory, json } }, io) {
    if (to === undefined) throw errors.CLI_MISSING_OPTION({ command: 'data encode', option: '--to FILE.arrow' });
    const { encodeDataset } = await io.loadTuner();
    const encoded = await encodeDataset(argument, to, {
      ...(memory === undefined ? {} : { memory }),
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
    });
    const { path, rows, bytes, digest } = encoded;
    if (json) io.stdout.write(`${JSON.stringify({ type: 'encoded', ...encoded })}\n`);
    else {
      const megabytes = (bytes / 1e6).toFixed(1);
      io.stdout.write(`${path}: ${rows} rows, ${megabytes} MB in memory, digest ${digest}\n`);
    }
    return 0;
  },
});
