import type { Sampler } from '../../samplers/index.js';
import type { FidelityScheduler } from '../../schedulers/index.js';
import { type Hyperparameters, parseSpace, type Space, type SpaceDefinition } from '../../space/index.js';
import { errors } from '../errors.js';
import type { StopRule } from '../stopping.js';
import type { EarlierTrial } from '../warm-start.js';
import type { Deciders } from './decisions.js';
import { defaultSampler } from './default-sampler.js';
import type { AskTellRecord, AskTellSettings, Direction } from './records.js';

/** What a study is made of. */
export interface StudyOptions<S extends SpaceDefinition = SpaceDefinition, D extends boolean = boolean> {
  /** What is tuned, by name. */
  readonly space: S;
  /** Relations that every trial's hyperparameters satisfy, such as `low < high`. Default: none. */
  readonly constraints?: readonly string[];
  /** Of the one objective. Default: `minimize`. */
  readonly direction?: Direction;
  /** Of several objectives, instead of `direction`. */
  readonly directions?: readonly Direction[];
  /** Names of numbers that are told with each result, and must be at most 0 in a feasible trial. Default: none. */
  readonly outcomeConstraints?: readonly string[];
  /** Default: TPE for one objective, NSGA-II for several. */
  readonly sampler?: Sampler;
  /** Stops trials early by their reports; one that pauses them in a `pausable` study only. For one objective only. Default: none. */
  readonly scheduler?: FidelityScheduler;
  /** Steps a trial can report at most; a scheduler needs it. An integer of at least 1. */
  readonly maxSteps?: number;
  /** An integer, 0 to 2^53 - 1. Default: 0. */
  readonly seed?: number;
  /** Trials the study asks for at most: an integer of at least 1. Default: as many as somebody asks for. */
  readonly trials?: number;
  /** The study ends once a feasible trial is as good as this, in the objective's unit. For one objective only. */
  readonly target?: number;
  /** Rules that may end the study after any result. Default: none. */
  readonly stop?: readonly StopRule[];
  /** Hyperparameters to try first; what one leaves out has its default, or is drawn. Default: none. */
  readonly enqueue?: readonly Partial<Hyperparameters>[];
  /** Trials of an earlier study for the sampler to learn from, as `earlierTrials` maps them. They are none of this study's own. */
  readonly earlier?: readonly EarlierTrial[];
  /** How many of the best of them to try first: an integer of at least 0. Default: 0. */
  readonly tryEarlier?: number;
  /**
   * Whether results count in a fixed order, so that the study is the same whatever the timing and for any number of workers.
   * Reports have to be awaited then. Default: `false`.
   */
  readonly deterministic?: D;
  /**
   * Whether trials can be paused: a report may be answered with `pause` then, upon which the objective keeps what it has and returns, and
   * `optimize` calls it again with the same trial when that goes on. For deterministic studies. Default: `false`.
   */
  readonly pausable?: boolean;
  /** Trials that run at a time, unless `optimize` says otherwise: an integer of at least 1. Default: 1. */
  readonly parallel?: number;
  /** Is given every record when it is made, to be kept. Default: records are in `study.journal` only. */
  readonly onRecord?: (record: AskTellRecord) => void;
}

/** Options with every default filled in. */
export interface Setup {
  readonly settings: AskTellSettings;
  readonly space: Space;
  readonly deciders: Deciders;
  readonly rules: readonly StopRule[];
  readonly onRecord: (record: AskTellRecord) => void;
}

interface Rule {
  /** Follows "must be". */
  readonly must: string;
  readonly holds: (given: unknown) => boolean;
}

const directions: readonly unknown[] = ['minimize', 'maximize'];
const anything: Rule = { must: '', holds: () => true };
const count: Rule = { must: 'an integer of at least 1', holds: isCountFrom(1) };
const list: Rule = { must: 'a list', holds: Array.isArray };

/** `constraints` and `space` are checked by the space's own parser, `enqueue` and `earlier` where they are taken in. */
const rules: { readonly [N in keyof StudyOptions]-?: Rule } = {
  space: anything,
  constraints: anything,
  direction: { must: 'minimize or maximize', holds: (given) => directions.includes(given) },
  directions: {
    must: 'a list of minimize and maximize, one for each objective',
    holds: (given) => Array.isArray(given) && given.length > 0 && given.every((one) => directions.includes(one)),
  },
  outcomeConstraints: {
    must: 'a list of different names',
    holds: (given) => Array.isArray(given) && given.every(isName) && new Set(given).size === given.length,
  },
  sampler: { must: 'a sampler, such as randomSampler()', holds: (given) => hasMethod(given, 'propose') },
  scheduler: { must: 'a multi-fidelity scheduler', holds: (given) => hasMethod(given, 'begin') },
  maxSteps: count,
  seed: { must: 'an integer from 0 to 2^53 - 1', holds: isCountFrom(0) },
  trials: count,
  target: { must: 'a finite number', holds: Number.isFinite },
  stop: {
    must: 'a list of stopping rules, such as [plateau({ trials: 50 })]',
    holds: (given) => Array.isArray(given) && given.every((rule) => hasMethod(rule, 'shouldStop')),
  },
  enqueue: list,
  earlier: list,
  tryEarlier: { must: 'an integer of at least 0', holds: isCountFrom(0) },
  deterministic: { must: 'true or false', holds: (given) => typeof given === 'boolean' },
  pausable: { must: 'true or false', holds: (given) => typeof given === 'boolean' },
  parallel: count,
  onRecord: { must: 'a function', holds: (given) => typeof given === 'function' },
};

