import { describe, expect, it } from 'vitest';
import { PlainReporter, QuietReporter } from '../../src/report/index.js';
import type { StudyRecord } from '../../src/study/index.js';
import { eventsOf, Recorder, summary } from './recorded.js';
import { simulateStudy } from './simulated-study.js';

/** Without their times. */
function lines(output: Recorder): string[] {
  for (const line of output.lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\S/);
  return output.lines.map((line) => line.slice(21));
}

function report(records: readonly StudyRecord[]): string[] {
  const output = new Recorder();
  const reporter = new PlainReporter(output);
  for (const event of eventsOf(records)) reporter.event(event);
  reporter.close();
  return lines(output);
}

const records = simulateStudy({ divergesAbove: 0.1 });

describe('the plain reporter', () => {
  it('tells a study line by line, without control codes', () => {
    const told = report(records);
    expect(told.slice(0, 3)).toEqual([
      'study mnist-pbt: 6 trials of mlp on mnist-10k, 1000 steps each, pbt, seed 7',
      'started with 2 workers on cpu',
      'trial 0 begins with learningRate 0.0005747, momentum 0.5122, hidden 64',
    ]);
    expect(told).toContain('generation 1 of 8: valAccuracy 0.102 to 0.4475, best valAccuracy 0.4475 (trial 2)');
    expect(told).toContain(
      'generation 1: trial 0 copies trial 2: learningRate 0.0005747 → 0.0129, momentum 0.5122 → 0.5591, hidden 64 → 128',
    );
    expect(told).toContain('generation 7: trial 4 diverged: loss is NaN at step 767');
    expect(told).toContain(
      'generation 7 of 8: valAccuracy 0.967 to 0.971, 1 trial without, best valAccuracy 0.971 (trial 0)',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(told.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('has one line for each generation and each copy', () => {
    const told = report(records);
    const copies = records.flatMap((record) =>
      record.kind === 'decided' ? record.decisions.filter(({ kind }) => kind === 'exploit') : [],
    );
    expect(told.filter((line) => / copies trial /.test(line))).toHaveLength(copies.length);
    expect(told.filter((line) => /^generation \d of 8: /.test(line))).toHaveLength(8);
  });

  it('tells what went wrong, on one line whatever is in the message', () => {
    const begun = records.slice(0, 8);
    const told = report([
      ...begun,
      { kind: 'incident', trial: 1, generation: 0, attempt: 1, code: 'ENGINE_WORKER_LOST', message: 'a\nb\u001b[2J' },
      { kind: 'failed', trial: 1, generation: 0, attempts: 3, code: 'ENGINE_WORKER_LOST', message: 'c' },
      { kind: 'interrupted', by: 'signal' },
    ]).slice(8);
    expect(told).toEqual([
      'generation 1: trial 1 runs again after attempt 1: ENGINE_WORKER_LOST a b',
      'generation 1: trial 1 failed after 3 attempts: ENGINE_WORKER_LOST c',
      'interrupted (signal)',
    ]);
  });

  it('tells a study without a healthy trial', () => {
    const failed = simulateStudy({ divergesAbove: 0 }).slice(0, -1);
    const reason = 'no member has a score, so there is none to copy';
    const decisions = Array.from({ length: 6 }, (_, trial) => ({ kind: 'fail', trial, reason }) as const);
    const told = report([
      ...failed,
      { kind: 'decided', generation: 0, decisions },
      { kind: 'ended', reason: 'failed' },
    ]);
    expect(told).toContain('generation 1 of 8: valAccuracy no value, 6 trials without, no valAccuracy yet');
    expect(told.at(-1)).toBe(`generation 1: trial 5 is out: ${reason}`);
  });

  it('does not tell again what an earlier process told', () => {
    const output = new Recorder();
    const reporter = new PlainReporter(output);
    for (const event of eventsOf(records.slice(0, 30), true)) reporter.event(event);
    const resumed: StudyRecord = { kind: 'started', workers: 4, backend: 'cpu', resumed: true };
    reporter.event({ type: 'record', at: '2026-11-02T08:00:00.000Z', replayed: false, record: resumed });
    expect(lines(output)).toEqual([
      'study mnist-pbt: 6 trials of mlp on mnist-10k, 1000 steps each, pbt, seed 7',
      'resumed with 4 workers on cpu, at generation 4 of 8, best valAccuracy 0.861 (trial 0)',
    ]);
  });

  it('ends with the result', () => {
    const output = new Recorder();
    const reporter = new PlainReporter(output);
    for (const event of eventsOf(records.slice(0, 1))) reporter.event(event);
    reporter.event({ type: 'notice', code: 'A', message: 'something\nto know' });
    reporter.event({ type: 'progress', trials: [], stepsPerSecond: 1 });
    reporter.event({ type: 'summary', ...summary });
    expect(lines(output).slice(1)).toEqual([
      'something to know',
      'study mnist-pbt completed: the budget is used up',
      'best valAccuracy 0.978: trial 0, learningRate 0.036, hidden 64',
      '6000 steps of 6 trials; 1m 19s with 2 workers, at most 575 MB of memory',
      `digest ${summary.digest}`,
    ]);
  });
});

describe('the quiet reporter', () => {
  it('tells the result only', () => {
    const output = new Recorder();
    const reporter = new QuietReporter(output);
    for (const event of eventsOf(records)) reporter.event(event);
    expect(output.text).toBe('');
    reporter.event({ type: 'summary', ...summary, best: null, status: 'failed' });
    expect(output.lines).toEqual([
      'study mnist-pbt failed: no trial is left to go on with',
      '6000 steps of 6 trials; 1m 19s with 2 workers, at most 575 MB of memory',
      `digest ${summary.digest}`,
    ]);
  });
});
