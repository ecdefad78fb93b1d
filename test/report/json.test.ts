import { describe, expect, it } from 'vitest';
import { JsonReporter } from '../../src/report/index.js';
import type { TunerEvent } from '../../src/study/index.js';
import { eventsOf, Recorder, summary } from './recorded.js';
import { simulateStudy } from './simulated-study.js';

const events: TunerEvent[] = [
  ...eventsOf(simulateStudy()),
  { type: 'notice', code: 'A', message: 'a\nb' },
  { type: 'summary', ...summary },
];

describe('the JSON reporter', () => {
  it('writes each event as one line, and nothing else', () => {
    const output = new Recorder();
    const reporter = new JsonReporter(output);
    for (const event of events) reporter.event(event);
    reporter.close();
    expect(output.lines.map((line) => JSON.parse(line))).toEqual(events);
  });

  it('writes about one line of progress a second', () => {
    const output = new Recorder();
    let now = 0;
    const reporter = new JsonReporter(output, { now: () => now });
    for (; now < 10_000; now += 125) reporter.event({ type: 'progress', trials: [], stepsPerSecond: now });
    const times = output.lines.map((line) => JSON.parse(line).stepsPerSecond);
    expect(times).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
  });

  it('writes the last line only, if asked to', () => {
    const output = new Recorder();
    const reporter = new JsonReporter(output, { onlySummary: true });
    for (const event of events) reporter.event(event);
    expect(output.lines.map((line) => JSON.parse(line))).toEqual([{ type: 'summary', ...summary }]);
  });
});
