import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seedKey } from '../../src/random/index.js';
import {
  asha,
  checkedScheduler,
  type FidelityScheduler,
  hyperband,
  medianStopping,
} from '../../src/schedulers/index.js';
import { simulateFidelity } from '../../src/testing/fidelity-simulation.js';
import { fidelityContract } from '../../src/testing/scheduler-contract.js';

const load = async (path: string): Promise<unknown> => (await import(new URL(path, import.meta.url).href)).default;
const made = (await load('../fixtures/schedulers/pairs.mjs')) as () => FidelityScheduler;
const example = (await load('../../examples/near-best.mjs')) as FidelityScheduler;

const sound: Record<string, () => FidelityScheduler> = {
  'ASHA by promotion': () => asha({}),
  'synchronous Hyperband': () => hyperband({}),
  'median stopping': () => medianStopping({}),
  'one of somebody’s own': made,
  'the example': () => example,
};

describe.each(Object.entries(sound))('%s, checked', (_, make) => {
  for (const { name, run } of fidelityContract(() => checkedScheduler(make()), { longest: 500 })) it(name, run);

  it('decides what it decides unchecked', () => {
    const scoreOf = (trial: number, step: number) => (trial % 5 === 4 ? null : Math.sin(trial * 7) - 1 / step);
    const study = { maxSteps: 27, trialCount: 40, workerCount: 3, scoreOf };
    expect(simulateFidelity(checkedScheduler(make()), study).events).toEqual(simulateFidelity(make(), study).events);
  });
});

it('is the example that the documentation shows', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, ...code] = read('../../examples/near-best.mjs').split('\n');
  expect(read('../../docs/schedulers.md')).toContain(`\`\`\`js\n${code.join('\n')}\`\`\``);
});

const context = { key: seedKey(1), maxSteps: 10 };
const start = { kind: 'start', toStep: 5, bracket: 0 };

/** The error of a scheduler that starts each trial for five steps, with one answer changed. */
function errorOf({
  pauses = false,
  begin,
  next,
  verdicts,
  score = 1,
}: {
  pauses?: boolean;
  begin?: unknown;
  /** Answers of `next`, in order. */
  next?: unknown;
  /** Answer to the first report: of trial 0 at step 5. */
  verdicts?: unknown;
  score?: number | null;
}): unknown {
  const run = { next: () => (next === undefined ? start : next), report: () => verdicts };
  const own = {
    name: 'mine',
    pauses,
    begin: () => (begin === undefined ? run : begin),
  } as unknown as FidelityScheduler;
  try {
    const checked = checkedScheduler(own).begin(context);
    checked.next(0);
    checked.report({ trial: 0, step: 5, score });
    return undefined;
  } catch (error) {
    return error;
  }
}

const invalid = (message: RegExp) => ({ code: 'SCHEDULERS_OWN_INVALID', message: expect.stringMatching(message) });

