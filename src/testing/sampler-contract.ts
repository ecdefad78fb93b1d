/**
 * What every sampler must do, as checks that run in any test runner. After Optuna's `optuna/testing/pytest_samplers.py`, from
 * which most of the cases are, with the laws of this software added: the same input gives the same proposal, conditions,
 * constraints, and a history that is not the sampler's to change.
 */
import type { Observation, Sampler } from '../samplers/index.js';
import { type Hyperparameters, parseSpace, type Space } from '../space/index.js';
import { type ContractCheck, check, checkSame } from './contract.js';
import { mixedSpace, spacesThatChange, spacesToSample } from './sampler-spaces.js';
import { anyLoss, checkProposal, type Outcome, SimulatedStudy } from './simulated-study.js';

export interface SamplerContractOptions {
  /** Whether the sampler takes several objectives. One that does not must say so by an error. Default: `one`. */
  readonly objectives?: 'one' | 'several';
  /** Trials of each check, more than the sampler takes to start up. Default: 25. */
  readonly trials?: number;
  /** Trials of the longest history. Default: 10,000. */
  readonly longest?: number;
}

type Suite = Required<SamplerContractOptions> & { readonly make: () => Sampler };

/**
 * The checks of a sampler, in vitest for example: `for (const { name, run } of samplerContract(mySampler)) it(name, run);`
 *
 * @param make a new sampler; all that it makes must be alike. Asked many times.
 */
export function samplerContract(make: () => Sampler, options: SamplerContractOptions = {}): readonly ContractCheck[] {
  const suite: Suite = { objectives: 'one', trials: 25, longest: 10_000, ...options, make };
  return [
    { name: 'has a name', run: () => check(make().name.trim() !== '', () => 'a sampler must have a name') },
    ...proposals(suite),
    ...determinism(suite),
    ...outcomes(suite),
    ...histories(suite),
    ...objectives(suite),
  ];
}

function proposals({ make, trials }: Suite): ContractCheck[] {
  return [...spacesToSample()].map(([name, space]) => ({
    name: `proposes allowed values in ${name}`,
    run: () => new SimulatedStudy(make(), space, 7).run(trials),
  }));
}

function determinism({ make, trials }: Suite): ContractCheck[] {
  const mixed = mixedSpace();
  const floats = parseSpace({ a: { float: [0, 1] }, b: { float: [0, 1] } });
  const valuesOf = (space: Space, seed: number) => {
    const study = new SimulatedStudy(make(), space, seed);
    study.run(trials);
    return study.history.map(({ hyperparameters }) => hyperparameters);
  };
  return [
    {
      name: 'proposes the same for the same input, whatever it was asked before',
      run: () => {
        const study = new SimulatedStudy(make(), mixed, 7);
        const elsewhere = new SimulatedStudy(study.sampler, floats, 8);
        for (let trial = 0; trial < trials; trial++) {
          const input = study.input();
          const first = study.sampler.propose(input);
          checkSame('the proposal of a sampler that was asked for nothing else', make().propose(input), first);
          elsewhere.run(1);
          checkSame('the proposal after others, for another study', study.sampler.propose(input), first);
          const copy = structuredClone({ ...input, space: null });
          checkSame('the proposal for a copy', study.sampler.propose({ ...copy, space: mixed }), first);
          study.run(1);
        }
      },
    },
    {
      name: 'proposes the same in a study that is run again, and other things under another key',
      run: () => {
        checkSame('the second run', valuesOf(mixed, 7), valuesOf(mixed, 7));
        const [one, other] = [valuesOf(floats, 1), valuesOf(floats, 2)];
        check(JSON.stringify(one) !== JSON.stringify(other), () => 'two keys must not give the same trials');
      },
    },
    {
      name: 'does not propose the same values to all trials',
      run: () => {
        const distinct = new Set(valuesOf(floats, 7).map((values) => JSON.stringify(values)));
        check(distinct.size > 1, () => `${trials} trials must not all be ${[...distinct][0]}`);
      },
    },
    {
      name: 'leaves its input as it is',
      run: () => {
        const study = new SimulatedStudy(make(), mixed, 7);
        study.run(trials);
        const input = structuredClone({ ...study.input(), space: null });
        const before = JSON.stringify(input);
        make().propose({ ...input, space: mixed });
        check(JSON.stringify(input) === before, () => 'a sampler must not change what it is given');
      },
    },
  ];
}

