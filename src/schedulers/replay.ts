/**
 * Replay: the schedule of hyperparameters that a population found, on a fresh model. Jaderberg et al. 2017, "Population based
 * training of neural networks", section 4.4 ("adaptivity"), https://arxiv.org/abs/1711.09846, asks so whether it is the schedule
 * that helps, or its last values only.
 */
import { contains, type Hyperparameters, type Space, validateHyperparameters } from '../space/index.js';
import { errors } from './errors.js';
import type { LineageEntry } from './scheduler.js';

/** A stretch of training with the same hyperparameters. */
export interface ReplaySegment {
  readonly fromStep: number;
  readonly toStep: number;
  readonly hyperparameters: Hyperparameters;
}

/** What a schedule is made of. */
export type LineageStep = Pick<LineageEntry, 'steps' | 'hyperparameters'>;

/**
 * What led to a member's state, from the first step of its oldest ancestor to its last one. Segments are kept as they were, also
 * where hyperparameters stay the same, so that a replay is evaluated where the original was.
 *
 * @param lineage of the member, oldest first
 */
export function replaySchedule(lineage: readonly LineageStep[]): readonly ReplaySegment[] {
  return lineage.map(({ steps, hyperparameters }, i) => {
    return { fromStep: lineage[i - 1]?.steps ?? 0, toStep: steps, hyperparameters };
  });
}

/**
 * Checks a schedule that comes from outside (a file, a person) against the space of the study that replays it. It has to begin at
 * step 0 and have no gaps; structural hyperparameters stay the same throughout. Mutable numbers may be out of range: a
 * parameter can have been held at such a value before it was introduced.
 *
 * Errors: SCHEDULERS_REPLAY_NOT_A_LIST, …_SEGMENT_INVALID, …_STRUCTURAL_CHANGES; SPACE_… for hyperparameters.
 */
export function parseReplaySchedule(given: unknown, space: Space): readonly ReplaySegment[] {
  if (!Array.isArray(given) || given.length === 0) throw errors.SCHEDULERS_REPLAY_NOT_A_LIST({ given });
  const segments: ReplaySegment[] = [];
  for (const [index, segment] of given.entries()) {
    segments.push(parseSegment(segment, index + 1, segments.at(-1)?.toStep ?? 0, space));
  }
  for (const { name, structural } of space.parameters) {
    const values = segments.map(({ hyperparameters }) => hyperparameters[name]);
    const other = values.findIndex((value) => structural && value !== values[0]);
    if (other >= 0) throw errors.SCHEDULERS_REPLAY_STRUCTURAL_CHANGES({ name, index: other + 1 });
  }
  return segments;
}

function parseSegment(given: unknown, index: number, fromStep: number, space: Space): ReplaySegment {
  const segment = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  const toStep = segment.toStep;
  if (segment.fromStep !== fromStep || !Number.isSafeInteger(toStep) || (toStep as number) <= fromStep) {
    throw errors.SCHEDULERS_REPLAY_SEGMENT_INVALID({ index, fromStep, given });
  }
  return { fromStep, toStep: toStep as number, hyperparameters: parseValues(segment.hyperparameters, space) };
}

function parseValues(given: unknown, space: Space): Hyperparameters {
  const outside = Object.entries((given ?? {}) as Record<string, unknown>).filter(([name, value]) => {
    const parameter = space.parameters.find((one) => one.name === name);
    const isNumber = parameter?.kind === 'float' || parameter?.kind === 'int';
    return isNumber && !parameter.structural && Number.isFinite(value) && !contains(parameter, value);
  });
  // checked as if they were at the end of the range, and then put back
  const inside = outside.map(([name]) => [
    name,
    (space.parameters.find((one) => one.name === name) as { low: number }).low,
  ]);
  const checked = validateHyperparameters(space, isObject(given) ? { ...given, ...Object.fromEntries(inside) } : given);
  return { ...checked, ...(Object.fromEntries(outside) as Hyperparameters) };
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

/**
 * What a trial that follows the schedule trains next; `null` at its end. A pure function of where the trial stands: the seed
 * changes initial weights and batches, never the schedule.
 *
 * @param step steps behind the trial's state; between two ends of segments (after an interruption), the rest of the segment
 */
export function nextReplaySegment(schedule: readonly ReplaySegment[], step: number): ReplaySegment | null {
  const segment = schedule.find(({ toStep }) => toStep > step);
  return segment === undefined ? null : { ...segment, fromStep: Math.max(step, segment.fromStep) };
}
