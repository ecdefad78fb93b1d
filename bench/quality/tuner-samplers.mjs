// The tuner's samplers on one of the problems, through `tfjs-tuner/study`: the counterpart of optuna_samplers.py, with the same job on standard
// input and the same lines on standard output.
import { readFileSync } from 'node:fs';
import { cmaEsSampler, createStudy, gpSampler, nsga2Sampler, tpeSampler } from '../../dist/study.js';
import { problems } from './problems.mjs';

const samplers = { tpe: tpeSampler, gp: gpSampler, 'cma-es': cmaEsSampler, nsga2: nsga2Sampler };

const { problem, sampler, seeds, trials } = JSON.parse(readFileSync(0, 'utf8'));
const { space, f } = problems[problem];
for (const seed of seeds) {
  const directions = problem.startsWith('ZDT') ? { directions: ['minimize', 'minimize'] } : {};
  const study = createStudy({ space, seed, trials, sampler: samplers[sampler](), ...directions });
  const losses = [];
  while (study.canAsk) {
    const trial = study.ask();
    const told = f(trial.hyperparameters);
    losses.push([told].flat());
    study.tell(trial, told);
  }
  console.log(JSON.stringify({ seed, losses }));
}
