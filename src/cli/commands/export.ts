import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { openInstallView } from '../install-progress.js';

export const exportCommand = defineCommand({
  words: ['export'],
  description: "write a study's best model, for tfjs and TensorFlow, with a card",
  argument: { name: 'study', description: 'its name' },
  options: ['to', 'trial', 'format', 'dir', 'data-dir', 'json'],
  async run({ argument, options }, io) {
    const { to, trial, format, dir, json } = options;
    if (to === undefined) throw errors.CLI_MISSING_OPTION({ command: 'export', option: '--to DIR' });
    const install = await openInstallView(io);
    try {
      const { exportStudy } = await io.loadTuner();
      const { directory, files } = await exportStudy(argument, {
        to,
        ...(trial === undefined ? {} : { trial }),
        ...(format === undefined ? {} : { formats: format }),
        ...(dir === undefined ? {} : { directory: dir }),
        ...(options['data-dir'] === undefined ? {} : { dataDirectory: options['data-dir'] }),
        onInstallProgress: install.onProgress,
      });
      const text = json
        ? JSON.stringify({ type: 'export', study: argument, directory, files })
        : [`exported ${argument} to ${directory}:`, ...files.map((file) => `  ${file}`)].join('\n');
      io.stdout.write(`${text}\n`);
      return 0;
    } finally {
      install.close();
    }
  },
});
