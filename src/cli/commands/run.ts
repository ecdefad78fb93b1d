import { defineCommand } from '../command.js';
import { work, workOptions } from '../work.js';

export const run = defineCommand({
  words: ['run'],
  description: 'run a sweep as a new study',
  argument: { name: 'sweep', description: 'a sweep file: YAML, JSON, TypeScript or JavaScript' },
  options: [...workOptions, 'seed', 'memory'],
  async run({ argument, options }, io) {
    const { seed, memory } = options;
    const more = { ...(seed === undefined ? {} : { seed }), ...(memory === undefined ? {} : { memory }) };
    return work(options, io, async (given) => {
      const { tune } = await io.loadTuner();
      return tune(argument, { ...given, ...more });
    });
  },
});
