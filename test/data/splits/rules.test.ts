import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SplitPlan, splitPlan, splitRows, splitRuleSchema } from '../../../src/data/splits.js';
import { errorOf, rawColumn } from '../support.js';

const plan = (rule: NonNullable<SplitPlan['rule']>, sizes: Partial<SplitPlan> = {}): SplitPlan => ({
  validation: 0.2,
  test: 0,
  seed: 0,
  ...sizes,
  rule,
});

const everyRow = (splits: ReturnType<typeof splitRows>) =>
  [...splits.train, ...splits.validation, ...(splits.test ?? [])].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('by group', () => {
  const groups = fc.array(
    fc.option(
      fc.integer({ min: 0, max: 12 }).map((n) => `g${n}`),
      { nil: null },
    ),
    {
      minLength: 20,
      maxLength: 200,
    },
  );

  it('puts no group into two splits, and every row into one', () => {
    fc.assert(
      fc.property(groups, fc.nat(), fc.boolean(), (cells, seed, withTest) => {
        fc.pre(new Set(cells).size >= 3 && cells.some((cell) => cell !== null));
        const column = rawColumn('g', cells);
        const splits = splitRows(
          cells.length,
          plan({ by: 'group' }, { seed, test: withTest ? 0.2 : 0 }),
          undefined,
          column,
        );
        expect(everyRow(splits)).toEqual(upTo(cells.length));
        const of = (rows: Int32Array | undefined) => new Set([...(rows ?? [])].map((row) => cells[row]));
        const parts = [of(splits.train), of(splits.validation), of(splits.test)];
        expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(new Set(cells).size);
        expect(splits.train.length * splits.validation.length).toBeGreaterThan(0);
        expect(splits.test !== undefined).toBe(withTest);
      }),
    );
  });

  it('comes near to the sizes asked for, and depends on the seed', () => {
    const column = rawColumn(
      'g',
      upTo(1000).map((row) => `g${row % 100}`),
    );
    const at = (seed: number) => splitRows(1000, plan({ by: 'group' }, { seed, test: 100 }), undefined, column);
    expect([at(0).train.length, at(0).validation.length, at(0).test!.length]).toEqual([700, 200, 100]);
    expect(at(1).validation).not.toEqual(at(0).validation);
  });

  it('gives every group to one fold', () => {
    const cells = upTo(120).map((row) => `g${(row * row) % 17}`);
    const column = rawColumn('g', cells);
    const folds = upTo(4).map((fold) => splitRows(120, plan({ by: 'group', folds: 4, fold }), undefined, column));
    expect(folds.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual(upTo(120));
  });

  it('needs as many groups as splits', async () => {
    const one = rawColumn('patient', ['a', 'a', 'a']);
    const error = await errorOf('DATA_SPLIT_GROUPS', () => splitRows(3, plan({ by: 'group' }), undefined, one));
    expect(error.message).toContain('"patient" has 1');
  });
});

describe('by time', () => {
  it('has training before validation before test, and never parts one moment', () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 100 });
    fc.assert(
      fc.property(times, (cells) => {
        fc.pre(new Set(cells).size > 10);
        const column = rawColumn('t', cells);
        const splits = splitRows(cells.length, plan({ by: 'time' }, { test: 0.2 }), undefined, column);
        expect(everyRow(splits)).toEqual(upTo(cells.length));
        const ends = [splits.train, splits.validation, splits.test!].map((rows) => {
          const values = [...rows].map((row) => cells[row]!);
          return [Math.min(...values), Math.max(...values)] as const;
        });
        expect(ends[0]![1]).toBeLessThan(ends[1]![0]);
        expect(ends[1]![1]).toBeLessThan(ends[2]![0]);
      }),
    );
  });

  it('reads dates, and names the row that has none', async () => {
    const dates = ['2024-03-01', '2023-12-31', '2024-01-01', '2023-01-01', '2024-02-28'];
    const splits = splitRows(5, plan({ by: 'time' }), undefined, rawColumn('day', dates));
    expect([...splits.validation]).toEqual([0]);
    const bad = rawColumn('day', [...dates, 'soon']);
    const error = await errorOf('DATA_SPLIT_TIME', () => splitRows(6, plan({ by: 'time' }), undefined, bad));
    expect(error.message).toContain('"day" has "soon" in row 6');
  });

  it('leaves rows for training', async () => {
    const same = rawColumn('t', [5, 5, 5, 5, 5]);
    await errorOf('DATA_SPLIT_TOO_LARGE', () => splitRows(5, plan({ by: 'time' }), undefined, same));
  });
});

describe('folds', () => {
  it('divide all rows but those of test, which no fold changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 200 }), fc.integer({ min: 2, max: 6 }), fc.nat(), (rows, folds, seed) => {
        const parts = upTo(folds).map((fold) => splitRows(rows, plan({ folds, fold }, { test: 0.2, seed })));
        const validation = parts.flatMap((part) => [...part.validation]);
        expect(new Set(parts.map(({ test }) => [...test!].join())).size).toBe(1);
        expect([...validation, ...parts[0]!.test!].sort((a, b) => a - b)).toEqual(upTo(rows));
        const sizes = parts.map((part) => part.validation.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const part of parts) expect(everyRow(part)).toEqual(upTo(rows));
      }),
    );
  });

  it('have their share of every class, to the row', () => {
    const codes = Int32Array.from(upTo(90), (row) => (row % 10 < 7 ? 0 : row % 10 < 9 ? 1 : 2));
    const classes = { codes, names: ['a', 'b', 'c'] };
    for (const fold of upTo(5)) {
      const { validation } = splitRows(90, plan({ folds: 5, fold }), classes);
      for (const [code, total] of [63, 18, 9].entries()) {
        const within = validation.filter((row) => codes[row] === code).length;
        expect(Math.abs(within - total / 5)).toBeLessThan(1);
      }
    }
  });

  it('are not more than rows', async () => {
    await errorOf('DATA_SPLIT_TOO_LARGE', () => splitRows(3, plan({ folds: 4 })));
  });
});

describe('a rule', () => {
  const problems = (rule: unknown) => splitRuleSchema.safeParse(rule).error?.issues.map(({ message }) => message) ?? [];

  it.each([
    [{ by: 'group' }, 'must name a column'],
    [{ column: 'a' }, 'needs by: group'],
    [{ by: 'time', column: 'a', folds: 3 }, 'must not have folds by time'],
    [{ fold: 1 }, 'needs folds'],
    [{ folds: 3, fold: 3 }, 'below folds, 3'],
  ])('%j is refused: %s', (rule, problem) => expect(problems(rule).join()).toContain(problem));

  it('that asks for what the rows lack is refused', async () => {
    await errorOf('DATA_SPLIT_RULE', () => splitRows(10, plan({ by: 'stratified' })));
    await errorOf('DATA_SPLIT_RULE', () => splitRows(10, plan({ by: 'group', column: 'a' })));
    await errorOf('DATA_REFERENCE_INVALID', () => splitPlan({ validation: 0.2, splits: { folds: 3 } }));
  });

  it('of random forgets classes', () => {
    const classes = { codes: Int32Array.of(0, 0, 0, 0, 1), names: ['a', 'b'] };
    expect(splitRows(5, plan({ by: 'random' }), classes).validation).toHaveLength(1);
  });
});
