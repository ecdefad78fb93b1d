/** A study in small, that a sampler is checked in: it asks for trials, invents their results and checks every proposal. */
import { foldIn, type Key, seedKey, uniform } from '../random/index.js';
import type { Note, Observation, Proposal, ProposeInput, Sampler } from '../samplers/index.js';
import { contains, describeValue, encode, firstBroken, isActive, type Space } from '../space/index.js';
import { check, checkSame, deepFreeze } from './contract.js';

/** How a trial ended. */
export type Outcome = Partial<Omit<Observation, 'trial' | 'hyperparameters'>>;

/** Observations are frozen: a sampler that changes its history throws. */
export class SimulatedStudy {
  readonly studyKey: Key;
  #history: readonly Observation[] = [];

  constructor(
    readonly sampler: Sampler,
    readonly space: Space,
    seed: number,
    readonly objectiveCount = 1,
    history: readonly Observation[] = [],
  ) {
    this.studyKey = seedKey(seed);
    this.#history = deepFreeze([...history]);
  }

  get history(): readonly Observation[] {
    return this.#history;
  }

  /** What the sampler is asked next. */
  input(): ProposeInput {
    const trial = 1 + (this.#history.at(-1)?.trial ?? -1);
    const { space, studyKey, objectiveCount } = this;
    return { space, key: foldIn(studyKey, 'trial', trial), studyKey, trial, history: this.#history, objectiveCount };
  }

  /** Asks for the next trial, which is running from now on. Errors: ContractBroken if the proposal is not allowed. */
  ask(): Observation {
    const input = this.input();
    const proposal = this.sampler.propose(input);
    checkProposal(this.space, proposal);
    const { hyperparameters, note = null } = proposal;
    return this.add({
      trial: input.trial,
      hyperparameters,
      status: 'running',
      losses: [],
      violations: [],
      reports: [],
      note,
    });
  }

  add(observation: Observation): Observation {
    this.#history = deepFreeze([...this.#history, observation]);
    return observation;
  }

  /** Ends a trial; what `outcome` does not say is as of a complete trial with the losses of {@link lossesOf}. */
  tell(trial: number, outcome: Outcome = {}): void {
    const ended = (one: Observation): Observation => {
      const losses = outcome.status === 'failed' ? [] : lossesOf(this.space, one, this.objectiveCount);
      return { ...one, status: 'complete', losses, ...outcome };
    };
    this.#history = deepFreeze(this.#history.map((one) => (one.trial === trial ? ended(one) : one)));
  }

  /** Runs `count` trials one after another, which end as `outcomeOf` says. */
  run(count: number, outcomeOf: (trial: number) => Outcome = () => ({})): void {
    for (let ran = 0; ran < count; ran++) {
      const { trial } = this.ask();
      this.tell(trial, outcomeOf(trial));
    }
  }
}

/** Smooth in the numbers, different for the items; each objective is least elsewhere. At least 0. */
function lossesOf({ parameters }: Space, { hyperparameters }: Observation, objectiveCount: number): readonly number[] {
  return Array.from({ length: objectiveCount }, (_, objective) => {
    const best = objectiveCount === 1 ? 0.3 : objective / (objectiveCount - 1);
    return parameters.reduce((sum, parameter) => {
      const value = Object.hasOwn(hyperparameters, parameter.name) ? hyperparameters[parameter.name] : undefined;
      return contains(parameter, value) ? sum + (encode(parameter, value) - best) ** 2 : sum;
    }, 0);
  });
}

/** A finite loss of either sign, by trial. */
export function anyLoss(trial: number): number {
  return 10 * uniform(foldIn(seedKey(11), 'loss', trial)) - 5;
}

/** Errors: ContractBroken unless it is an allowed point of the space, with a note that survives being written down. */
export function checkProposal(space: Space, { hyperparameters, note = null }: Proposal): void {
  const active = space.parameters.filter((parameter) => isActive(parameter, hyperparameters));
  const names = active.map(({ name }) => name);
  checkSame(
    'the names of a proposal (those of the active parameters, in the order of the space)',
    Object.keys(hyperparameters),
    names,
  );
  for (const parameter of active) {
    const value = hyperparameters[parameter.name];
    const text = () => `${JSON.stringify(parameter.name)}, proposed as ${describeValue(value)}`;
    check(
      contains(parameter, value),
      () => `a proposed value must be in range, on the grid and of its type: ${text()}`,
    );
    check(!Object.is(value, -0), () => `a proposed value must not be -0, which JSON does not have: ${text()}`);
  }
  const broken = firstBroken(space, hyperparameters);
  check(broken === undefined, () => `a proposal must satisfy "${broken?.text}": ${JSON.stringify(hyperparameters)}`);
  check(isNote(note), () => `a note must be JSON: ${describeValue(note)}`);
}

function isNote(note: unknown): note is Note {
  if (typeof note === 'number') return Number.isFinite(note);
  if (note === null || typeof note === 'boolean' || typeof note === 'string') return true;
  return typeof note === 'object' && Object.values(note).every(isNote);
}
