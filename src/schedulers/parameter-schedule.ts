/**
 * What is tuned while a population runs: parameters that are frozen, unfrozen or introduced, and how often the population
 * decides; by a schedule in the sweep, by commands on the study, or both.
 */
import { type Hyperparameters, type Parameter, parseSpace, type Space, type Value } from '../space/index.js';
import type { Interval } from './interval.js';
import { type Action, type Command, type Schedule, type ScheduleEntry, subjectsOf } from './schedule-entries.js';

/** A study's schedule: what holds from the start, and what changes it. */
export interface SchedulePlan {
  /** The study's, with what its schedule introduces (see `withIntroduced`). */
  readonly space: Space;
  readonly interval: Interval;
  /** `null`: none. */
  readonly target: number | null;
  readonly schedule: Schedule;
  /** In the order in which they were journaled. */
  readonly commands: readonly Command[];
}

/** What holds for one segment. */
export interface ScheduleState {
  /** Mutable parameters that are not explored: frozen, or not introduced yet. */
  readonly frozen: ReadonlySet<string>;
  /** Parameters that are not introduced yet, at the value that every trial has of them. */
  readonly held: Hyperparameters;
  /** The study's space, with the ranges that apply. The very same object where they are the study's own. */
  readonly space: Space;
  readonly interval: Interval;
  readonly target: number | null;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * What holds for the segment of this number: for its hyperparameters (the decision before it, or the proposal of the first
 * one), its length, and the target at its end.
 *
 * Of several actions on the same parameter the one with the latest moment holds; of the same moment, a command's
 * rather than the schedule's, then the one that is written later. To introduce also unfreezes.
 *
 * @param generation of the segment, counted from 0: as many as were decided before it
 * @param step steps behind the state that it begins with
 */
export function scheduleAt(plan: SchedulePlan, generation: number, step: number): ScheduleState {
  if (plan.schedule.length === 0 && plan.commands.length === 0) {
    return { frozen: nothing, held: {}, space: plan.space, interval: plan.interval, target: plan.target };
  }
  const due = new Map<string, Action[]>();
  const entries = inOrder(plan).filter(({ from }) =>
    'step' in from ? from.step <= step : from.generation <= generation,
  );
  for (const entry of entries) {
    for (const subject of subjectsOf(entry)) due.set(subject, [...(due.get(subject) ?? []), entry]);
  }
  const frozen = new Set<string>();
  const held: Record<string, Value> = {};
  const starts = new Map(plan.schedule.flatMap((one) => (one.kind === 'introduce' ? [[one.name, one.start]] : [])));
  const parameters = plan.space.parameters.map((parameter) => {
    const { name } = parameter;
    const actions = due.get(`parameter ${name}`) ?? [];
    const introduced = actions.findLast((action) => action.kind === 'introduce');
    const waits = starts.has(name) && introduced === undefined;
    if (waits) held[name] = starts.get(name)!;
    if (waits || actions.at(-1)?.kind === 'freeze') frozen.add(name);
    return introduced === undefined ? parameter : withRange(parameter, introduced.definition);
  });
  const changed = parameters.some((parameter, i) => parameter !== plan.space.parameters[i]);
  const interval = due.get('interval')?.at(-1);
  const target = due.get('target')?.at(-1);
  return {
    frozen,
    held,
    space: changed ? { ...plan.space, parameters } : plan.space,
    interval: interval?.kind === 'interval' ? interval.interval : plan.interval,
    target: target?.kind === 'target' ? target.target : plan.target,
  };
}

/**
 * All actions by their moment. A subject's entries in the schedule all count in the same unit, and a command has both, so that
 * for each subject this is an order.
 */
function inOrder({ schedule, commands }: SchedulePlan): ScheduleEntry[] {
  const inSteps = new Set(schedule.filter(({ from }) => 'step' in from).flatMap(subjectsOf));
  const asked = commands.flatMap((command) =>
    perSubject(command).map((action): ScheduleEntry => {
      const { generation, step } = command;
      return { ...action, from: inSteps.has(subjectsOf(action)[0]!) ? { step } : { generation } };
    }),
  );
  const at = ({ from }: ScheduleEntry) => ('step' in from ? from.step : from.generation);
  // sorting is stable, and moments of different units never meet in one subject
  return [
    ...schedule.flatMap((entry) => perSubject(entry).map((action) => ({ ...action, from: entry.from }))),
    ...asked,
  ].sort((a, b) => at(a) - at(b));
}

/** The same, with one parameter each. */
function perSubject(action: Action): Action[] {
  return 'names' in action ? action.names.map((name) => ({ kind: action.kind, names: [name] })) : [action];
}

/** The parameter in another range; when it is active stays as it is. */
function withRange(parameter: Parameter, definition: unknown): Parameter {
  const [changed] = parseSpace({ [parameter.name]: definition }).parameters;
  return { ...changed!, conditions: parameter.conditions };
}
