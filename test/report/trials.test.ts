import { describe, expect, it } from 'vitest';
import { noColors } from '../../src/report/colors.js';
import { PlainReporter } from '../../src/report/index.js';
import { renderFrame } from '../../src/report/live-frame.js';
import { renderStudy, studyAsJson } from '../../src/report/show.js';
import { foldRecords } from '../../src/study/index.js';
import { settings } from '../support/simulate.js';
import { simulateWorkers } from '../support/simulate-workers.js';
import { eventsOf, Recorder } from './recorded.js';
import { entriesOf } from './simulated-study.js';

const strategy = { kind: 'asha', trials: 12, parallel: 3, options: { minSteps: 6, reduction: 3 } } as const;
const { records, state } = simulateWorkers(settings({ strategy, budget: { steps: 50 } }), {
  count: 2,
  divergence: 0.1,
});

describe('a study that decides trial by trial', () => {
  it('is told by what becomes of each trial', () => {
    const output = new Recorder();
    const reporter = new PlainReporter(output);
    for (const event of eventsOf(records)) reporter.event(event);
    const told = output.lines.map((line) => line.slice(21));
    expect(told[0]).toContain('12 trials');
    expect(told[0]).toContain('at most 50 steps each, asha');
    expect(told.some((line) => /^trial \d+ at step 6: valAccuracy 0\.\d+, is paused$/.test(line))).toBe(true);
    expect(told.some((line) => /^trial \d+ goes on, to step 18$/.test(line))).toBe(true);
    expect(told.some((line) => /^trial \d+ is stopped: it has no score/.test(line))).toBe(true);
    expect(told.join('\n')).not.toMatch(/undefined|NaN,|generation \d+ of/);
  });

  it('is shown with how its trials stand', () => {
    const text = renderStudy({ entries: entriesOf(records), state, status: 'completed' }, 200, noColors);
    expect(text).toMatch(/status +completed, 12 of 12 trials, \d+ paused, \d+ failed/);
    expect(text).toMatch(/best +valAccuracy 0\.\d+, trial \d+ at step \d+/);
    expect(text).toMatch(/^ *1 +\d+ .*(complete|paused)/m);
    const json = studyAsJson({ entries: entriesOf(records), state, status: 'completed' }) as {
      trials: { status: string; resumedCount: number }[];
    };
    expect(json.trials.map(({ status }) => status)).toContain('paused');
    expect(json.trials.some(({ resumedCount }) => resumedCount > 0)).toBe(true);
  });

  it('fits a terminal at every moment, those under way first', () => {
    for (let length = 2; length < records.length; length += 5) {
      const then = foldRecords(records.slice(0, length));
      const model = { state: then, progress: [], stepsPerSecond: 10, elapsedSeconds: 1 };
      const lines = renderFrame(model, { columns: 100, rows: 8 }, noColors).split('\n');
      expect(lines.length).toBeLessThanOrEqual(7);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
      expect(lines[0]).toContain('/12 trials');
    }
  });
});
