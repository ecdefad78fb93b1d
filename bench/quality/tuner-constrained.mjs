// The tuner's NSGA-II on one of the constrained problems, through `tfjs-tuner/study`: the counterpart of optuna_constrained.py, with the same job on
// standard input and the same lines on standard output.
import { readFileSync } from 'node:fs';
import { createStudy, nsga2Sampler } from '../../dist/study.js';
import { constrainedProblems } from './constrained-problems.mjs';

const { problem, seeds, trials } = JSON.parse(readFileSync(0, 'utf8'));
const { space, f } = constrainedProblems[problem];
for (const seed of seeds) {
  const outcomeConstraints = f(Object.values(space).map(({ float: [low] }) => low)).violations.map((_, at) => `c${at}`);
  const directions = ['minimize', 'minimize'];
  const study = createStudy({ space, seed, trials, sampler: nsga2Sampler(), directions, outcomeConstraints });
  const points = [];
  while (study.canAsk) {
    const trial = study.ask();
    const { losses, violations } = f(trial.hyperparameters);
    points.push({ losses, violations });
    const constraints = Object.fromEntries(violations.map((violation, at) => [outcomeConstraints[at], violation]));
    study.tell(trial, { values: losses, constraints });
  }
  console.log(JSON.stringify({ seed, points }));
}
