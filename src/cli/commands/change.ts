import type { StudyChange } from '../../tuner/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';

const changes = ['freeze', 'unfreeze', 'introduce', 'interval', 'target'] as const;

export const change = defineCommand({
  words: ['change'],
  description: 'change what a study tunes, also while it runs',
  argument: { name: 'study', description: 'its name' },
  options: [...changes, 'dir'],
  async run({ argument, options }, io) {
    const given = changes.filter((name) => options[name] !== undefined);
    if (given.length === 0) {
      throw errors.CLI_MISSING_OPTION({
        command: 'change',
        option: `one of ${changes.map((name) => `--${name}`).join(', ')}`,
      });
    }
    const { changeStudy } = await io.loadTuner();
    const change = Object.fromEntries(given.map((name) => [name, options[name]])) as StudyChange;
    await changeStudy(argument, change, options.dir === undefined ? {} : { directory: options.dir });
    io.stdout.write(`${argument} changes at its next decision: ${given.join(', ')}\n`);
    return 0;
  },
});
