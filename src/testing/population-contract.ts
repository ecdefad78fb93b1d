/**
 * What every population scheduler must do, as checks that run in any test runner: it decides once for each trial that is ready, lets
 * copies be made of healthy members only, and keeps to the space.
 */
import { foldIn, type Key, seedKey, shuffled, uniform } from '../random/index.js';
import type {
  DecideInput,
  Decision,
  HistoryEntry,
  LineageEntry,
  MemberReport,
  Scheduler,
} from '../schedulers/index.js';
import {
  contains,
  describeValue,
  type Hyperparameters,
  isActive,
  type ParameterDefinition,
  parseSpace,
  type Space,
  type SpaceDefinition,
  sampleSpace,
} from '../space/index.js';
import { type ContractCheck, check, checkSame, deepFreeze } from './contract.js';
import { spacesToSample } from './sampler-spaces.js';

/** A member's score in a generation, by its place in the population; `null`: it failed. */
type ScoreOf = (place: number, generation: number, key: Key) => number | null;

interface Population {
  readonly seed: number;
  readonly size: number;
  /** Generations behind it. */
  readonly generations: number;
  readonly scoreOf: ScoreOf;
}

export interface PopulationContractOptions {
  /** Members of the largest population: at least 2. Fewer where a decision takes long, as with a model of the response. Default: 1,000. */
  readonly largest?: number;
}

/**
 * The checks of a scheduler, in vitest for example: `for (const { name, run } of populationContract(myScheduler)) it(name, run);`
 *
 * @param make a new scheduler; all that it makes must be alike. Asked many times.
 */
export function populationContract(
  make: () => Scheduler,
  { largest = 1000 }: PopulationContractOptions = {},
): readonly ContractCheck[] {
  return [
    { name: 'has a name', run: () => check(make().name.trim() !== '', () => 'a scheduler must have a name') },
    ...spaces(make),
    ...changedSpaces(make),
    ...populations(make, largest),
    ...determinism(make),
    {
      name: 'decides for those that are ready only',
      run: () => {
        const input = inputOf(ordinary(1));
        for (const { trial } of input.members) decide(make(), { ...input, ready: [trial] });
        decide(make(), { ...input, ready: [] });
      },
    },
    {
      name: 'leaves frozen parameters as they are in the parent',
      run: () => {
        for (const [, space] of spacesToSample()) {
          const mutable = space.parameters.filter(({ structural }) => !structural).map(({ name }) => name);
          for (const frozen of [mutable, mutable.slice(0, 1)]) {
            for (const seed of [1, 2, 3])
              decide(make(), { ...inputOf(ordinary(seed), space), frozen: new Set(frozen) });
          }
        }
      },
    },
  ];
}

const luck: ScoreOf = (_place, _generation, key) => uniform(key);

function ordinary(seed: number): Population {
  return { seed, size: 8, generations: 3, scoreOf: luck };
}

function spaces(make: () => Scheduler): ContractCheck[] {
  return [...spacesToSample()].map(([what, space]) => ({
    name: `decides in ${what}`,
    run: () => {
      for (const seed of [1, 2, 3]) decide(make(), inputOf(ordinary(seed), space));
    },
  }));
}

/** As by a schedule or a command: what changes is mutable, and members still have what they trained with. */
function changedSpaces(make: () => Scheduler): ContractCheck[] {
  const other = { float: [0, 1] } as const;
  const cases: readonly (readonly [what: string, before: SpaceDefinition, after: SpaceDefinition])[] = [
    ['a range has become narrower', { a: { float: [0, 1] }, other }, { a: { float: [0.4, 0.6] }, other }],
    ['a range has moved away', { a: { float: [0, 1] }, other }, { a: { float: [5, 6] }, other }],
    [
      'a range has become logarithmic',
      { a: { float: [0, 1] }, other },
      { a: { float: [0.01, 1], scale: 'log' }, other },
    ],
    ['a parameter is introduced', { a: held(0), other }, { a: { float: [0.01, 0.2], scale: 'log' }, other }],
    ['an integer is introduced', { a: held(0), other }, { a: { int: [1, 9], structural: false }, other }],
    [
      "the parent's item is gone",
      { a: { choice: [1, 2, 3], structural: false }, other },
      { a: { choice: [4, 5], structural: false }, other },
    ],
    [
      "the parent's ordinal item is gone",
      { a: { ordinal: [1, 2, 3], structural: false }, other },
      { a: { ordinal: [2, 3, 4], structural: false }, other },
    ],
  ];
  return cases.map(([what, before, after]) => ({
    name: `decides where ${what}`,
    run: () => {
      for (const seed of [1, 2, 3]) {
        decide(make(), { ...inputOf(ordinary(seed), parseSpace(before)), space: parseSpace(after) });
      }
    },
  }));
}

