/** A parameter schedule as it is written, and as it is kept: who is frozen, unfrozen, introduced, and when. */
import {
  contains,
  describeValue,
  type Parameter,
  type ParameterDefinition,
  parseSpace,
  type Space,
  type SpaceDefinition,
  type Value,
} from '../space/index.js';
import { errors } from './errors.js';
import { type Interval, intervalMust, parseInterval } from './interval.js';

/** From when on: a segment of the trial, counted from 0, or steps behind its state; integers of at least 0. */
export type Moment = { readonly generation: number } | { readonly step: number };

/** What changes. Plain data: it is written to the journal. */
export type Action =
  /** Copies keep their parent's values of these. */
  | { readonly kind: 'freeze'; readonly names: readonly string[] }
  /** They are explored again. */
  | { readonly kind: 'unfreeze'; readonly names: readonly string[] }
  /**
   * The parameter is explored from now on, in this range, frozen or not before. One that a schedule introduces is held at
   * `start` until then.
   */
  | {
      readonly kind: 'introduce';
      readonly name: string;
      readonly definition: ParameterDefinition;
      /** Any value of its kind, also one out of range: 0, for one whose range is on a log scale. */
      readonly start: Value;
    }
  /** The population decides as often as this. */
  | { readonly kind: 'interval'; readonly interval: Interval }
  /** The study ends once a trial reaches this value, in the metric's own unit. */
  | { readonly kind: 'target'; readonly target: number };

export type ScheduleEntry = Action & { readonly from: Moment };

/** In the order in which it is written, which changes nothing. */
export type Schedule = readonly ScheduleEntry[];

/**
 * An action that was asked for while the study ran or stood: it acts from this generation, as if it had been written so. Copies that were made
 * for this segment before it was asked for stay as they are.
 */
export type Command = Action & {
  /** The first segment for which it counts. */
  readonly generation: number;
  /** Steps behind the state that this segment begins with. */
  readonly step: number;
};

const actions = ['freeze', 'unfreeze', 'introduce', 'interval', 'target'] as const;
const known = ['at', 'step', ...actions];

/**
 * Reads a schedule as it is written: `[{ at: 10, freeze: [dropout] }, { step: 2000, interval: 250 }]`. An entry has one of
 * `at` (a generation) and `step`, and at least one action; `undefined` is a schedule without entries.
 *
 * Errors: SCHEDULERS_SCHEDULE_NOT_A_LIST, …_ENTRY_INVALID, …_KEY_UNKNOWN, …_STRUCTURAL, …_INTRODUCED_TWICE, …_UNITS_MIXED;
 * SPACE_… for the range of a parameter that is introduced.
 */
export function parseSchedule(given: unknown): Schedule {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw errors.SCHEDULERS_SCHEDULE_NOT_A_LIST({ given });
  const schedule = given.flatMap((entry, index) => parseEntry(entry, index + 1));
  checkIntroductions(schedule);
  checkUnits(schedule);
  return schedule;
}

/**
 * Reads the actions of one entry without its moment, for a command: `{ freeze: [dropout] }`.
 *
 * Errors: those of `parseSchedule`.
 */
export function parseActions(given: unknown): readonly Action[] {
  return readActions(given, 1, actions);
}

function parseEntry(given: unknown, index: number): ScheduleEntry[] {
  const written = readActions(given, index, known);
  const { at, step } = given as Record<string, unknown>;
  if ((at === undefined) === (step === undefined)) throw invalid(index, 'have either at (a generation) or step', given);
  const moment = at ?? step;
  if (!Number.isSafeInteger(moment) || (moment as number) < 0)
    throw invalid(index, 'have an integer of at least 0 as at or step', moment);
  const from: Moment = at === undefined ? { step: moment as number } : { generation: moment as number };
  return written.map((action) => ({ ...action, from }));
}

function readActions(given: unknown, index: number, allowed: readonly string[]): Action[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(index, 'be an object such as { at: 10, freeze: [dropout] }', given);
  const entry = given as Record<string, unknown>;
  const unknown = Object.keys(entry).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw errors.SCHEDULERS_SCHEDULE_KEY_UNKNOWN({ index, name: unknown, known: allowed });
  const present = actions.filter((name) => entry[name] !== undefined);
  if (present.length === 0) throw invalid(index, `have at least one of ${actions.join(', ')}`, given);
  return present.flatMap((kind): Action[] => readAction(kind, entry[kind], index));
}

function readAction(kind: Action['kind'], given: unknown, index: number): Action[] {
  switch (kind) {
    case 'freeze':
    case 'unfreeze':
      return [{ kind, names: parseNames(kind, given, index) }];
    case 'introduce':
      return parseIntroductions(given, index);
    case 'interval': {
      const interval = parseInterval(given);
      if (interval === undefined) throw invalid(index, `have ${intervalMust} as interval`, given);
      return [{ kind, interval }];
    }
    case 'target':
      if (typeof given !== 'number' || !Number.isFinite(given)) throw invalid(index, 'have a number as target', given);
      return [{ kind, target: given }];
    default:
      return kind satisfies never;
  }
}

