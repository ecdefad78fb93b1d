import { describe, expect, it } from 'vitest';
import { encodeTarget } from '../../src/data/target.js';
import { errorOf, rawColumn } from './support.js';

const target = (values: readonly (number | string | null)[], task?: 'classification' | 'regression') =>
  encodeTarget(rawColumn('y', values), task);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('encodeTarget', () => {
  it('makes texts classes in order of code units, not of a locale', () => {
    expect(target(['b', 'ä', 'B', 'a', 'b'])).toEqual({
      kind: 'class',
      rows: Int32Array.of(0, 1, 2, 3, 4),
      classes: ['B', 'a', 'b', 'ä'],
      codes: Int32Array.of(2, 3, 0, 1, 2),
    });
  });

  it('makes few integers classes in ascending order, as numbers', () => {
    expect(target([10, 9, -1, 10])).toMatchObject({ classes: ['-1', '9', '10'], codes: Int32Array.of(2, 1, 0, 2) });
  });

  it('takes 50 distinct integers for classes, and 51 for a number', () => {
    expect(target(upTo(50)).kind).toBe('class');
    expect(target(upTo(51)).kind).toBe('number');
  });

  it('takes a single fraction among integers for a number', () => {
    expect(target([1, 2, 2.5])).toEqual({
      kind: 'number',
      rows: Int32Array.of(0, 1, 2),
      values: Float32Array.of(1, 2, 2.5),
    });
  });

  it('does what the task says', () => {
    expect(target([1, 2, 1], 'regression')).toMatchObject({ kind: 'number', values: Float32Array.of(1, 2, 1) });
    expect(target([0.5, 1.5, 0.5], 'classification')).toMatchObject({ kind: 'class', classes: ['0.5', '1.5'] });
    expect(target(upTo(100), 'classification')).toMatchObject({ kind: 'class' });
  });

  it('leaves out rows in which it is missing', () => {
    expect(target([null, 2.5, null, 1])).toEqual({
      kind: 'number',
      rows: Int32Array.of(1, 3),
      values: Float32Array.of(2.5, 1),
    });
    expect(target(['a', null, 'b'])).toMatchObject({ rows: Int32Array.of(0, 2), codes: Int32Array.of(0, 1) });
  });

  it('does not scale numbers', () => {
    expect(target([452_600, 1e30, -0.1])).toMatchObject({ values: Float32Array.of(452_600, 1e30, -0.1) });
  });

  it.each([
    ['DATA_TARGET_ALL_MISSING', [null, null], undefined, 'all 2'],
    ['DATA_TARGET_ONE_CLASS', ['a', 'a', null], undefined, '"a"'],
    ['DATA_TARGET_ONE_CLASS', [7, 7], undefined, '"7"'],
    ['DATA_TARGET_NOT_NUMBER', ['a', 'b'], 'regression', '"a"'],
    ['DATA_TARGET_TOO_MANY_CLASSES', upTo(1001), 'classification', 'more than 1000'],
    ['DATA_TARGET_TOO_MANY_CLASSES', upTo(1001).map((i) => `t${i}`), undefined, '1001'],
    ['DATA_NUMBER_NOT_FINITE', [1.5, null, 1e39], undefined, '1e+39, which is too large for float32, in row 3'],
  ] as const)('ends in %s', async (code, values, task, says) => {
    expect((await errorOf(code, () => target(values, task))).message).toContain(says);
  });

  it('says where numbers are mixed with texts', async () => {
    const column = { ...rawColumn('y', ['1', '2', 'n/a']), firstText: { text: 'n/a', row: 3 } };
    const error = await errorOf('DATA_TARGET_NOT_NUMBER', () => encodeTarget(column, 'regression'));
    expect(error.message).toContain('"n/a" in row 3');
  });
});