function outcomes({ make, trials }: Suite): ContractCheck[] {
  const cases: readonly (readonly [what: string, outcomeOf: (trial: number) => Outcome])[] = [
    ['trials that failed', (trial) => (trial % 2 === 0 ? { status: 'failed', losses: [] } : {})],
    ['nothing but failed trials', () => ({ status: 'failed', losses: [] })],
    ['trials that were pruned', (trial) => (trial % 2 === 0 ? pruned(trial, anyLoss(trial)) : {})],
    ['nothing but pruned trials', (trial) => pruned(trial, anyLoss(trial))],
    ['trials that were pruned before a report', (trial) => (trial % 2 === 0 ? { status: 'pruned', losses: [] } : {})],
    ['trials that were pruned at an infinite loss', (trial) => pruned(trial, trial % 2 === 0 ? 1 / 0 : -1 / 0)],
    ['infinite losses', (trial) => ({ losses: [[anyLoss(trial), 1 / 0, -1 / 0][trial % 3]!] })],
    ['losses that are NaN', (trial) => (trial % 2 === 0 ? { losses: [Number.NaN] } : {})],
    ['nothing but losses that are NaN', () => ({ losses: [Number.NaN] })],
    ['nothing but infinite losses', () => ({ losses: [1 / 0] })],
    ['nothing but losses of minus infinity', () => ({ losses: [-1 / 0] })],
    ['the largest and smallest losses', (trial) => ({ losses: [(trial % 2 === 0 ? 1 : -1) * Number.MAX_VALUE] })],
    ['the least differences', (trial) => ({ losses: [trial * Number.MIN_VALUE] })],
    ['equal losses', () => ({ losses: [1] })],
    ['reports', (trial) => ({ reports: reports(trial, anyLoss(trial)) })],
    ['outcome constraints', (trial) => ({ violations: [anyLoss(trial), -1] })],
    ['outcome constraints that nothing satisfies', (trial) => ({ violations: [1 + trial, 1 / 0] })],
    ['outcome constraints known of some', (trial) => ({ violations: trial % 2 === 0 ? [] : [anyLoss(trial)] })],
  ];
  return cases.map(([what, outcomeOf]) => ({
    name: `goes on after ${what}`,
    run: () => new SimulatedStudy(make(), mixedSpace(), 7).run(trials, outcomeOf),
  }));
}

function pruned(trial: number, loss: number): Outcome {
  return { status: 'pruned', losses: [loss], reports: reports(trial, loss) };
}

function reports(trial: number, loss: number): Observation['reports'] {
  return Array.from({ length: 1 + (trial % 4) }, (_, step) => ({ step: step + 1, loss }));
}

