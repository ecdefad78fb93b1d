/**
 * What every multi-fidelity scheduler must do, as checks that run in any test runner: whole studies with any number of workers,
 * in which trials fail, diverge and tie, must come to an end, and give the same when they are replayed.
 */
import { foldIn, seedKey, uniform } from '../random/index.js';
import type { FidelityScheduler } from '../schedulers/index.js';
import { type ContractCheck, check, checkSame } from './contract.js';
import { type FidelityResult, type FidelityStudy, replayFidelity, simulateFidelity } from './fidelity-simulation.js';

export interface FidelityContractOptions {
  /** Trials of each check. Default: 60. */
  readonly trials?: number;
  /** Trials of the longest study. Default: 10,000. */
  readonly longest?: number;
}

interface Suite {
  readonly make: () => FidelityScheduler;
  readonly trials: number;
  readonly longest: number;
}

/**
 * The checks of a scheduler, in vitest for example: `for (const { name, run } of fidelityContract(myScheduler)) it(name, run);`
 *
 * @param make a new scheduler; all that it makes must be alike. Asked many times.
 */
export function fidelityContract(
  make: () => FidelityScheduler,
  { trials = 60, longest = 10_000 }: FidelityContractOptions = {},
): readonly ContractCheck[] {
  const suite = { make, trials, longest };
  return [
    {
      name: 'has a name, and says whether it pauses trials',
      run: () => {
        const { name, pauses } = make();
        check(name.trim() !== '', () => 'a scheduler must have a name');
        check(typeof pauses === 'boolean', () => `pauses must be true or false, not ${pauses}`);
      },
    },
    ...sizes(suite),
    ...results(suite),
    ...timings(suite),
    ...determinism(suite),
    ...fairness(suite),
    {
      name: `ends a study of ${longest} trials`,
      run: () => ended(make, { ...ordinary(7), trialCount: longest, workerCount: 16 }),
    },
  ];
}

/** Learning curves that rise towards a trial's own limit, with noise: by key, trial and step. */
function ordinary(seed: number, trialCount = 60): FidelityStudy {
  const key = seedKey(seed);
  const scoreOf = (trial: number, step: number) => {
    const limit = uniform(foldIn(key, 'limit', trial));
    return limit * (1 - 1 / (1 + step)) + 0.1 * uniform(foldIn(key, 'noise', trial, Math.floor(step)));
  };
  const costOf = (trial: number, from: number, to: number) => (to - from) * (0.1 + uniform(foldIn(key, 'cost', trial)));
  return { maxSteps: 27, trialCount, workerCount: 4, scoreOf, costOf, seed };
}

/** Runs a study, and checks that each trial has come to an end, or stands still for good. */
function ended(make: () => FidelityScheduler, study: FidelityStudy): FidelityResult {
  const result = simulateFidelity(make(), study);
  check(
    result.trials.length === study.trialCount,
    () => `${study.trialCount} trials must start, not ${result.trials.length}`,
  );
  return result;
}

function sizes({ make, trials }: Suite): ContractCheck[] {
  const cases: readonly (readonly [string, Partial<FidelityStudy>])[] = [
    ['no trials', { trialCount: 0 }],
    ['one trial', { trialCount: 1 }],
    ['two trials', { trialCount: 2 }],
    ['more workers than trials', { trialCount: 5, workerCount: 20 }],
    ['one worker', { workerCount: 1 }],
    ['two workers', { workerCount: 2 }],
    ['33 workers', { workerCount: 33 }],
    ['one step a trial', { maxSteps: 1 }],
    ['two steps a trial', { maxSteps: 2 }],
    ['100 steps a trial', { maxSteps: 100 }],
  ];
  return cases.map(([what, more]) => ({
    name: `ends a study of ${what}`,
    run: () => {
      for (const seed of [1, 2, 3]) ended(make, { ...ordinary(seed, trials), ...more });
    },
  }));
}