describe('an answer that no study can follow', () => {
  it.each<[string, Parameters<typeof errorOf>[0], RegExp]>([
    [
      'a run that is none',
      { begin: { next: () => start } },
      /"mine" must return an object with next and report, from begin, not \{\}/,
    ],
    ['no run', { begin: null }, /from begin, not null/],
    ['no job', { next: null }, /a job of the kind start, resume, wait or done, from next, not null/],
    ['a job of no kind', { next: { kind: 'begin' } }, /not \{"kind":"begin"\}/],
    [
      'a start without its end',
      { next: { kind: 'start', bracket: 0 } },
      /a toStep that is an integer above 0 and at most 10/,
    ],
    ['a start of no steps', { next: { ...start, toStep: 0 } }, /toStep/],
    ['a start of half a step', { next: { ...start, toStep: 2.5 } }, /toStep/],
    ['a start beyond the budget', { next: { ...start, toStep: 11 } }, /at most 10/],
    ['a start in no bracket', { next: { kind: 'start', toStep: 5 } }, /a bracket that is an integer/],
    [
      'the resume of a trial that is not paused',
      { next: { kind: 'resume', trial: 3, toStep: 9 } },
      /trial that is paused/,
    ],
    ['no verdicts', { verdicts: undefined }, /a list of verdicts, from report, not undefined/],
    ['no verdict for the trial', { verdicts: [] }, /one verdict for trial 0/],
    [
      'two verdicts',
      {
        verdicts: [
          { kind: 'stop', trial: 0, reason: 'a' },
          { kind: 'stop', trial: 0, reason: 'b' },
        ],
      },
      /none twice/,
    ],
    ['a verdict of no kind', { verdicts: [{ kind: 'promote', trial: 0 }] }, /continue, pause, stop or complete/],
    ['a verdict that is null', { verdicts: [null] }, /trials other than 0/],
    [
      'a verdict for a trial that runs',
      { verdicts: [{ kind: 'stop', trial: 1, reason: 'a' }] },
      /only stops of paused ones/,
    ],
    ['a step back', { verdicts: [{ kind: 'continue', trial: 0, toStep: 5 }] }, /an integer above 5/],
    ['a pause from one that never pauses', { verdicts: [{ kind: 'pause', trial: 0 }] }, /it never pauses/],
    ['a trial complete too early', { verdicts: [{ kind: 'complete', trial: 0 }] }, /that has its 10 steps/],
    ['a stop without a reason', { verdicts: [{ kind: 'stop', trial: 0 }] }, /with a reason/],
    [
      'a lost trial that goes on',
      { verdicts: [{ kind: 'continue', trial: 0, toStep: 10 }], score: null },
      /a stop of a trial that failed/,
    ],
  ])('is refused: %s', (_, answers, message) => {
    expect(errorOf(answers)).toMatchObject(invalid(message));
  });

  it('is refused: a start when no trial starts any more', () => {
    const own = { name: 'mine', pauses: false, begin: () => ({ next: () => start, report: () => [] }) };
    const run = checkedScheduler(own as unknown as FidelityScheduler).begin(context);
    expect(() => run.next(null)).toThrow(expect.objectContaining(invalid(/starts no more trials/)));
  });

  it('is refused: a paused trial that is resumed twice, or after it was stopped', () => {
    const jobs = [start, start, { kind: 'resume', trial: 0, toStep: 10 }, { kind: 'resume', trial: 0, toStep: 10 }];
    let at = 0;
    const report = ({ trial }: { readonly trial: number }) => [{ kind: 'pause', trial }];
    const own = { name: 'mine', pauses: true, begin: () => ({ next: () => jobs[at++], report }) };
    const run = checkedScheduler(own as unknown as FidelityScheduler).begin(context);
    run.next(0);
    run.next(1);
    run.report({ trial: 0, step: 5, score: 1 });
    expect(run.next(null)).toEqual(jobs[2]);
    expect(() => run.next(null)).toThrow(expect.objectContaining(invalid(/trial that is paused/)));
  });
});

describe('a scheduler that throws', () => {
  const throwing = (error: unknown): FidelityScheduler => ({
    name: 'mine',
    pauses: false,
    begin: () => {
      throw error;
    },
  });

  it('is named, with what was called and the cause', () => {
    const cause = new TypeError('rungs is not iterable');
    expect(() => checkedScheduler(throwing(cause)).begin(context)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULERS_OWN_FAILED',
        cause,
        message: expect.stringMatching(
          /"mine" must answer when begin is called, and it throws: .*rungs is not iterable/,
        ),
      }),
    );
  });

  it('lets errors through that are ours: of a scheduler that it is made of', () => {
    const wrapping = { ...throwing(null), begin: () => asha({ reduction: 1 }).begin(context) };
    expect(() => checkedScheduler(wrapping).begin(context)).toThrow(
      expect.objectContaining({ code: 'SCHEDULERS_OPTION_INVALID' }),
    );
  });
});
