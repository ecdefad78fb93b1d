/**
 * A multi-fidelity scheduler at work on one study, as a function of the study's journal: it is brought up to date by making every decision
 * that is there again, in order, and then makes the next one. What it computed from a journal is kept for the next look at it, and
 * nothing depends on that.
 */
import { foldIn, type Key, seedKey } from '../random/index.js';
import type { Observation, Sampler } from '../samplers/index.js';
import type { FidelityRun, Job } from '../schedulers/index.js';
import { completePoint, type Space } from '../space/index.js';
import { dueAt, scoreOf } from './apply-segment.js';
import { canonical } from './canonical.js';
import { errors } from './errors.js';
import { objectivesOf } from './goals.js';
import { earlierObservations, observationOf } from './observations.js';
import type { OwnFunctions } from './population-decision.js';
import type { ProposedRecord, ResumedRecord, VerdictRecord } from './records.js';
import { isTrialwise, type StudySettings, type TrialwiseStrategy } from './settings.js';
import type { OrderedRecord, StudyState } from './state.js';
import { fidelitySchedulerOf, samplerOf } from './strategy-parts.js';
import { earliest } from './virtual-order.js';

type TrialDecision = ProposedRecord | ResumedRecord | VerdictRecord;

/** A decision; `wait`: it depends on segments that run; `done`: there is nothing to decide any more. */
export type NextDecision = TrialDecision | 'wait' | 'done';

export class TrialRun {
  readonly #strategy: TrialwiseStrategy;
  readonly #run: FidelityRun;
  readonly #sampler: Sampler;
  readonly #key: Key;
  readonly #earlier: readonly Observation[];
  /** Trials under way. */
  readonly #running = new Set<number>();
  /** Steps behind each trial's last result. */
  readonly #steps = new Map<number, number>();
  #startedCount = 0;
  /** What the scheduler said when a place was free and there was nothing to do, since which nothing was reported. */
  #idle: 'wait' | 'done' | undefined;
  #consumedCount = 0;
  #last: OrderedRecord | undefined;
  /** Decided, and not in the journal yet. */
  #pending: TrialDecision | undefined;

  private constructor(
    settings: StudySettings & { readonly strategy: TrialwiseStrategy },
    readonly space: Space,
    functions: OwnFunctions,
  ) {
    this.#strategy = settings.strategy;
    this.#key = foldIn(seedKey(settings.seed), 'study');
    this.#sampler = samplerOf(settings, functions.sampler);
    this.#earlier = earlierObservations(settings);
    const scheduler = fidelitySchedulerOf(settings.strategy, functions.scheduler);
    this.#run = scheduler.begin({ key: foldIn(this.#key, 'schedule'), maxSteps: settings.budget.steps });
  }