function parseNames(kind: string, given: unknown, index: number): readonly string[] {
  const names: unknown = typeof given === 'string' ? [given] : given;
  const fits = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!fits) throw invalid(index, `have a list of parameters as ${kind}, such as [dropout]`, given);
  return names;
}

function parseIntroductions(given: unknown, index: number): Action[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    throw invalid(
      index,
      'have parameters by name as introduce, such as { labelSmoothing: { float: [0, 0.2] } }',
      given,
    );
  }
  return Object.entries(given).map(([name, written]) => parseIntroduction(name, written, index));
}

function parseIntroduction(name: string, written: unknown, index: number): Action {
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw invalid(index, `have a range or a choice for "${name}"`, written);
  const { start: given, ...rest } = written as Record<string, unknown>;
  // an integer or a choice is structural unless it says otherwise, which here it cannot be
  const definition = { structural: false, ...rest } as unknown as ParameterDefinition;
  const parameter = parseSpace({ [name]: definition }).parameters[0]!;
  if (parameter.structural) throw errors.SCHEDULERS_SCHEDULE_STRUCTURAL({ name });
  const start = given ?? parameter.default ?? lowest(parameter);
  if (!isOfKind(parameter, start))
    throw invalid(index, `have a start for "${name}" that is ${kindOf(parameter)}`, start);
  return { kind: 'introduce', name, definition, start };
}

function lowest(parameter: Parameter): Value {
  if (parameter.kind === 'fixed') return parameter.value;
  return parameter.kind === 'choice' ? parameter.items[0]! : parameter.low;
}

function isOfKind(parameter: Parameter, start: unknown): start is Value {
  if (parameter.kind === 'float') return Number.isFinite(start);
  return parameter.kind === 'int' ? Number.isSafeInteger(start) : contains(parameter, start);
}

function kindOf(parameter: Parameter): string {
  if (parameter.kind === 'choice') return `one of ${parameter.items.map(describeValue).join(', ')}`;
  return parameter.kind === 'int' ? 'an integer' : 'a finite number';
}

function checkIntroductions(schedule: Schedule): void {
  const names = schedule.flatMap((entry) => (entry.kind === 'introduce' ? [entry.name] : []));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw errors.SCHEDULERS_SCHEDULE_INTRODUCED_TWICE({ name: twice });
}

/** What an action is about: entries about the same must be in an order, which generations and steps are not. */
export function subjectsOf(action: Action): readonly string[] {
  if ('names' in action) return action.names.map((name) => `parameter ${name}`);
  return action.kind === 'introduce' ? [`parameter ${action.name}`] : [action.kind];
}

function checkUnits(schedule: Schedule): void {
  const units = new Map<string, string>();
  for (const entry of schedule) {
    const unit = 'step' in entry.from ? 'step' : 'at';
    for (const subject of subjectsOf(entry)) {
      if ((units.get(subject) ?? unit) !== unit) throw errors.SCHEDULERS_SCHEDULE_UNITS_MIXED({ subject });
      units.set(subject, unit);
    }
  }
}

/**
 * The space of a study whose schedule introduces parameters: they are part of it from the start, so that a model is fed them
 * from the start. One that is there already stays as it is written.
 */
export function withIntroduced(definition: SpaceDefinition, schedule: Schedule): SpaceDefinition {
  const introduced = schedule.flatMap((entry) => (entry.kind === 'introduce' ? [[entry.name, entry.definition]] : []));
  return {
    ...definition,
    ...Object.fromEntries(introduced.filter(([name]) => !Object.hasOwn(definition, name as string))),
  };
}

/**
 * Checks that a schedule's entries, or a command's actions, are about mutable parameters of the space.
 *
 * @param space the study's, with what its schedule introduces
 *
 * Errors: SCHEDULERS_SCHEDULE_PARAMETER_UNKNOWN, …_STRUCTURAL, …_OTHER_KIND.
 */
export function checkActions(list: readonly Action[], { parameters }: Space): void {
  for (const action of list) {
    const names = 'names' in action ? action.names : action.kind === 'introduce' ? [action.name] : [];
    for (const name of names) {
      const found = parameters.find((parameter) => parameter.name === name);
      const mutable = parameters.filter(({ structural }) => !structural).map((parameter) => parameter.name);
      if (!found) throw errors.SCHEDULERS_SCHEDULE_PARAMETER_UNKNOWN({ name, known: mutable });
      if (found.structural) throw errors.SCHEDULERS_SCHEDULE_STRUCTURAL({ name });
      if (action.kind === 'introduce') checkKind(found, action.definition);
    }
  }
}

function checkKind(parameter: Parameter, definition: ParameterDefinition): void {
  const { name, kind } = parameter;
  const given = parseSpace({ [name]: definition }).parameters[0]!;
  const isNumber = (one: string) => one === 'float' || one === 'int';
  if (given.kind !== kind && !(isNumber(given.kind) && isNumber(kind)))
    throw errors.SCHEDULERS_SCHEDULE_OTHER_KIND({ name, kind, given: given.kind });
}

function invalid(index: number, must: string, given: unknown): Error {
  return errors.SCHEDULERS_SCHEDULE_ENTRY_INVALID({ index, must, given });
}
