import { foldIn, type Key, seedKey } from '../../random/index.js';
import { type Hyperparameters, validateHyperparameters } from '../../space/index.js';
import { errors } from '../errors.js';
import { isFeasible } from '../pareto.js';
import { Decisions } from './decisions.js';
import { Ledger } from './ledger.js';
import type { Setup } from './options.js';
import { type Told, toldRecord } from './outcome.js';
import { type AskTellRecord, type ReportedRecord, toJournal, type Verdict } from './records.js';

/**
 * A study's decisions and its journal. Whatever happens is decided first, then recorded, then taken in; a replay takes in the
 * records that there are, and asks for the decisions again only to compare them and to bring the scheduler up to date.
 */
export class StudyCore {
  readonly ledger: Ledger;
  readonly records: AskTellRecord[] = [];
  readonly #decisions: Decisions;
  readonly #key: Key;

  constructor(readonly setup: Setup) {
    this.ledger = new Ledger(setup.settings, setup.space);
    this.#decisions = new Decisions(setup.deciders, this.ledger);
    this.#key = foldIn(seedKey(setup.settings.seed), 'study');
  }

  /** Whether the study asks for another trial, if somebody has a place for it. */
  get wantsMore(): boolean {
    const { ended, trials, trialLimit } = this.ledger;
    if (ended !== null) return false;
    return this.#decisions.pauses ? !this.#decisions.isIdle : trials.length < trialLimit;
  }

  /** Adds a record and takes it in. */
  append(record: AskTellRecord): void {
    this.records.push(record);
    this.setup.onRecord(record);
    if (record.kind !== 'created') this.ledger.apply(record);
  }

  /** The number of the next trial, or of a paused one that goes on; `null` if the scheduler has none for now, or any more. */
  ask(): number | null {
    const { pauses } = this.#decisions;
    // what cannot be proposed must not have started; a scheduler that pauses may want something else
    const early = pauses ? null : this.#decisions.propose();
    const job = this.#decisions.next(this.#newTrial);
    if (job === 'idle') {
      this.append(pauses ? { kind: 'idle' } : { kind: 'ended', reason: 'scheduler' });
      this.endIfDue();
      return null;
    }
    if (job !== 'start') {
      this.append({ kind: 'resumed', trial: job.resume });
      return job.resume;
    }
    const { by, hyperparameters: proposed, note } = early ?? this.#decisions.propose();
    const trial = this.ledger.trials.length;
    const hyperparameters = validateHyperparameters(this.setup.space, proposed);
    this.append({ kind: 'asked', trial, hyperparameters, by, note });
    return trial;
  }

  report(trial: number, step: number, value: number): Verdict {
    const verdict = this.#decisions.report(trial, step, value);
    this.append({ kind: 'reported', trial, step, value: toJournal(value), verdict });
    this.dropPaused();
    return verdict;
  }

  /** Paused trials that the scheduler stopped are over. */
  dropPaused(): void {
    // telling one may be what drops the next
    for (let [next] = this.#decisions.dropped; next !== undefined; [next] = this.#decisions.dropped)
      this.tell(next, 'pruned');
  }

  /** The number of a trial that would start; `null`: no more start. */
  get #newTrial(): number | null {
    const { trials, trialLimit } = this.ledger;
    return trials.length < trialLimit ? trials.length : null;
  }

  /** @param message why it failed, if it did */
  tell(trial: number, told: Told, message?: string): void {
    const record = toldRecord(this.setup.settings, this.ledger.trials[trial]!, told, message);
    this.#finish(record);
    this.append(record);
    this.dropPaused();
    this.endIfDue();
  }

  enqueue(hyperparameters: Hyperparameters): void {
    this.append({ kind: 'enqueued', hyperparameters });
  }

  /** Ends the study if the results so far say so. */
  endIfDue(): void {
    const reason = this.ledger.ended === null ? this.#endReason() : null;
    if (reason !== null) this.append({ kind: 'ended', reason });
  }