  /**
   * The run of a study, up to date with its journal. Errors: STUDY_JOURNAL_INVALID, or STUDY_OWN_SCHEDULER_DIFFERS, where it would have
   * decided otherwise.
   */
  static of(state: StudyState, space: Space, functions: OwnFunctions): TrialRun {
    const { settings, log } = state;
    const { strategy } = settings;
    if (!isTrialwise(strategy)) throw new Error(`${strategy.kind} does not decide trial by trial`);
    const known = runs.get(settings);
    const isCurrent = known?.space === space && known.#fits(log);
    const run = isCurrent ? known : new TrialRun({ ...settings, strategy }, space, functions);
    for (const record of log.slice(run.#consumedCount)) run.#takeUp(state, record);
    runs.set(settings, run);
    return run;
  }

  /** The next decision. Asked again before it is in the journal, it is the same. */
  next(state: StudyState): NextDecision {
    if (this.#pending !== undefined) return this.#pending;
    const decided = this.#decide(state);
    if (typeof decided !== 'string') this.#pending = decided;
    return decided;
  }

  #decide(state: StudyState): NextDecision {
    const job = this.#ask(state);
    if (job?.kind === 'start') return this.#propose(state, job.toStep);
    if (job?.kind === 'resume') return { kind: 'resumed', trial: job.trial, toStep: job.toStep };
    if (this.#running.size === 0) return 'done';
    const running = [...this.#running].map((trial) => state.trials[trial]!);
    const first = earliest(running, dueAt)!;
    return first.arrived === null ? 'wait' : this.#judge(state, first.trial);
  }

  /** What a free place does; `undefined`: there is none, or nothing to do before the next result counts. */
  #ask({ settings }: StudyState): Job | undefined {
    if (this.#idle !== undefined || this.#running.size >= this.#strategy.parallel) return undefined;
    const job = this.#run.next(this.#startedCount < this.#strategy.trials ? this.#startedCount : null);
    switch (job.kind) {
      case 'start':
        this.#running.add(this.#startedCount++);
        return { ...job, toStep: this.#evaluateBy(0, job.toStep, settings) };
      case 'resume':
        this.#running.add(job.trial);
        return { ...job, toStep: this.#evaluateBy(this.#steps.get(job.trial)!, job.toStep, settings) };
      case 'wait':
      case 'done':
        this.#idle = job.kind;
        return undefined;
      default:
        return job satisfies never;
    }
  }

  /** Where a segment ends that begins at `step`: where the scheduler asks for it, or sooner, to be evaluated on the way. */
  #evaluateBy(step: number, toStep: number, { budget }: StudySettings): number {
    const { interval = Number.POSITIVE_INFINITY } = this.#strategy;
    return Math.min(step + interval, toStep, budget.steps);
  }

  #propose({ trials, settings }: StudyState, toStep: number): ProposedRecord {
    const trial = trials.length;
    const { space } = this;
    const key = foldIn(this.#key, 'propose', trial);
    const given = settings.enqueue?.[trial];
    const record = { kind: 'proposed', trial, toStep } as const;
    if (given !== undefined) return { ...record, hyperparameters: completePoint(space, given, key) };
    const earlierCount = this.#earlier.length;
    const own = trials.map((one) => ({ ...observationOf(settings, one), trial: earlierCount + one.trial }));
    const input = {
      space,
      key,
      studyKey: this.#key,
      // numbers and positions agree
      trial: earlierCount + trial,
      history: [...this.#earlier, ...own],
      objectiveCount: objectivesOf(settings).length,
    };
    const { hyperparameters, note = null } = this.#sampler.propose(input);
    return { ...record, hyperparameters, ...(note === null ? {} : { note }) };
  }

  /** @param number of a trial whose segment arrived */
  #judge({ trials, settings }: StudyState, number: number): VerdictRecord {
    const { arrived, toStep, generation } = trials[number]!;
    const isDone = arrived?.kind === 'segment' && arrived.outcome === 'done';
    const score = isDone ? scoreOf(settings, arrived.metrics) : null;
    return this.#report(settings, { trial: number, generation, step: toStep!, score });
  }

  #report(
    settings: StudySettings,
    { trial, generation, step, score }: { trial: number; generation: number; step: number; score: number | null },
  ): VerdictRecord {
    this.#idle = undefined;
    this.#steps.set(trial, step);
    const verdicts = this.#run.report({ trial, step, score }).map((verdict) => {
      if (verdict.kind !== 'continue') this.#running.delete(verdict.trial);
      return verdict.kind === 'continue'
        ? { ...verdict, toStep: this.#evaluateBy(step, verdict.toStep, settings) }
        : verdict;
    });
    return { kind: 'verdict', trial, generation, step, verdicts };
  }

  #fits(log: readonly OrderedRecord[]): boolean {
    if (this.#consumedCount > log.length || log[this.#consumedCount - 1] !== this.#last) return false;
    const next = log[this.#consumedCount];
    return this.#pending === undefined || next === undefined || isSame(next, this.#pending);
  }

  /** Makes a decision of the journal again, but for what the sampler proposed. */
  #takeUp(state: StudyState, record: OrderedRecord): void {
    if (this.#pending === undefined) this.#repeat(state, record);
    this.#pending = undefined;
    this.#last = record;
    this.#consumedCount++;
  }

  #repeat(state: StudyState, record: OrderedRecord): void {
    const job = this.#ask(state);
    if (job?.kind === 'start' && record.kind === 'proposed' && record.toStep === job.toStep) return;
    if (job?.kind === 'resume' && isSame(record, { ...job, kind: 'resumed' })) return;
    if (job === undefined && record.kind === 'verdict') {
      const { trial, generation, step } = record;
      const score = state.trials[trial]?.segments[generation]?.score ?? null;
      if (isSame(record, this.#report(state.settings, { trial, generation, step, score }))) return;
    }
    if (this.#strategy.kind === 'own')
      throw errors.STUDY_OWN_SCHEDULER_DIFFERS({ path: this.#strategy.options.scheduler!, record });
    throw errors.STUDY_JOURNAL_INVALID({ why: `its strategy would not have decided ${JSON.stringify(record)}` });
  }
}

/** What was computed last for a study. */
const runs = new WeakMap<StudySettings, TrialRun>();

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
