import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noColors } from '../../src/report/colors.js';
import { LiveReporter } from '../../src/report/index.js';
import { type LiveModel, renderFrame } from '../../src/report/live-frame.js';
import { eventsOf, stateOf, summary } from './recorded.js';
import { simulateStudy } from './simulated-study.js';

const records = simulateStudy({ divergesAbove: 0.1 });
const state = stateOf(records.slice(0, 35));
const model: LiveModel = {
  state,
  progress: state.trials.map(({ trial, step }) => ({ trial, running: trial < 2, step: trial < 2 ? step + 60 : step })),
  stepsPerSecond: 340,
  elapsedSeconds: 12,
};

describe('a frame', () => {
  it('has a headline, and a row for each trial', () => {
    expect(renderFrame(model, { columns: 120, rows: 24 }, noColors).split('\n')).toEqual([
      'mnist-pbt  generation 4/8  best 0.8835 (trial 3)  340 steps/s  9s left',
      'trial  valAccuracy  step                from  learningRate  momentum  hidden    loss',
      '    0        0.861   560  ━━━━━━━─────  ← 5         0.0139     0.801      64  0.1348',
      '    1        0.853   560  ━━━━━━━─────  ← 5         0.0139    0.7537      64  0.1431',
      '    2       0.8645   500  ━━━━━━──────             0.01613    0.6989     128  0.1309',
      '    3       0.8835   500  ━━━━━━──────  ← 4        0.02503      0.99      64  0.1115',
      '    4        0.879   500  ━━━━━━──────  ← 5        0.02086    0.9654      64   0.116',
      '    5       0.8685   500  ━━━━━━──────  ← 3        0.01738    0.6675      64   0.127',
    ]);
  });

  it('fits every terminal, and keeps what matters most', () => {
    for (let columns = 1; columns <= 130; columns += columns < 20 ? 1 : 7) {
      for (const rows of [1, 2, 3, 4, 5, 8, 9, 24]) {
        const lines = renderFrame(model, { columns, rows }, noColors).split('\n');
        expect(Math.max(...lines.map((line) => line.length)), `${columns} × ${rows}`).toBeLessThanOrEqual(columns);
        expect(lines.length, `${columns} × ${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 1));
      }
    }
    const narrow = renderFrame(model, { columns: 40, rows: 24 }, noColors).split('\n');
    expect(narrow[0]).toBe('mnist-pbt  best 0.8835 (trial 3)');
    expect(narrow[1]).toBe('trial  valAccuracy  step  from');
  });

  it('shows the best trials where there is no room for all', () => {
    const lines = renderFrame(model, { columns: 60, rows: 7 }, noColors).split('\n');
    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['mnist-pbt', 'trial', '3', '4', '5', '…']);
    expect(lines.at(-1)).toBe('… 3 more');
  });

  it('says why a trial has no value', () => {
    const diverged = stateOf(
      records.slice(0, records.findIndex((record) => record.kind === 'segment' && record.outcome === 'diverged') + 1),
    );
    expect(renderFrame({ ...model, state: diverged }, { columns: 120, rows: 24 }, noColors)).toContain('diverged');
    const random = { kind: 'random', trials: 3, interval: 500 } as const;
    const out = stateOf(simulateStudy({ strategy: random, divergesAbove: 0.01, records: 10 }));
    const frame = renderFrame({ ...model, state: out, progress: [] }, { columns: 120, rows: 24 }, noColors);
    expect(frame.match(/ out /g)).toHaveLength(out.trials.filter(({ status }) => status === 'out').length);
    expect(frame).toContain(' out ');
  });

  it('has colours if asked to, and the same letters', () => {
    const coloured = renderFrame(model, { columns: 120, rows: 24 }, picocolors.createColors(true));
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(renderFrame(model, { columns: 120, rows: 24 }, noColors));
  });

  it('tells the time left: to the budget, or to the end of the wall time if that is sooner', () => {
    const timed = { ...state, settings: { ...state.settings, budget: { steps: 1000, wallSeconds: 15 } } };
    const headline = (given: Partial<LiveModel>) =>
      renderFrame({ ...model, ...given }, { columns: 120, rows: 24 }, noColors).split('\n')[0];
    expect(headline({ state: timed })).toContain('  3s left');
    expect(headline({ state: timed, stepsPerSecond: 0 })).toContain('  3s left');
    expect(headline({ stepsPerSecond: 0 })).not.toContain('left');
    expect(headline({ stepsPerSecond: 0.01 })).toContain('left');
  });

  it('shows a study before its first trial', () => {
    const created = stateOf(records.slice(0, 1));
    expect(renderFrame({ ...model, state: created, progress: [] }, { columns: 80, rows: 24 }, noColors)).toContain(
      'mnist-pbt',
    );
  });
});

/** A terminal that remembers what it was sent. */
class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  columns = 100;
  rows = 30;
  readonly writes: string[] = [];
  write(text: string): boolean {
    this.writes.push(text);
    return true;
  }
  get text(): string {
    return this.writes.join('');
  }
}

describe('the live reporter', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  const open = async (terminal: FakeTerminal) => LiveReporter.open(terminal, noColors, () => performance.now());

  it('draws at most eight times a second, and not at all while nothing happens', async () => {
    const terminal = new FakeTerminal();
    const reporter = await open(terminal);
    for (const event of eventsOf(records.slice(0, 8))) reporter.event(event);
    const before = terminal.writes.length;
    for (let i = 0; i < 200; i++) {
      const trials = state.trials.map(({ trial }) => ({ trial, running: true, step: i }));
      reporter.event({ type: 'progress', trials, stepsPerSecond: i });
      vi.advanceTimersByTime(10);
    }
    const drawn = terminal.writes.length - before;
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThanOrEqual(17);
    vi.advanceTimersByTime(10_000);
    expect(terminal.writes.length - before - drawn).toBeLessThanOrEqual(1);
    reporter.close();
  });

  it('keeps what went wrong above the table', async () => {
    const terminal = new FakeTerminal();
    const reporter = await open(terminal);
    for (const event of eventsOf(records)) reporter.event(event);
    reporter.event({ type: 'notice', code: 'A', message: 'to know\u001b[2J' });
    reporter.close();
    const text = stripVTControlCharacters(terminal.text);
    expect(text).toContain('study mnist-pbt: 6 trials of mlp');
    expect(text).toContain('generation 7: trial 4 diverged: loss is NaN at step 767');
    expect(text).toContain('to know\n');
    expect(terminal.text).not.toContain('\u001b[2J');
  });

  it('ends with the last frame and the result, and listens no more', async () => {
    const terminal = new FakeTerminal();
    const reporter = await open(terminal);
    for (const event of eventsOf(records)) reporter.event(event);
    expect(terminal.listenerCount('resize')).toBe(1);
    reporter.event({ type: 'summary', ...summary });
    reporter.close();
    reporter.close();
    const text = stripVTControlCharacters(terminal.text);
    expect(text.indexOf('generation 8/8')).toBeGreaterThan(0);
    expect(text.endsWith(`digest ${summary.digest}\n`)).toBe(true);
    expect(terminal.listenerCount('resize')).toBe(0);
    const after = terminal.writes.length;
    reporter.event({ type: 'notice', code: 'A', message: 'late' });
    vi.advanceTimersByTime(1000);
    expect(terminal.writes.length).toBe(after);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('draws anew when the terminal changes its size', async () => {
    const terminal = new FakeTerminal();
    const reporter = await open(terminal);
    for (const event of eventsOf(records.slice(0, 30))) reporter.event(event);
    vi.advanceTimersByTime(1000);
    const before = terminal.writes.length;
    terminal.columns = 30;
    terminal.emit('resize');
    const frame = terminal.writes.slice(before).map(stripVTControlCharacters).join('');
    expect(frame).toContain('valAccuracy');
    expect(frame).not.toContain('momentum');
    reporter.close();
  });

  it('shows what is resumed without telling it again', async () => {
    const terminal = new FakeTerminal();
    const reporter = await open(terminal);
    for (const event of eventsOf(records, true)) reporter.event(event);
    reporter.event({ type: 'progress', trials: [], stepsPerSecond: 0 });
    vi.advanceTimersByTime(1000);
    reporter.close();
    const text = stripVTControlCharacters(terminal.text);
    expect(text).not.toContain('diverged: loss is NaN');
    expect(text).toContain('best 0.978 (trial 0)');
  });
});
