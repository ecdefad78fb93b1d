import { describe, expect, it } from 'vitest';
import { noColors } from '../../src/report/colors.js';
import { renderStudy, type ShownStudy, studyAsJson } from '../../src/report/index.js';
import { workedSeconds } from '../../src/report/worked-seconds.js';
import { digest, type StudyRecord } from '../../src/study/index.js';
import { stateOf } from './recorded.js';
import { entriesOf, type Simulation, simulateStudy } from './simulated-study.js';

function shown(records: readonly StudyRecord[], status: ShownStudy['status'] = 'completed'): ShownStudy {
  return { entries: entriesOf(records), state: stateOf(records), status };
}

const study = (simulation: Simulation = {}) => shown(simulateStudy(simulation));
const textOf = (given: ShownStudy, width = Number.POSITIVE_INFINITY) => renderStudy(given, width, noColors).split('\n');

/** The lines below a title, up to the next. */
function section(lines: readonly string[], title: string): string[] {
  const start = lines.indexOf(title) + 1;
  expect(start, title).toBeGreaterThan(0);
  const end = lines.indexOf('', start);
  return lines.slice(start, end === -1 ? undefined : end);
}

describe('a study that is shown', () => {
  const diverging = study({ divergesAbove: 0.1 });
  const lines = textOf(diverging);

  it('has an overview', () => {
    expect(lines[0]).toBe('study mnist-pbt: 6 trials of mlp on mnist-10k, 1000 steps each, pbt, seed 7');
    const overview = lines.slice(1, lines.indexOf(''));
    expect(overview[0]).toBe('status    completed, generation 8 of 8');
    expect(overview).toContain('worked    1m 19s in 1 run');
    expect(overview).toContain('trained   6000 steps of 6 trials');
    expect(overview).toContain('best      valAccuracy 0.978, trial 0 in generation 8');
    expect(overview).toContain('          learningRate 0.03604, momentum 0.6861, hidden 64');
    expect(overview).toContain(`digest    ${digest(diverging.state)}`);
    expect(overview).toContain('versions  tfjs-tuner 0.1.0, libtensorflow 2.21.0');
  });

  it('ranks its trials', () => {
    const [titles, ...rows] = section(lines, 'Ranking');
    expect(titles).toBe('rank  trial  valAccuracy     loss  step  learningRate  momentum  hidden');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toBe('   1      0        0.978  0.02025  1000       0.03604    0.6861      64');
    const values = rows.map((row) => Number(row.trim().split(/ +/)[2]));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  it('has each member’s schedule of hyperparameters', () => {
    const [titles, ...rows] = section(lines, 'Schedules');
    expect(titles).toBe('trial  generations  from  learningRate  momentum  hidden  valAccuracy');
    expect(rows.slice(0, 5)).toEqual([
      '    0  1                     0.0005747    0.5122      64       0.1105',
      '       2–3          ← 2         0.0129    0.5591     128       0.7605',
      '       4            ← 5         0.0139     0.801      64        0.861',
      '       5–6          ← 4        0.01373    0.7723      64       0.9425',
      '       7–8          ← 1        0.03604    0.6861      64        0.978',
    ]);
    expect(rows.filter((row) => row.includes('diverged'))).toHaveLength(1);
    const copies = diverging.state.trials.flatMap((trial) => trial.copies);
    expect(rows).toHaveLength(6 + copies.length);
  });

  it('has a family tree', () => {
    expect(section(lines, 'Family tree')).toEqual([
      'trial 0  generation 1  0.1105',
      'trial 1  generations 1–2  0.537',
      'trial 2  generations 1–5  0.912',
      '└─ trial 0  generations 2–3  0.7605',
      'trial 3  generations 1–3  0.768',
      '└─ trial 5  generations 2–5  0.9155',
      '   ├─ trial 1  generations 3–4  0.853',
      '   ├─ trial 4  generations 3–6  0.951',
      '   │  ├─ trial 3  generations 4–8  0.976',
      '   │  │  ├─ trial 1  generations 5–8  0.9775',
      '   │  │  │  ├─ trial 0  generations 7–8  0.978  best',
      '   │  │  │  │  └─ trial 2  generation 8  0.9775',
      '   │  │  │  └─ trial 4  generation 8  0.973',
      '   │  │  ├─ trial 2  generations 6–7  0.967',
      '   │  │  └─ trial 5  generations 6–8  0.977',
      '   │  │     └─ trial 4  generation 7  diverged',
      '   │  └─ trial 0  generations 5–6  0.9425',
      '   └─ trial 0  generation 4  0.861',
      'trial 4  generations 1–2  0.32',
      'trial 5  generation 1  0.102',
    ]);
  });

  it('of many trials draws those lines that are left, and says how many are not', () => {
    const strategy = {
      kind: 'pbt',
      population: 30,
      interval: 50,
      quantile: 0.3,
      resample: 0.2,
      factors: [0.8, 1.2],
      burnIn: 0,
    } as const;
    const large = study({ strategy });
    const tree = section(textOf(large), 'Family tree');
    const lives = 30 + large.state.trials.reduce((sum, { copies }) => sum + copies.length, 0);
    const left = Number(/^… and (\d+) that left nobody$/.exec(tree.at(-1)!)![1]);
    expect(tree.length - 1 + left).toBe(lives);
    for (const { trial } of large.state.trials) {
      expect(
        tree.filter((line) => new RegExp(`trial ${trial}  generations? [\\d–]*20 `).test(`${line} `)),
      ).toHaveLength(1);
    }
  });

  it('fits a terminal', () => {
    const tables = (width: number) => {
      const all = textOf(diverging, width);
      return [...section(all, 'Ranking'), ...section(all, 'Schedules')];
    };
    for (const width of [20, 40, 60, 80]) {
      expect(Math.max(...tables(width).map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it('can be shown after every one of its records', () => {
    const records = simulateStudy({ divergesAbove: 0.1 });
    for (let count = 1; count <= records.length; count++) {
      const part = shown(records.slice(0, count), 'running');
      expect(textOf(part).length).toBeGreaterThan(5);
      expect(() => JSON.stringify(studyAsJson(part))).not.toThrow();
    }
  });

  it('of independent trials has neither schedules nor a family', () => {
    const random = textOf(study({ strategy: { kind: 'random', trials: 4, interval: 250 } }));
    expect(random).not.toContain('Family tree');
    expect(random).not.toContain('Schedules');
    expect(section(random, 'Ranking')).toHaveLength(5);
  });

  it('without a healthy trial says so', () => {
    const failed = textOf(study({ divergesAbove: 0 }));
    expect(failed).toContain('best      no valAccuracy yet');
    expect(section(failed, 'Ranking')[1]).toMatch(/^ +1 +0 +diverged/);
  });
});

describe('a study as JSON', () => {
  it('has everything that was decided and measured', () => {
    const given = study();
    const json = JSON.parse(JSON.stringify(studyAsJson(given)));
    expect(json).toMatchObject({
      type: 'study',
      study: 'mnist-pbt',
      status: 'completed',
      digest: digest(given.state),
      steps: 6000,
      best: { trial: 0, value: 0.978 },
    });
    expect(json.ranking[0]).toBe(0);
    expect(json.trials[0].segments).toHaveLength(8);
    expect(json.trials[0].copies[0]).toMatchObject({ generation: 0, parent: 2 });
  });
});

describe('the time worked', () => {
  it('leaves out the time between two processes', () => {
    const records = simulateStudy({ records: 10 });
    const first = entriesOf(records);
    const resumed: StudyRecord = { kind: 'started', workers: 1, backend: 'cpu', resumed: true };
    const entry = (sequence: number, at: string, record: StudyRecord) => ({ sequence, at, record });
    const entries = [
      ...first,
      entry(10, '2026-11-02T08:00:00.000Z', resumed),
      entry(11, '2026-11-02T08:00:30.000Z', { kind: 'interrupted', by: 'signal' }),
    ];
    expect(workedSeconds(first)).toBe(11.25);
    expect(workedSeconds(entries)).toBe(41.25);
    expect(workedSeconds([])).toBe(0);
  });
});
