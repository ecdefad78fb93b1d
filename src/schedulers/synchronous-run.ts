/** Synchronous successive halving, in one bracket after another: a rung is decided when all its trials are through. */
import type { Bracket } from './brackets.js';
import type { FidelityReport, FidelityRun, Job, Verdict } from './fidelity.js';
import { type RungEntry, ranksAbove } from './rungs.js';
import { noScore, rankable, TrialBook } from './trial-book.js';

/** A bracket under way. */
interface OpenBracket {
  readonly bracket: Bracket;
  /** Whether it takes no new trials. */
  filled: boolean;
  /** Trials that it started. */
  startedCount: number;
  /** The rung that its trials train for. */
  rung: number;
  /** Trials of this rung that did not report yet, running or waiting to be resumed. */
  pendingCount: number;
  /** Results at this rung, without those of failed trials. */
  results: RungEntry[];
  /** Promoted trials that no worker has taken yet, best first. */
  waiting: number[];
}

/**
 * The verdicts depend on scores alone, not on which result came first or on the number of workers: the n-th new trial is in the same
 * bracket, each bracket is decided by itself, and a rung only as a whole. Workers that find a rung undecided start on the next bracket.
 *
 * If the study starts no more trials, the bracket that is being filled goes on with those it has. At least one trial is promoted
 * from each rung, as long as one has a score; failed ones count as its worst.
 */
export class SynchronousRun implements FidelityRun {
  readonly #book = new TrialBook<OpenBracket>();
  #open: OpenBracket[] = [];
  #bracketCount = 0;
  /** Stops decided while no report was being answered. */
  #late: Verdict[] = [];

  /** @param cycle the brackets to run, again and again */
  constructor(
    readonly cycle: readonly Bracket[],
    readonly reduction: number,
  ) {}

  next(newTrial: number | null): Job {
    if (newTrial === null) this.#closeUnfilled();
    return this.#resume() ?? this.#start(newTrial) ?? { kind: this.#book.runningCount > 0 ? 'wait' : 'done' };
  }

  report(report: FidelityReport): readonly Verdict[] {
    const { memory: open } = this.#book.report(report);
    const { trial, step, score } = report;
    const last = step >= open.bracket.steps.at(-1)!;
    if (rankable(score) && !last && step < open.bracket.steps[open.rung]!) {
      return [{ kind: 'continue', trial, toStep: open.bracket.steps[open.rung]! }];
    }
    open.pendingCount--;
    const verdicts = new Map<number, Verdict>(this.#late.splice(0).map((verdict) => [verdict.trial, verdict]));
    verdicts.set(trial, this.#own(open, report, last));
    for (const verdict of this.#decide(open)) verdicts.set(verdict.trial, verdict);
    return [...verdicts.values()].sort((a, b) => a.trial - b.trial);
  }

  #own(open: OpenBracket, { trial, score }: FidelityReport, last: boolean): Verdict {
    if (rankable(score) && !last) {
      open.results.push({ trial, score });
      this.#book.mark(trial, 'paused');
      return { kind: 'pause', trial };
    }
    this.#book.mark(trial, 'over');
    return rankable(score) ? { kind: 'complete', trial } : { kind: 'stop', trial, reason: noScore };
  }

  /** Decides the bracket's rung if all its trials are through, and returns who stops. */
  #decide(open: OpenBracket): Verdict[] {
    if (!open.filled || open.pendingCount > 0) return [];
    const { bracket, rung, startedCount } = open;
    const ranked = open.results.sort((a, b) => (ranksAbove(a, b) ? -1 : 1));
    const room = Math.max(1, Math.floor(startedCount / this.reduction ** (rung + 1)));
    this.#climb(open, ranked.slice(0, room));
    const reason = `it is not among the best ${room} at the rung of ${bracket.steps[rung]} steps`;
    const stopped = ranked.slice(room).map(({ trial }): Verdict => {
      this.#book.mark(trial, 'over');
      return { kind: 'stop', trial, reason };
    });
    return open.results.length > 0 ? [...stopped, ...this.#decide(open)] : stopped;
  }

  /** Moves the bracket to its next rung. Trials that trained so far already are through there, too. */
  #climb(open: OpenBracket, promoted: readonly RungEntry[]): void {
    const toStep = open.bracket.steps[++open.rung];
    const isThrough = ({ trial }: RungEntry) => toStep !== undefined && this.#book.get(trial).step >= toStep;
    open.results = promoted.filter(isThrough);
    open.waiting = promoted.filter((entry) => !isThrough(entry)).map(({ trial }) => trial);
    open.pendingCount = open.waiting.length;
    if (promoted.length === 0) this.#open = this.#open.filter((other) => other !== open);
  }

  #resume(): Job | undefined {
    const open = this.#open.find(({ waiting }) => waiting.length > 0);
    if (open === undefined) return undefined;
    const trial = open.waiting.shift()!;
    this.#book.mark(trial, 'running');
    return { kind: 'resume', trial, toStep: open.bracket.steps[open.rung]! };
  }

  #start(newTrial: number | null): Job | undefined {
    if (newTrial === null) return undefined;
    const open = this.#open.find(({ filled }) => !filled) ?? this.#openNext();
    this.#book.start(newTrial, open);
    open.startedCount++;
    open.pendingCount++;
    open.filled = open.startedCount === open.bracket.trialCount;
    return { kind: 'start', toStep: open.bracket.steps[0]!, bracket: open.bracket.index };
  }

  #openNext(): OpenBracket {
    const bracket = this.cycle[this.#bracketCount++ % this.cycle.length]!;
    const open = { bracket, filled: false, startedCount: 0, rung: 0, pendingCount: 0, results: [], waiting: [] };
    this.#open.push(open);
    return open;
  }

  /** Whoever is stopped here learns it with the next report: at least one trial is promoted, and will report. */
  #closeUnfilled(): void {
    const open = this.#open.find(({ filled }) => !filled);
    if (open === undefined) return;
    open.filled = true;
    this.#late.push(...this.#decide(open));
  }
}