function histories({ make, trials, longest }: Suite): ContractCheck[] {
  const mixed = mixedSpace();
  return [
    ...[...spacesThatChange()].map(([how, [before, after]]) => ({
      name: `goes on in a space whose parameters are now ${how}`,
      run: () => {
        const earlier = new SimulatedStudy(make(), before, 7);
        earlier.run(trials);
        new SimulatedStudy(make(), after, 7, 1, earlier.history).run(Math.ceil(trials / 4));
      },
    })),
    { name: 'goes on after one trial', run: () => withOutcomes(make, mixed, 1).run(1) },
    {
      name: 'goes on after trials that are all alike',
      run: () => withOutcomes(make, mixed, 2 * trials, mixedPoint).run(3),
    },
    {
      name: 'goes on after trials that others proposed',
      run: () => {
        const notes = [null, 'note', 7, [1], {}, { generation: -1 }, { generation: 1e9 }, { grid: 'x', sobol: -1 }];
        const study = new SimulatedStudy(make(), mixed, 7);
        study.run(trials);
        const foreign = study.history.map((one, at) => ({ ...one, note: notes[at % notes.length]! }));
        new SimulatedStudy(make(), mixed, 7, 1, foreign).run(3);
      },
    },
    {
      name: 'goes on where trial numbers have gaps',
      run: () => {
        const study = withOutcomes(make, mixed, trials);
        const sparse = study.history.map((one) => ({ ...one, trial: 3 * one.trial + 5 }));
        new SimulatedStudy(make(), mixed, 7, 1, sparse).run(3);
      },
    },
    {
      name: 'proposes to trials that run in parallel',
      run: () => {
        const study = new SimulatedStudy(make(), mixed, 7);
        for (let trial = 0; trial < trials + 8; trial++) {
          study.ask();
          // they end out of order, eight at a time
          if (trial >= 8) study.tell(trial % 2 === 0 ? trial - 8 : trial - 6);
        }
      },
    },
    {
      name: 'proposes while nothing but running trials are known',
      run: () => {
        const study = new SimulatedStudy(make(), mixed, 7);
        for (let trial = 0; trial < trials; trial++) study.ask();
      },
    },
    { name: `goes on after ${longest} trials`, run: () => withOutcomes(make, mixed, longest).run(2) },
  ];
}

/** One point of the mixed space. */
function mixedPoint(): Hyperparameters {
  return {
    rate: 0.01,
    momentum: 0.9,
    units: 64,
    layers: 2,
    activation: 'tanh',
    size: 'medium',
    isNormalised: true,
    batchSize: 64,
  };
}

/** A study with a history of `count` complete trials, made without asking the sampler. */
function withOutcomes(
  make: () => Sampler,
  space: Space,
  count: number,
  pointOf = (trial: number): Hyperparameters => ({
    ...mixedPoint(),
    rate: 10 ** -(4 * ((trial * 0.618) % 1)),
    units: 1 + ((trial * 37) % 512),
    layers: 1 + (trial % 4),
    isNormalised: trial % 2 === 0,
  }),
): SimulatedStudy {
  const history = Array.from({ length: count }, (_, trial): Observation => {
    const hyperparameters = pointOf(trial);
    checkProposal(space, { hyperparameters });
    return {
      trial,
      hyperparameters,
      status: 'complete',
      losses: [anyLoss(trial)],
      violations: [],
      reports: [],
      note: null,
    };
  });
  return new SimulatedStudy(make(), space, 7, 1, history);
}

function objectives({ make, trials, objectives: supported }: Suite): ContractCheck[] {
  if (supported === 'one')
    return [{ name: 'refuses several objectives by an error that says so', run: () => refuses(make) }];
  const several = [2, 3].map((count) => ({
    name: `proposes for ${count} objectives`,
    run: () => new SimulatedStudy(make(), mixedSpace(), 7, count).run(trials),
  }));
  return [
    ...several,
    {
      name: 'goes on after infinite losses of several objectives',
      run: () => {
        const losses = [1, 1 / 0, -1 / 0, 0];
        const outcomeOf = (trial: number) => ({ losses: [losses[trial % 4]!, losses[(trial >> 2) % 4]!] });
        new SimulatedStudy(make(), mixedSpace(), 7, 2).run(trials, outcomeOf);
      },
    },
    {
      name: 'goes on where the study had another number of objectives',
      run: () => {
        const study = new SimulatedStudy(make(), mixedSpace(), 7, 2);
        study.run(trials);
        new SimulatedStudy(make(), mixedSpace(), 7, 3, study.history).run(3);
      },
    },
  ];
}

function refuses(make: () => Sampler): void {
  let thrown: unknown;
  try {
    new SimulatedStudy(make(), mixedSpace(), 7, 2).run(1);
  } catch (error) {
    thrown = error;
  }
  const isClear = thrown instanceof Error && /objective/i.test(thrown.message);
  check(
    isClear,
    () => `asked for two objectives, a sampler of one must throw an error about objectives, not ${thrown}`,
  );
}
