/** Sweeps that are right, with every option that a sweep can have, for tests that break them. */
import type { Loose } from './break.js';

type Named = Readonly<Record<string, Loose>>;

export const strategies: Named = {
  pbt: {
    population: 4,
    interval: 10,
    quantile: 0.25,
    resample: 0.25,
    factors: [0.8, 1.2],
    burnIn: 3,
    exploit: 'ttest',
    window: 3,
    significance: 0.05,
    backtrack: { patience: 2, tolerance: 0, checkpoints: 1, who: 'all' },
    explore: 'perturb',
  },
  pb2: { population: 4, interval: '2 epochs', kappa: 1, memory: 20, asynchronous: true },
  random: { trials: 4, interval: 10, parallel: 2 },
  replay: { study: 'earlier', trial: 2, trials: 2 },
  asha: {
    trials: 9,
    parallel: 3,
    interval: 5,
    minSteps: 5,
    reduction: 3,
    variant: 'stopping',
    cutoff: 'rank',
    brackets: 1,
  },
  successiveHalving: { trials: 9, minSteps: 5, reduction: 3 },
  hyperband: { trials: 9, minSteps: 5, reduction: 3, variant: 'promotion', cutoff: 'quantile' },
  bohb: { minSteps: 5 },
  pasha: { trials: 9, minSteps: 5, interval: 5 },
  median: { trials: 9, interval: 5, warmupSteps: 2, startupTrials: 1, minTrials: 1, over: 'averages', among: 'all' },
  percentile: { trials: 9, percentile: 30 },
  patience: { trials: 9, reports: 3, minDelta: 0 },
  own: { trials: 9, parallel: 2, scheduler: './my-scheduler.ts' },
};

/** With options, by the name that messages have for the sampler. */
export const samplers: Named = {
  latinHypercube: { points: 4 },
  grid: { points: 3, shuffle: true },
  tpe: { startupTrials: 3, candidates: 10, together: 'group', constantLiar: true },
  gp: { startupTrials: 3 },
  cmaEs: { population: 6, sigma: 0.2, restarts: 'bipop' },
  evolution: { population: 4, sample: 2, spread: 0.1 },
  bohb: { randomFraction: 0.2, goodFraction: 0.2, minPoints: 3, candidates: 5, together: 'joint' },
};

const space = {
  learningRate: { float: [0.01, 1], scale: 'log', default: 0.1 },
  hidden: { choice: [16, 32] },
  dropout: { float: [0, 0.5], step: 0.1 },
};

const populations = ['pbt', 'pb2'];

/** A model's sweep with everything that goes with the strategy. A new object each time. */
export function soundSweep(strategy: string): Loose {
  const isPopulation = populations.includes(strategy);
  return structuredClone({
    study: 'sound',
    model: 'mlp',
    dataset: 'spirals',
    objective: { metric: 'valAccuracy', direction: 'maximize', target: 0.9 },
    space,
    constraints: ['learningRate <= 0.9'],
    enqueue: [{ learningRate: 0.2 }],
    ...(isPopulation
      ? {
          sampler: 'sobol',
          schedule: [
            { at: 1, freeze: ['learningRate'] },
            { at: 2, introduce: { dropout: { float: [0, 0.4], start: 0 } } },
            { at: 3, interval: 20, target: 0.95, unfreeze: 'learningRate' },
          ],
        }
      : {
          sampler: { tpe: samplers.tpe },
          // a replay has no trials to spare
          ...(strategy === 'replay'
            ? {}
            : { stop: { plateau: { trials: 3, minDelta: 0 }, regret: { threshold: 0.1, minTrials: 3, every: 2 } } }),
        }),
    strategy: { [strategy]: strategies[strategy] },
    budget: { steps: 100, totalSteps: 1000, wall: '1h' },
    seed: 1,
    training: {
      batchSize: 8,
      evaluationBatchSize: 9,
      compile: 'never',
      optimizer: 'adam',
      loss: 'meanSquaredError',
      initialWeights: 'fresh',
    },
  });
}

/** Strategies of objective functions. */
export const objectiveStrategies: Named = {
  random: { trials: 4, parallel: 2 },
  asha: { trials: 9, minSteps: 5, reduction: 3, variant: 'stopping' },
  hyperband: { trials: 9, minSteps: 5, reduction: 3, variant: 'stopping' },
  median: { trials: 9, interval: 5, warmupSteps: 2 },
  percentile: { trials: 9, percentile: 30, interval: 5 },
  patience: { trials: 9, reports: 3, minDelta: 0 },
};

/** An objective function's sweep. */
export function soundObjectiveSweep(strategy: string): Loose {
  return structuredClone({
    study: 'sound',
    model: './objective.js',
    objective: { metric: 'loss', direction: 'minimize', target: 0.1 },
    space,
    constraints: ['learningRate <= 0.9'],
    enqueue: [{ learningRate: 0.2 }],
    sampler: { tpe: samplers.tpe },
    strategy: { [strategy]: objectiveStrategies[strategy] },
    budget: { steps: 100, wall: '1h' },
    timeout: '90s',
    seed: 1,
  });
}
