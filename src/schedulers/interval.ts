/** How often a population decides: after a number of steps or epochs, or once it no longer improves. */
import type { MemberReport } from './scheduler.js';

/** A stretch of training: a number of steps, or of epochs (passes over the training rows; a part of one is allowed). */
export type Span = number | { readonly epochs: number };

/**
 * The population decides at the end of the first segment at which its best score has not improved for a while; in an asynchronous one
 * each member is decided on once its own has not.
 */
export interface Plateau {
  /** Segments in a row without improvement: an integer, at least 1. */
  readonly patience: number;
  /** What counts as an improvement: more than this, in the objective's unit; at least 0. */
  readonly minDelta: number;
  /** Length of a segment. */
  readonly every: Span;
}

/** When the population decides. A span: at the end of each such stretch. */
export type Interval = Span | { readonly plateau: Plateau };

const spanMust = 'an integer of at least 1 (steps), or a text such as "125 steps", "2 epochs" or "0.5 epochs"';

export const intervalMust = `${spanMust}, or { plateau: { patience: 3, minDelta: 0.001, every: 125 } }`;

/** Reads a span as it is written: 125, '125 steps', '2 epochs', { epochs: 2 }. `undefined` if it is none. */
export function parseSpan(given: unknown): Span | undefined {
  if (typeof given === 'number') return isSteps(given) ? given : undefined;
  if (typeof given === 'string') return parseSpanText(given);
  const epochs = onlyEntry(given, 'epochs');
  return isEpochs(epochs) ? { epochs } : undefined;
}

function parseSpanText(text: string): Span | undefined {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*(steps?|epochs?)\s*$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const amount = Number(digits);
  if (unit.startsWith('step')) return isSteps(amount) ? amount : undefined;
  return isEpochs(amount) ? { epochs: amount } : undefined;
}

/**
 * Reads an interval as it is written: a span, or { plateau: { patience, minDelta, every } }, where patience is 3 and minDelta
 * 0 by default. `undefined` if it is none.
 */
export function parseInterval(given: unknown): Interval | undefined {
  const plateau = onlyEntry(given, 'plateau');
  if (plateau === undefined) return parseSpan(given);
  if (typeof plateau !== 'object' || plateau === null) return undefined;
  const known = ['patience', 'minDelta', 'every'];
  if (Object.keys(plateau).some((name) => !known.includes(name))) return undefined;
  const { patience = 3, minDelta = 0, every } = plateau as Record<string, unknown>;
  const span = parseSpan(every);
  if (span === undefined || !isSteps(patience) || !Number.isFinite(minDelta) || (minDelta as number) < 0)
    return undefined;
  return { plateau: { patience, minDelta: minDelta as number, every: span } };
}

function onlyEntry(given: unknown, name: string): unknown {
  if (typeof given !== 'object' || given === null || Object.keys(given).length !== 1) return undefined;
  return (given as Record<string, unknown>)[name];
}

function isSteps(given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= 1;
}

function isEpochs(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given) && given > 0;
}

/** Whether segments of this interval can be planned only where the length of an epoch is known. */
export function needsEpochs(interval: Interval): boolean {
  return typeof spanOf(interval) === 'object';
}

/**
 * Steps of a segment: epochs are rounded to whole steps, at least 1.
 *
 * @param stepsPerEpoch training rows divided by the batch size, above 0; used where the interval is in epochs
 */
export function segmentSteps(interval: Interval, stepsPerEpoch: number): number {
  const span = spanOf(interval);
  return typeof span === 'number' ? span : Math.max(1, Math.round(span.epochs * stepsPerEpoch));
}

function spanOf(interval: Interval): Span {
  return typeof interval === 'object' && 'plateau' in interval ? interval.plateau.every : interval;
}

/**
 * Whether the population has stopped improving: none of the last `patience` results is more than `minDelta` above the best
 * before them.
 *
 * @param bests the population's best score (higher is better) of the last decision's segment and of each one since, oldest
 * first; `null` where no member had one. Before the first decision they begin with the first segment's.
 */
export function isPlateau(bests: readonly (number | null)[], { patience, minDelta }: Plateau): boolean {
  let best = Number.NEGATIVE_INFINITY;
  let waited = -1; // the first result is what the others are compared with
  for (const score of bests) {
    const improves = score !== null && score > best + minDelta;
    waited = improves && waited >= 0 ? 0 : waited + 1;
    if (score !== null) best = Math.max(best, score);
  }
  return waited >= patience;
}

/**
 * Whom to decide on at the end of a segment: everybody where the interval says that the population decides now; otherwise only
 * members without a score, which have no state to go on from and are replaced at once. All others go on as they are.
 *
 * @param bests as for `isPlateau`; not looked at unless the interval is a plateau
 */
export function trialsToDecide(
  interval: Interval,
  members: readonly Pick<MemberReport, 'trial' | 'score'>[],
  bests: readonly (number | null)[],
): number[] {
  const waits = typeof interval === 'object' && 'plateau' in interval && !isPlateau(bests, interval.plateau);
  const ready = waits ? members.filter(({ score }) => !Number.isFinite(score)) : members;
  return ready.map(({ trial }) => trial).sort((a, b) => a - b);
}