/** A parameter that all members have at one value. */
function held(value: number): ParameterDefinition {
  return { choice: [value], structural: false };
}

function populations(make: () => Scheduler, largest: number): ContractCheck[] {
  const base = ordinary(7);
  const some = (share: number, other: number | null): ScoreOf => {
    return (place, _, key) => (uniform(foldIn(key, 'which')) < share ? other : uniform(key) + place / 100);
  };
  const cases: readonly (readonly [string, Partial<Population>])[] = [
    ['an empty population', { size: 0 }],
    ['a member alone', { size: 1 }],
    ['a member alone that failed', { size: 1, scoreOf: () => null }],
    ['two members', { size: 2 }],
    [`${largest} members`, { size: largest, generations: 2 }],
    ['a first generation', { generations: 1 }],
    ['a tenth generation', { generations: 10 }],
    ['members that failed', { scoreOf: some(0.3, null) }],
    ['nothing but members that failed', { scoreOf: () => null }],
    ['members that all failed at last', { scoreOf: (_, generation, key) => (generation === 2 ? null : uniform(key)) }],
    ['scores that are NaN', { scoreOf: some(0.3, Number.NaN) }],
    ['infinite scores', { scoreOf: some(0.3, 1 / 0) }],
    ['scores of minus infinity', { scoreOf: some(0.3, -1 / 0) }],
    ['equal scores', { scoreOf: () => 0.5 }],
    ['the largest and smallest scores', { scoreOf: (place) => (place % 2 === 0 ? 1 : -1) * Number.MAX_VALUE }],
    ['scores that fall', { generations: 8, scoreOf: (place, generation) => place - 100 * generation }],
  ];
  return cases.map(([what, more]) => ({
    name: `decides with ${what}`,
    run: () => {
      const seeds = more.size === largest ? [1] : [1, 2, 3];
      for (const seed of seeds) decide(make(), inputOf({ ...base, ...more, seed }));
    },
  }));
}

function determinism(make: () => Scheduler): ContractCheck[] {
  return [
    {
      name: 'decides the same for the same input, whatever it decided before',
      run: () => {
        const scheduler = make();
        const input = inputOf(ordinary(1));
        const first = decide(make(), input);
        decide(scheduler, inputOf(ordinary(2)));
        checkSame('the decisions after others', decide(scheduler, input), first);
        const read = JSON.parse(JSON.stringify(first));
        checkSame('the decisions, written down and read again', read, structuredClone(first));
      },
    },
    {
      name: 'decides the same in whatever order members are given',
      run: () => {
        for (const seed of [1, 2, 3]) {
          const input = inputOf({ ...ordinary(seed), scoreOf: (place) => place % 3 });
          const other = {
            ...input,
            members: shuffled(input.key, input.members),
            ready: shuffled(input.key, input.ready),
          };
          checkSame('the decisions in another order', decide(make(), other), decide(make(), input));
        }
      },
    },
    {
      name: 'decides otherwise under another key, if it draws at all',
      run: () => {
        const input = inputOf({ ...ordinary(1), size: 40 });
        const under = (seed: number) => decide(make(), { ...input, key: seedKey(seed) });
        const copies = under(1).some(({ kind }) => kind === 'exploit');
        const same = JSON.stringify(under(1)) === JSON.stringify(under(2));
        check(!copies || !same, () => 'two keys must not lead to the same copies');
      },
    },
  ];
}

/** A population as it stands at the end of a generation, none of whose members was ever a copy. */
function inputOf(population: Population, space = mixed()): DecideInput {
  const { seed, size, generations } = population;
  const key = seedKey(seed);
  // with gaps, and not in order
  const trials = shuffled(
    key,
    Array.from({ length: size }, (_, place) => 3 + 2 * place),
  );
  const members = trials.map((trial, place) => member(population, space, trial, place));
  const history = Array.from({ length: generations }, (_, generation) => segments(members, generation)).flat();
  const generation = generations - 1;
  const frozen = new Set<string>();
  return { space, key, generation, members: deepFreeze(members), ready: trials, frozen, history: deepFreeze(history) };
}