/** Checks the options of a study and fills in the defaults. Errors: STUDY_OPTION_…, STUDY_ONE_OBJECTIVE_ONLY, SPACE_…. */
export function setUp(options: StudyOptions): Setup {
  checkOptions('createStudy', rules, options);
  const { sampler, scheduler = null, stop = [], onRecord = () => {} } = options;
  const directionList = directionsOf(options);
  checkObjectives(options, directionList.length);
  const space = parseSpace(options.space, { constraints: options.constraints });
  const deciders = { sampler: sampler ?? defaultSampler(directionList.length), scheduler };
  const settings: AskTellSettings = {
    space: options.space,
    constraints: options.constraints ?? [],
    directions: directionList,
    outcomeConstraints: options.outcomeConstraints ?? [],
    sampler: deciders.sampler.name,
    scheduler: scheduler?.name ?? null,
    stop: stop.map(({ name }) => name),
    maxSteps: options.maxSteps ?? null,
    seed: options.seed ?? 0,
    trials: options.trials ?? null,
    target: options.target ?? null,
    deterministic: options.deterministic ?? false,
    parallel: options.parallel ?? 1,
  };
  return { settings, space, deciders, rules: stop, onRecord };
}

/** Checks options by rules of the same names. Errors: STUDY_OPTION_UNKNOWN, STUDY_OPTION_INVALID. */
export function checkOptions(of: string, known: Readonly<Record<string, Rule>>, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw errors.STUDY_OPTION_INVALID({ of, name: 'options', must: 'an object of options by name', given });
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) throw errors.STUDY_OPTION_UNKNOWN({ of, name, known: Object.keys(known) });
    if (value !== undefined && !rule.holds(value)) {
      throw errors.STUDY_OPTION_INVALID({ of, name, must: rule.must, given: value });
    }
  }
}

function directionsOf({ direction, directions: several }: StudyOptions): readonly Direction[] {
  if (several === undefined) return [direction ?? 'minimize'];
  if (direction === undefined) return several;
  const must = 'absent where directions is given';
  throw errors.STUDY_OPTION_INVALID({ of: 'createStudy', name: 'direction', must, given: direction });
}

function checkObjectives(
  { scheduler, target, maxSteps, pausable = false, deterministic = false }: StudyOptions,
  objectiveCount: number,
): void {
  if (objectiveCount > 1 && scheduler !== undefined) throw oneOnly('a scheduler', objectiveCount);
  if (pausable && !deterministic) {
    const must = 'false where the study is not deterministic';
    throw errors.STUDY_OPTION_INVALID({ of: 'createStudy', name: 'pausable', must, given: pausable });
  }
  if (scheduler?.pauses === true && !pausable) {
    throw errors.STUDY_SCHEDULER_PAUSES({ scheduler: scheduler.name, did: 'pauses them' });
  }
  if (objectiveCount > 1 && target !== undefined) throw oneOnly('a target', objectiveCount);
  if (scheduler === undefined || maxSteps !== undefined) return;
  const must = `${count.must} where there is a scheduler: the steps of a trial that is not stopped`;
  throw errors.STUDY_OPTION_INVALID({ of: 'createStudy', name: 'maxSteps', must, given: maxSteps });
}

function oneOnly(what: string, objectiveCount: number): Error {
  return errors.STUDY_ONE_OBJECTIVE_ONLY({ what, objectiveCount });
}

function hasMethod(given: unknown, name: string): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const { name: ownName, [name]: method } = given as Record<string, unknown>;
  return typeof method === 'function' && typeof ownName === 'string';
}

function isName(given: unknown): boolean {
  return typeof given === 'string' && given.trim() !== '' && given !== '__proto__';
}

/** Whether it is an integer of at least `least`. */
export function isCountFrom(least: number): (given: unknown) => boolean {
  return (given) => Number.isSafeInteger(given) && (given as number) >= least;
}
