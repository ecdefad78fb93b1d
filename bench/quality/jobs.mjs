/** What is measured: parts, their cases, and in each the systems that do the same work. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { constrainedProblems } from './constrained-problems.mjs';
import { curvesFile } from './places.mjs';
import { double, problems, single } from './problems.mjs';
import { selectionCases, selections, usual } from './selections.mjs';

const ownCode = ['src/errors', 'src/random', 'src/samplers', 'src/schedulers', 'src/space', 'src/study'];

/** Trials of each sampler: what Optuna's GP takes keeps them few. */
const samplerParts = [
  {
    sampler: 'tpe',
    title: 'TPE',
    trials: 100,
    peers: { tpe: 'Optuna (multivariate, group)', 'tpe-defaults': 'Optuna (defaults)' },
  },
  { sampler: 'gp', title: 'Gaussian process', trials: 30, peers: { gp: 'Optuna' } },
  { sampler: 'cma-es', title: 'CMA-ES', trials: 500, peers: { 'cma-es': 'Optuna' } },
];

function samplerJob({ sampler, trials }, problem, peer) {
  const own = peer === undefined;
  return {
    command: own ? ['node', 'tuner-samplers.mjs'] : ['python', 'optuna_samplers.py'],
    code: [
      ...(own ? ['tuner-samplers.mjs'] : ['optuna_samplers.py', 'optuna_space.py', 'problems.py']),
      'problems.mjs',
    ],
    ownCode: own ? ownCode : [],
    input: { problem, space: problems[problem].space, sampler: peer ?? sampler, trials },
  };
}

function samplerPart({ title, trials, peers, ...part }, names, metric, lowerIsBetter) {
  return {
    title: `${title}, ${trials} trials`,
    metric,
    lowerIsBetter,
    cases: names
      .filter((problem) => isMeasured(part.sampler, problem))
      .map((problem) => ({
        name: problem,
        systems: [
          { name: 'tfjs-tuner', ...samplerJob({ ...part, trials }, problem) },
          ...Object.entries(peers)
            .filter(([peer]) => differs(peer, problem))
            .map(([peer, name]) => ({ name, ...samplerJob({ ...part, trials }, problem, peer) })),
        ],
      })),
  };
}

/** Optuna's GP takes ten seconds of a core a study: it has the five usual functions only. */
function isMeasured(sampler, problem) {
  return sampler !== 'gp' || problem !== 'Ackley-10, moved';
}

/** Optuna's TPE is multivariate by default; its groups change something only where parameters are conditional. */
function differs(peer, problem) {
  return peer !== 'tpe-defaults' || problem === 'mixed';
}

function constrainedPart() {
  const trials = 1000;
  const system = (name, problem, command, code, own) => ({
    name,
    command,
    code: [...code, 'constrained-problems.mjs'],
    ownCode: own,
    input: { problem, space: constrainedProblems[problem].space, trials },
  });
  const peerCode = ['optuna_constrained.py', 'optuna_space.py', 'constrained_problems.py'];
  return {
    title: `NSGA-II under constraints, ${trials} trials`,
    metric: 'hypervolume',
    lowerIsBetter: false,
    cases: Object.keys(constrainedProblems).map((problem) => ({
      name: problem,
      systems: [
        system('tfjs-tuner', problem, ['node', 'tuner-constrained.mjs'], ['tuner-constrained.mjs'], ownCode),
        system('Optuna', problem, ['python', 'optuna_constrained.py'], peerCode, []),
      ],
    })),
  };
}

/** Schedulers on the table of curves: ours beside the same algorithm of the others, and random search without any. */
const schedulerCases = {
  ASHA: {
    'tfjs-tuner': 'asha',
    'tfjs-tuner, stopping': 'asha-stopping',
    Optuna: 'optuna:asha',
    'Ray Tune': 'ray:asha',
  },
  Hyperband: {
    'tfjs-tuner': 'hyperband',
    'tfjs-tuner, stopping': 'hyperband-stopping',
    Optuna: 'optuna:hyperband',
    'Ray Tune (ASHA, 4 brackets)': 'ray:hyperband',
  },
  BOHB: { 'tfjs-tuner': 'bohb', 'Optuna (TPE, Hyperband)': 'optuna:bohb' },
  'none (random search)': { 'tfjs-tuner': 'none' },
};

