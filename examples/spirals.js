import { defineSweep, float } from 'tfjs-tuner';

export default defineSweep({
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize', target: 0.95 },
  space: { learningRate: float(1e-3, 1, { scale: 'log' }), hidden: 64 },
  strategy: { pbt: { population: 4, interval: 100 } },
  budget: { steps: 2000 },
  seed: 1,
});
