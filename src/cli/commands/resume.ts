import { defineCommand } from '../command.js';
import { work, workOptions } from '../work.js';

export const resume = defineCommand({
  words: ['resume'],
  description: 'go on with a study that was interrupted or killed',
  argument: { name: 'study', description: 'its name' },
  options: workOptions,
  async run({ argument, options }, io) {
    return work(options, io, async (given) => (await io.loadTuner()).resume(argument, given));
  },
});