function schedulerJob(text, table) {
  const [peer, scheduler] = text.includes(':') ? text.split(':') : [undefined, text];
  return {
    command: peer === undefined ? ['node', 'tuner-schedulers.mjs'] : ['python', `${peer}_schedulers.py`],
    code:
      peer === undefined
        ? ['tuner-schedulers.mjs', 'curve-table.mjs']
        : [`${peer}_schedulers.py`, 'curve_table.py', 'optuna_space.py'],
    ownCode: peer === undefined ? ownCode : [],
    input: { scheduler, table, curves: curvesFile, workers: 4, fullTrials: 20 },
  };
}

function schedulerPart(metric, title) {
  const table = existsSync(curvesFile) ? createHash('sha256').update(readFileSync(curvesFile)).digest('hex') : '';
  return {
    title,
    metric,
    lowerIsBetter: true,
    needsCurves: true,
    cases: Object.entries(schedulerCases).map(([name, systems]) => ({
      name,
      systems: Object.entries(systems).map(([system, text]) => ({ name: system, ...schedulerJob(text, table) })),
    })),
  };
}

/** The four runs of the figure: whether both halves of PBT are needed. */
function toyPart() {
  const system = (name, run) => ({
    name,
    command: ['node', 'tuner-toy.mjs'],
    code: ['tuner-toy.mjs', 'toy.mjs'],
    ownCode,
    input: { run },
  });
  const others = ['explore only', 'exploit only', 'grid search'];
  return {
    title: 'The toy of the PBT paper: Q after 200 steps, at most 1.2',
    metric: 'quality',
    lowerIsBetter: false,
    cases: [
      { name: 'two members', systems: [system('tfjs-tuner, PBT', 'PBT'), ...others.map((run) => system(run, run))] },
    ],
  };
}

/** Ways to select beside each other: nobody else has most of them. Of one seed, all begin with the same members. */
function selectionPart(task, title, metric, lowerIsBetter) {
  const code = ['tuner-selections.mjs', 'selections.mjs', 'populations.mjs', 'toy.mjs', 'noisy-quadratic.mjs'];
  return {
    title,
    metric,
    lowerIsBetter,
    against: usual,
    paired: true,
    cases: selectionCases[task].map((name) => ({
      name,
      systems: selections[task].map((selection) => ({
        name: selection,
        command: ['node', 'tuner-selections.mjs'],
        code,
        ownCode,
        input: { task, name, selection },
      })),
    })),
  };
}

/** What decides in a whole study on real data, beside random search with the same compute. */
function sweepPart() {
  const population = { population: 8, interval: 125 };
  const strategies = {
    PBT: { pbt: { ...population, quantile: 0.125, resample: 0.25, factors: [0.8, 1.2], burnIn: 500 } },
    PB2: { pb2: { ...population, quantile: 0.125, burnIn: 500 } },
    random: { random: { trials: 8, interval: 125 } },
  };
  const system = (name, strategy) => ({
    name,
    command: ['node', 'tuner-sweeps.mjs'],
    code: ['tuner-sweeps.mjs'],
    ownCode: ['src', 'native-models'],
    input: { sweep: 'mnist-10k-pbt-population-8-generations-20.yaml', strategy: strategies[strategy] },
  });
  return {
    title: 'mnist-10k, 8 trials of 2,500 steps: error on the validation rows',
    metric: 'error',
    lowerIsBetter: true,
    // of one seed, both begin with the same hyperparameters, weights and batches
    paired: true,
    // every study uses all cores
    alone: true,
    cases: ['PBT', 'PB2'].map((name) => ({
      name,
      systems: [system('tfjs-tuner', name), system('random search', 'random')],
    })),
  };
}

/** All parts. Those on learning curves need the table to be there. */
export function makeParts() {
  return [
    ...samplerParts.map((part) => samplerPart(part, single, 'regret', true)),
    samplerPart(
      { sampler: 'nsga2', title: 'NSGA-II', trials: 1000, peers: { nsga2: 'Optuna' } },
      double,
      'hypervolume',
      false,
    ),
    constrainedPart(),
    schedulerPart('final', 'Learning curves: error of the best trial at the end of the budget'),
    schedulerPart('anytime', 'Learning curves: error of the best trial so far, mean over the budget'),
    toyPart(),
    selectionPart('toy', 'Selection on the toy of the PBT paper: Q after 200 steps, at most 1.2', 'quality', false),
    selectionPart(
      'quadratic',
      'Selection on a noisy quadratic, 8 members of 2,500 steps: loss at the end',
      'loss',
      true,
    ),
    sweepPart(),
  ];
}