function member({ seed, generations, scoreOf }: Population, space: Space, trial: number, place: number): MemberReport {
  const key = foldIn(seedKey(seed), trial);
  const hyperparameters = sampleSpace(space, foldIn(key, 'point'));
  const scores = Array.from({ length: generations }, (_, at) => scoreOf(place, at, foldIn(key, 'score', at)));
  const lineage = scores.flatMap((score, generation): LineageEntry[] => {
    if (score === null || Number.isNaN(score)) return [];
    return [{ trial, generation, steps: stepsAt(generation), score, hyperparameters, kept: true }];
  });
  const generation = generations - 1;
  return { trial, score: scores[generation]!, hyperparameters, generation, steps: stepsAt(generation), lineage };
}

/** The members' segments of one generation that have a score. */
function segments(members: readonly MemberReport[], generation: number): HistoryEntry[] {
  return members.flatMap(({ trial, hyperparameters, lineage }) => {
    const entry = lineage.find((one) => one.generation === generation);
    if (entry === undefined) return [];
    const before = lineage.find((one) => one.generation === generation - 1)?.score ?? null;
    const [fromStep, toStep] = [stepsAt(generation - 1), stepsAt(generation)];
    return [{ trial, generation, fromStep, toStep, hyperparameters, before, score: entry.score }];
  });
}

function stepsAt(generation: number): number {
  return 100 * (generation + 1);
}

function mixed(): Space {
  return spacesToSample().get('a space of every kind')!;
}

/** The scheduler's decisions. Errors: ContractBroken unless all are allowed. */
function decide(scheduler: Scheduler, input: DecideInput): Decision[] {
  const decisions = scheduler.decide(input);
  checkSame(
    'the trials that are decided on (those that are ready, by number)',
    decisions.map(({ trial }) => trial),
    [...input.ready].sort((a, b) => a - b),
  );
  for (const decision of decisions) checkDecision(input, decision);
  return decisions;
}

function checkDecision(input: DecideInput, decision: Decision): void {
  const { trial } = decision;
  switch (decision.kind) {
    case 'continue':
      return;
    case 'fail': {
      const healthy = input.members.some(({ score }) => Number.isFinite(score));
      check(!healthy, () => `trial ${trial} must not fail while a member is healthy`);
      check(decision.reason.trim() !== '', () => `trial ${trial} must fail with a reason`);
      return;
    }
    case 'exploit':
      checkCopy(input, decision);
      return;
    default:
      decision satisfies never;
  }
}

function checkCopy(input: DecideInput, decision: Decision & { readonly kind: 'exploit' }): void {
  const { trial, parent, parentGeneration, hyperparameters } = decision;
  const copied = parentGeneration === undefined ? healthyMember(input, decision) : checkpoint(input, decision);
  checkPoint(input.space, trial, hyperparameters);
  for (const { name, structural } of input.space.parameters) {
    if (!structural && !input.frozen.has(name)) continue;
    const [value, inherited] = [hyperparameters[name], copied[name]];
    check(
      value === inherited,
      () => `trial ${trial} must have its parent's "${name}", ${inherited} as in trial ${parent}, not ${value}`,
    );
  }
  for (const { name, to } of decision.changes) {
    check(hyperparameters[name] === to, () => `what changes says of "${name}" must be what trial ${trial} gets`);
  }
}

function healthyMember({ members }: DecideInput, { trial, parent }: Decision & { readonly kind: 'exploit' }) {
  const found = members.find((member) => member.trial === parent);
  check(parent !== trial, () => `trial ${trial} must not become a copy of itself as it stands`);
  check(
    found !== undefined && Number.isFinite(found.score),
    () => `the parent of trial ${trial} must be a member with a finite score, not trial ${parent} with ${found?.score}`,
  );
  return found.hyperparameters;
}

function checkpoint({ history }: DecideInput, { trial, parent, parentGeneration }: Decision & { kind: 'exploit' }) {
  const found = history.find((entry) => entry.trial === parent && entry.generation === parentGeneration);
  check(
    found !== undefined && Number.isFinite(found.score),
    () =>
      `trial ${trial} must go back to a segment with a finite score, not to generation ${parentGeneration} of ${parent}`,
  );
  return found.hyperparameters;
}

function checkPoint(space: Space, trial: number, hyperparameters: Hyperparameters): void {
  const active = space.parameters.filter((parameter) => isActive(parameter, hyperparameters));
  const names = active.map(({ name }) => name);
  checkSame(`the names of trial ${trial}'s hyperparameters`, Object.keys(hyperparameters), names);
  for (const parameter of active) {
    const value = hyperparameters[parameter.name];
    check(
      contains(parameter, value),
      () =>
        `"${parameter.name}" of trial ${trial} must be in range, on the grid and of its type, not ${describeValue(value)}`,
    );
  }
}
