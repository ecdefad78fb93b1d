// A small transformer that writes like Shakespeare, character by character, trained by two members of a population. The text is
// tinyshakespeare.txt (https://github.com/karpathy/char-rnn/tree/master/data/tinyshakespeare), in the folder TFJS_TUNER_DATA.
import { resolve } from 'node:path';
import { defineSweep, float } from 'tfjs-tuner';

const folder = process.env.TFJS_TUNER_DATA ?? new URL('../../shared/data', import.meta.url).pathname;

export default defineSweep({
  model: 'transformer',
  dataset: { text: resolve(folder, 'tinyshakespeare.txt'), context: 64, stride: 16, validation: 0.1 },
  objective: { metric: 'valLoss', direction: 'minimize' },
  space: {
    learningRate: float(2e-3, 6e-3, { scale: 'log' }),
    weightDecay: float(0.05, 0.3, { scale: 'log' }),
    beta2: float(0.95, 0.99),
    layers: 4,
    width: 128,
    heads: 4,
    regularisation: 'none',
    warmup: 30,
    decaySteps: 1000,
  },
  strategy: { pbt: { population: 2, interval: 250 } },
  budget: { steps: 1000 },
  seed: 0,
  training: { batchSize: 32, evaluationBatchSize: 64 },
});
