/**
 * Who is decided on where an interval is a plateau: a population that decides together waits for one of its best score, a member that
 * decides alone for one of its own.
 */
import { type Interval, isPlateau, type MemberReport, type Span, trialsToDecide } from '../schedulers/index.js';
import type { Space } from '../space/index.js';
import { scheduled } from './scheduled.js';
import type { Checkpoint, StudyState, TrialState } from './state.js';

/** A segment that a plateau is looked for in. */
interface Stretch {
  /** `null`: there was none. */
  readonly score: number | null;
  /** What the schedule and the commands said of it. */
  readonly interval: Interval;
}

/**
 * The trials to decide on after a generation: all that reported, or, while a plateau is awaited, those without a score.
 *
 * @param reported by trial number
 */
export function trialsAtBarrier(
  state: StudyState,
  space: Space,
  reported: readonly Pick<MemberReport, 'trial' | 'score'>[],
  generation: number,
): number[] {
  if (!mayAwaitPlateau(state)) return reported.map(({ trial }) => trial);
  const stretches = generationsOf(state, generation).map(({ best, fromStep }, at): Stretch => {
    return { score: best, interval: scheduled(state, space, at, fromStep).interval };
  });
  return trialsToDecide(stretches.at(-1)!.interval, reported, sinceDecision(stretches));
}

/**
 * Whether a member of an asynchronous population is decided on now that its segment counts: it is, unless its interval is a plateau that
 * it has not reached. Its scores are compared since it was last decided on: a copy begins with the score of what it is a copy of.
 */
export function isReadyAlone(state: StudyState, space: Space, member: TrialState): boolean {
  if (!mayAwaitPlateau(state) || member.checkpoint === null) return true;
  const stretches = sinceCopy(member).map(({ score, generation, fromStep }): Stretch => {
    return { score, interval: scheduled(state, space, generation, fromStep).interval };
  });
  const report = { trial: member.trial, score: member.checkpoint.score };
  return trialsToDecide(stretches.at(-1)!.interval, [report], sinceDecision(stretches)).length > 0;
}

/** The checkpoints of a member since it last became a copy, oldest first: what it is a copy of, and its own. */
function sinceCopy({ trial, checkpoint, copies }: TrialState): Checkpoint[] {
  const copiedAfter = copies.at(-1)?.generation ?? -1;
  const found: Checkpoint[] = [];
  for (let at = checkpoint; at !== null; at = at.previous) {
    found.push(at);
    if (at.trial !== trial || at.generation <= copiedAfter) break;
  }
  return found.reverse();
}

/** The scores that a plateau is looked for in after the last of these segments: from that of the last decision on. */
function sinceDecision(stretches: readonly Stretch[]): (number | null)[] {
  const scores: (number | null)[] = [];
  for (const [at, { score, interval }] of stretches.entries()) {
    scores.push(score);
    const isDecision = !isPlateauInterval(interval) || isPlateau(scores, interval.plateau);
    if (isDecision && at < stretches.length - 1) scores.splice(0, scores.length - 1);
  }
  return scores;
}

function isPlateauInterval(interval: Interval | undefined): interval is Exclude<Interval, Span> {
  return typeof interval === 'object' && 'plateau' in interval;
}

function mayAwaitPlateau({ settings: { strategy, schedule = [] }, commands }: StudyState): boolean {
  const changes = [...schedule, ...commands];
  if (isPlateauInterval(strategy.interval)) return true;
  return changes.some((one) => one.kind === 'interval' && isPlateauInterval(one.interval));
}

/** Of each generation up to `last` the best score (`null`: nobody had one), and where the furthest member began it. */
function generationsOf({ trials }: StudyState, last: number): { best: number | null; fromStep: number }[] {
  const generations = Array.from({ length: last + 1 }, () => ({ best: null as number | null, fromStep: 0 }));
  for (const { segments } of trials) {
    for (const { generation, score, fromStep } of segments) {
      const of = generations[generation];
      if (of === undefined) continue;
      if (score !== null && score > (of.best ?? Number.NEGATIVE_INFINITY)) of.best = score;
      if (fromStep > of.fromStep) of.fromStep = fromStep;
    }
  }
  return generations;
}
