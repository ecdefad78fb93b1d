import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { checkRecord, type studyRecord } from '../../src/store/record-schema.js';
import type { SegmentRecord, StudyRecord } from '../../src/study/index.js';
import { simulateStudy } from '../report/simulated-study.js';
import { codeOf, incident } from './support.js';

const records: readonly StudyRecord[] = [
  ...simulateStudy(),
  ...simulateStudy({ strategy: { kind: 'random', trials: 3, interval: 100 }, target: 0.5 }),
  ...simulateStudy({ divergesAbove: 0 }),
  incident(1),
  { kind: 'failed', trial: 0, generation: 0, attempts: 3, code: 'A', message: '' },
  { kind: 'interrupted', by: 'SIGTERM' },
];

describe('what a record must look like', () => {
  it('is what its type says', () => {
    expectTypeOf<z.output<typeof studyRecord>>().toExtend<StudyRecord>();
    expectTypeOf<StudyRecord>().toExtend<z.input<typeof studyRecord>>();
  });

  it('holds for every record of a study', () => {
    for (const record of records) expect(() => checkRecord(record)).not.toThrow();
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(9);
  });

  const done = records.find(
    (record): record is SegmentRecord => record.kind === 'segment' && record.outcome === 'done',
  )!;

  it.each<[string, object | null, RegExp]>([
    ['nothing', null, /the record/],
    ['an unknown kind', { kind: 'dreamt' }, /kind: /],
    ['a key too many', { kind: 'interrupted', by: 'a', extra: 1 }, /extra/],
    ['a key too few', { kind: 'interrupted' }, /by: /],
    ['a metric that is not finite', { ...done, metrics: { valAccuracy: Number.NaN } }, /metrics\.valAccuracy: /],
    ['an infinite loss', { ...done, loss: Number.POSITIVE_INFINITY }, /loss: /],
    ['a trial of -1', { ...done, trial: -1 }, /trial: /],
    ['half a step', { ...done, toStep: 1.5 }, /toStep: /],
    ['a digest that is none', { ...done, state: { file: 'a', bytes: 1, sha256: 'abc' } }, /state\.sha256: /],
    [
      'a hyperparameter that is a list',
      { kind: 'proposed', trial: 0, hyperparameters: { a: [1] } },
      /hyperparameters\.a: /,
    ],
  ])('excludes %s', async (_, record, expected) => {
    expect(await codeOf(() => checkRecord(record as StudyRecord))).toBe('STORE_RECORD_INVALID');
    expect(() => checkRecord(record as StudyRecord)).toThrow(expected);
  });
});