  /**
   * Takes in one record of a journal.
   *
   * @param verify whether to ask the sampler again, and compare
   *
   * Errors: STUDY_REPLAY_DIFFERS, STUDY_JOURNAL_INVALID.
   */
  replay(record: AskTellRecord, verify: boolean): void {
    // before anything is decided: a decision on a trial that does not run would fail in its own way
    this.#checkTurn(record);
    if (record.kind === 'asked' || record.kind === 'resumed' || record.kind === 'idle') this.#verifyJob(record);
    if (record.kind === 'asked' && verify) this.#verifyAsked(record);
    if (record.kind === 'reported') this.#verifyReported(record);
    if (record.kind === 'told') this.#finish(record);
    // the scheduler said that it was the last when the next was about to start
    if (record.kind === 'ended' && record.reason === 'scheduler') this.#decisions.next(this.#newTrial);
    this.records.push(record);
    this.ledger.apply(record);
  }

  /** For the objective's own randomness. */
  trialKey(trial: number): Key {
    return foldIn(this.#key, 'trial', trial);
  }

  #finish(record: AskTellRecord & { readonly kind: 'told' }): void {
    const first = record.status === 'complete' ? Number(record.values[0]!) : null;
    this.#decisions.finish(record.trial, first);
  }

  #endReason(): string | null {
    const { ledger, setup } = this;
    const { target } = setup.settings;
    const { finished, steps, space, settings, running, trials, trialLimit } = ledger;
    const last = finished.at(-1);
    if (target !== null && last?.status === 'complete' && isFeasible(last)) {
      if (last.losses[0]! <= ledger.loss(target, 0)) return 'target';
    }
    const view = { finished, steps, space, key: this.#key, objectiveCount: settings.directions.length };
    const rule = last === undefined ? undefined : setup.rules.find((one) => one.shouldStop(view));
    if (rule !== undefined) return rule.name;
    if (this.#decisions.pauses) return running.size === 0 && this.#decisions.isIdle ? 'trials' : null;
    return trials.length >= trialLimit && running.size === 0 ? 'trials' : null;
  }

  #checkTurn(record: AskTellRecord): void {
    if (record.kind === 'asked' && record.trial !== this.ledger.trials.length) {
      throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${record.trial} is asked for out of turn` });
    }
    if (record.kind !== 'reported' && record.kind !== 'told') return;
    const status = this.ledger.trials[record.trial]?.status;
    if (status === 'running' || (status === 'paused' && record.kind === 'told')) return;
    throw errors.STUDY_JOURNAL_INVALID({ why: `trial ${record.trial} is ${record.kind}, but does not run` });
  }

  /** The scheduler has to answer as it did. */
  #verifyJob(record: AskTellRecord & { readonly kind: 'asked' | 'resumed' | 'idle' }): void {
    const job = this.#decisions.next(this.#newTrial);
    const replayed = typeof job === 'object' ? `resumed trial ${job.resume}` : job;
    const journal =
      record.kind === 'resumed' ? `resumed trial ${record.trial}` : record.kind === 'asked' ? 'start' : 'idle';
    if (journal !== replayed) throw this.#differs('what a free place does', journal, replayed);
  }

  #verifyAsked(record: AskTellRecord & { readonly kind: 'asked' }): void {
    const { hyperparameters, note } = this.#decisions.propose();
    const [journal, replayed] = [record, { hyperparameters, note }].map((one) =>
      JSON.stringify([one.hyperparameters, one.note]),
    );
    if (journal !== replayed) throw this.#differs(`trial ${record.trial}`, journal, replayed);
  }

  #verifyReported({ trial, step, value, verdict }: ReportedRecord): void {
    const replayed = this.#decisions.report(trial, step, Number(value));
    if (replayed !== verdict) throw this.#differs(`the verdict on trial ${trial}, step ${step},`, verdict, replayed);
  }

  #differs(what: string, journal: unknown, replayed: unknown): Error {
    return errors.STUDY_REPLAY_DIFFERS({ what, journal, replayed });
  }
}