function results({ make, trials }: Suite): ContractCheck[] {
  const draw = (...path: (string | number)[]) => uniform(foldIn(seedKey(11), ...path));
  const some = (trial: number, step: number) => draw('score', trial, step);
  const cases: readonly (readonly [string, FidelityStudy['scoreOf']])[] = [
    ['trials fail', (trial, step) => (draw('fails', trial, step) < 0.3 ? null : some(trial, step))],
    ['nearly all trials fail', (trial, step) => (draw('fails', trial) < 0.95 ? null : some(trial, step))],
    ['all trials fail', () => null],
    ['trials fail late', (trial, step) => (step > 20 ? null : some(trial, step))],
    ['results are NaN', (trial, step) => (draw('fails', trial, step) < 0.3 ? Number.NaN : some(trial, step))],
    ['all results are NaN', () => Number.NaN],
    ['results are infinite', (trial, step) => [1 / 0, -1 / 0, some(trial, step)][Math.floor(3 * some(step, trial))]!],
    ['all results are infinite', () => 1 / 0],
    ['all results are minus infinity', () => -1 / 0],
    ['all results are equal', () => 0.5],
    ['results are few', (trial, step) => Math.floor(3 * some(trial, step))],
    ['results are the largest and smallest', (trial) => (trial % 2 === 0 ? 1 : -1) * Number.MAX_VALUE],
    ['results are noise', some],
    ['each trial is better than all before it', (trial) => trial],
    ['each trial is worse than all before it', (trial) => -trial],
    ['results fall', (trial, step) => trial - step],
  ];
  return cases.map(([what, scoreOf]) => ({
    name: `ends a study in which ${what}`,
    run: () => {
      for (const workerCount of [1, 3, 16]) ended(make, { ...ordinary(7, trials), workerCount, scoreOf });
    },
  }));
}

function timings({ make, trials }: Suite): ContractCheck[] {
  const study = ordinary(7, trials);
  const draw = (trial: number, step: number) => uniform(foldIn(seedKey(13), trial, Math.floor(step)));
  const cases: readonly (readonly [string, Partial<FidelityStudy>])[] = [
    ['results come in any order', { costOf: (trial, from) => 1e-3 + draw(trial, from), workerCount: 16 }],
    ['all results come at the same time', { costOf: () => 1, workerCount: 16 }],
    ['later trials are faster', { costOf: (trial) => 1 / (1 + trial), workerCount: 16 }],
    ['one trial takes for ever', { costOf: (trial) => (trial === 3 ? 1e9 : 1), workerCount: 4 }],
    // as from code that reports when it likes
    ['trials report before they are asked to', { reportAt: (_, from) => from + 1 }],
    ['trials report between whole steps', { reportAt: (_, from, to) => Math.min(to, from + 0.75) }],
    ['trials report behind the step they were asked for', { reportAt: (trial, _, to) => to + (trial % 3) }],
    ['trials end by themselves', { reportAt: (trial, _, to) => (trial % 4 === 0 ? study.maxSteps : to) }],
  ];
  return cases.map(([what, more]) => ({
    name: `ends a study in which ${what}`,
    run: () => void ended(make, { ...study, ...more }),
  }));
}

function determinism({ make, trials }: Suite): ContractCheck[] {
  const answers = ({ events }: FidelityResult) =>
    events.map((event) => (event.kind === 'next' ? event.job : event.verdicts));
  return [
    {
      name: 'decides the same when the same is replayed',
      run: () => {
        for (const seed of [1, 2, 3, 4]) {
          const study = { ...ordinary(seed, trials), workerCount: 5 };
          const result = ended(make, study);
          checkSame('the replay', replayFidelity(make(), study, result.events), answers(result));
        }
      },
    },
    {
      name: 'decides in one study as if there were no other',
      run: () => {
        const scheduler = make();
        const [study, other] = [ordinary(1, trials), ordinary(2, trials)];
        const alone = answers(ended(make, study));
        ended(() => scheduler, other);
        checkSame('the decisions after another study', answers(ended(() => scheduler, study)), alone);
      },
    },
    {
      name: 'decides what can be written down and read again',
      run: () => {
        for (const answer of answers(ended(make, ordinary(7, trials)))) {
          const read = structuredClone(answer);
          checkSame('a decision that was read again', JSON.parse(JSON.stringify(answer)), read);
          const values = (Array.isArray(answer) ? answer : [answer]).flatMap((one) => Object.values(one));
          check(
            values.every((value) => typeof value === 'string' || Number.isFinite(value)),
            () => `a decision must consist of texts and finite numbers, not ${values}`,
          );
        }
      },
    },
  ];
}

function fairness({ make, trials }: Suite): ContractCheck[] {
  return [
    {
      name: 'never stops a trial that improves, and is better than all others at every step',
      run: () => {
        for (const best of [0, 1, Math.floor(trials / 2), trials - 1]) {
          const study = ordinary(best, trials);
          const scoreOf = (trial: number, step: number) =>
            trial === best ? 10 + step : (study.scoreOf(trial, step) as number);
          const { status } = ended(make, { ...study, scoreOf }).trials[best]!;
          check(status !== 'stopped', () => `trial ${best}, the best at every step, must not be stopped`);
        }
      },
    },
  ];
}
