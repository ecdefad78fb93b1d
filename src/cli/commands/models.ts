import { defineCommand } from '../command.js';

export const modelsList = defineCommand({
  words: ['models', 'list'],
  description: 'list the models that a sweep can name',
  options: ['json'],
  async run({ options: { json } }, { stdout, loadTuner }) {
    const { listModels } = await loadTuner();
    for (const name of listModels()) stdout.write(json ? `${JSON.stringify({ type: 'model', name })}\n` : `${name}\n`);
    return 0;
  },
});
