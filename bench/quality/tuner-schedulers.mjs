// The tuner's schedulers on the table of learning curves: one job (JSON) on standard input, {seed, final, anytime} for each seed on standard output.
import { readFileSync } from 'node:fs';
import { foldIn, seedKey } from '../../dist/src/random/index.js';
import { fifo } from '../../dist/src/schedulers/fifo.js';
import { asha, hyperband } from '../../dist/src/schedulers/index.js';
import { bohbSampler } from '../../dist/study.js';
import { readTable, simulate } from './curve-table.mjs';

const schedulers = {
  none: () => fifo(),
  asha: () => asha(),
  'asha-stopping': () => asha({ variant: 'stopping', cutoff: 'rank' }),
  hyperband: () => hyperband(),
  'hyperband-stopping': () => hyperband({ variant: 'stopping', cutoff: 'rank' }),
  bohb: () => hyperband(),
};

/** Configurations as BOHB's sampler proposes them, each the nearest one of the table. */
function proposals(table, seed) {
  const sampler = bohbSampler();
  const studyKey = seedKey(seed);
  const history = [];
  return {
    configuration: (trial) => {
      const key = foldIn(studyKey, 'trial', trial);
      const { hyperparameters } = sampler.propose({
        space: table.space,
        key,
        studyKey,
        trial,
        history,
        objectiveCount: 1,
      });
      history.push({ trial, hyperparameters, status: 'running', losses: [], violations: [], reports: [], note: null });
      return table.nearest(hyperparameters);
    },
    tell: (trial, step, loss, status) => {
      const reports = [...history[trial].reports, { step, loss }];
      history[trial] = { ...history[trial], status, reports, losses: status === 'running' ? [] : [loss] };
    },
  };
}

function run({ scheduler, workers, fullTrials }, table, seed) {
  const decisions = schedulers[scheduler]().begin({ key: foldIn(seedKey(seed), 'scheduler'), maxSteps: table.steps });
  const order = table.order(seed);
  const { configuration, tell } =
    scheduler === 'bohb' ? proposals(table, seed) : { configuration: order, tell: () => {} };
  const trials = [];
  const begin = () => {
    const job = decisions.next(trials.length);
    if (job.kind === 'start') {
      trials.push({ trial: trials.length, configuration: configuration(trials.length), step: 0, toStep: job.toStep });
      return trials.at(-1);
    }
    return job.kind === 'resume' ? Object.assign(trials[job.trial], { toStep: job.toStep }) : undefined;
  };
  const step = (task, error) => {
    if (task.step < task.toStep) return true;
    const verdicts = decisions.report({ trial: task.trial, step: task.step, score: -error });
    const verdict = verdicts.find(({ trial }) => trial === task.trial);
    const status = { continue: 'running', complete: 'complete', pause: 'pruned', stop: 'pruned' }[verdict.kind];
    tell(task.trial, task.step, error, status);
    if (verdict.kind === 'continue') task.toStep = verdict.toStep;
    return verdict.kind === 'continue';
  };
  return simulate({ table, workers, budget: fullTrials * table.steps, begin, step });
}

const { seeds, curves, ...job } = JSON.parse(readFileSync(0, 'utf8'));
const table = readTable(curves);
for (const seed of seeds) console.log(JSON.stringify({ seed, ...run(job, table, seed) }));
