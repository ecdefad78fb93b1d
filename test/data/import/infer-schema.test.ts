import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferSchema } from '../../../src/data/import/infer-schema.js';
import type { RawColumn, RawTable } from '../../../src/data/raw-table.js';
import { errorOf, rawTable } from '../support.js';

const rows = 200;
const make = <T>(cell: (row: number) => T) => Array.from({ length: rows }, (_, row) => cell(row));
/** Irregular, and the same each time. */
const noise = (row: number, salt: number) => (((row + 1) * (salt * 2 + 1) * 7919) % 1009) / 1009;
const columns = {
  target: make((row) => (noise(row, 1) < 0.4 ? 'yes' : 'no')),
  amount: make((row) => (row % 10 === 3 ? null : noise(row, 2) * 100)),
  rating: make((row) => 1 + Math.floor(noise(row, 3) * 5)),
  size: make((row) => ['S', 'L', 'M'][Math.floor(noise(row, 4) * 3)]!),
  colour: make((row) => ['red', 'green', 'blue'][Math.floor(noise(row, 5) * 3)]!),
  user_id: make((row) => (row * 7919) % 100_003),
  token: make((row) => `t${(row * 7919) % 100_003}`),
  remark: make((row) => `it was number ${row} of a long list`),
};
const infer = (more: Record<string, readonly (number | string | null)[]> = {}, options = {}) =>
  inferSchema(rawTable({ ...columns, ...more }), { target: 'target', ...options });
const kinds = (schema: ReturnType<typeof inferSchema>) =>
  Object.fromEntries(schema.columns.map(({ name, kind, role }) => [name, role === 'left out' ? `(${kind})` : kind]));
const warned = (schema: ReturnType<typeof inferSchema>) =>
  schema.warnings.map(({ code, column }) => (column === undefined ? code : `${code} ${column}`));

describe('a schema', () => {
  it('says what columns are, and leaves identifiers and prose out', () => {
    const schema = infer();
    expect(kinds(schema)).toEqual({
      target: 'categorical',
      amount: 'numeric',
      rating: 'ordinal',
      size: 'ordinal',
      colour: 'categorical',
      user_id: '(id)',
      token: '(id)',
      remark: '(text)',
    });
    expect(schema).toMatchObject({ task: 'classification', rowCount: rows, duplicateRows: 0 });
    expect(schema.warnings).toEqual([]);
    expect(schema.columns[1]).toMatchObject({ missing: 20, range: { min: expect.any(Number) } });
    expect(schema.columns[3]!.order).toEqual(['S', 'M', 'L']);
    expect(schema.classes.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
  });

  it('keeps what it is told to', () => {
    expect(kinds(infer({}, { keep: ['user_id', 'token'] }))).toMatchObject({
      user_id: 'numeric',
      token: 'categorical',
    });
    return errorOf('DATA_COLUMN_UNKNOWN', () => infer({}, { keep: ['userid'] }));
  });

  it('takes numbers that all differ for numbers, unless their name or order says otherwise', () => {
    const spread = make((row) => (row * 7919) % 100_003);
    const schema = infer({ price: spread, 'column 1': spread.map((value) => value + 1), n: make((row) => row + 5) });
    expect(kinds(schema)).toMatchObject({ price: 'numeric', 'column 1': '(id)', n: '(id)' });
  });

  it('takes dates for dates', () => {
    const table = rawTable(columns);
    const day: RawColumn = { kind: 'number', name: 'day', unit: 'days', values: Float64Array.from(make((row) => row)) };
    const schema = inferSchema({ ...table, columns: [...table.columns, day] }, { target: 'target' });
    expect(schema.columns.at(-1)).toMatchObject({ kind: 'date', role: 'feature', unit: 'days' });
  });

  it('warns of columns that know the target', () => {
    const code = columns.target.map((value) => (value === 'yes' ? 1 : 0));
    const named = columns.target.map((value, row) => `${value} ${row % 3}`);
    const nearly = columns.target.map((value, row) => (noise(row, 6) < 0.2 ? 'other' : value));
    const schema = infer({ code, named, nearly });
    expect(warned(schema)).toEqual(['leak code', 'leak named']);
    expect(schema.warnings[0]!.text).toContain('100.0 % of the errors');
  });

  it('warns of a column that knows a number', () => {
    const price = make((row) => noise(row, 7) * 1000);
    const schema = infer({ price, taxed: price.map((value) => value * 1.2 + 5) }, { target: 'price' });
    expect(schema.task).toBe('regression');
    expect(warned(schema)).toEqual(['leak taxed']);
  });

  it('warns of a column that knows a skewed number, wherever it stands', () => {
    const price = make((row) => Math.exp(8 * noise(row, 7) - 4));
    const before = price.map((value) => value * 0.9);
    const after = price.map((value, row) => (row % 100 === 0 ? null : -Math.sqrt(value)));
    const table = rawTable({ copy: price, before, price, ...columns, after });
    const schema = inferSchema(table, { target: 'price' });
    expect(warned(schema)).toEqual(['duplicate-column copy', 'leak copy', 'leak before', 'leak after']);
    expect(schema.warnings[0]!.text).toContain('"price"');
    expect(schema.warnings[2]!.text).toContain('of the variance of');
  });

  it('warns of a column that knows a number in a small table', () => {
    const small = (cells: readonly (number | string | null)[]) => cells.slice(0, 15);
    const price = small(make((row) => noise(row, 7) * 1000));
    const taxed = price.map((value) => Number(value) * 1.2);
    const schema = inferSchema(rawTable({ taxed, amount: small(columns.amount), price }), { target: 'price' });
    expect(warned(schema)).toEqual(['leak taxed']);
  });

  it('warns of a column that knows a rare class, and of no other', () => {
    const many = 10_000;
    const rowsOf = <T>(cell: (row: number) => T) => Array.from({ length: many }, (_, row) => cell(row));
    const isRare = (row: number) => (row * 7919) % 10_007 < 60;
    const schema = inferSchema(
      rawTable({
        fraud: rowsOf((row) => (isRare(row) ? 1 : 0)),
        code: rowsOf((row) => (isRare(row) ? 5 : 3)),
        score: rowsOf((row) => (isRare(row) ? 0.9 : 0) + 0.1 * noise(row, 3)),
        other: rowsOf((row) => noise(row, 5) * 1.7),
      }),
      { target: 'fraud' },
    );
    expect(warned(schema).filter((warning) => !warning.startsWith('imbalanced'))).toEqual([
      expect.stringContaining('duplicate-rows'),
      'leak code',
      'leak score',
    ]);
  });

  it('seldom takes noise for a column that knows the target', () => {
    const law = fc.array(fc.tuple(fc.double({ noNaN: true, min: -1, max: 1 }), fc.integer({ min: 0, max: 2 })), {
      minLength: 40,
      maxLength: 120,
    });
    fc.assert(
      fc.property(law, fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 })), (pairs, random) => {
        const x = pairs.map(() => random.next().value as number);
        const table = rawTable({ x, y: pairs.map(([y]) => y + 0.5), c: pairs.map(([, c]) => `c${c}`) });
        fc.pre(new Set(pairs.map(([y]) => y)).size > 20 && new Set(pairs.map(([, c]) => c)).size > 1);
        for (const target of ['y', 'c']) {
          const leaks = inferSchema(table, { target }).warnings.filter(
            ({ code, column }) => code === 'leak' && column === 'x',
          );
          expect(leaks).toEqual([]);
        }
      }),
      { seed: 7 },
    );
  });

  it('does not take a column of many values for one that knows the target', () => {
    const many = make((row) => `v${row % 150}`);
    expect(warned(infer({ many }))).toEqual(['huge-category many']);
  });

  it('warns of what is constant, missing, twice there, mixed, rare', () => {
    const schema = infer(
      {
        same: make(() => 3),
        nothing: make(() => null),
        mostly: make((row) => (row % 3 === 0 ? noise(row, 8) : null)),
        again: columns.colour.map((colour) => `${colour}!`),
        rare: make((row) => (row < 4 ? 'a' : 'b')),
      },
      { target: 'rare' },
    );
    expect(warned(schema).sort()).toEqual([
      'constant nothing',
      'constant same',
      'duplicate-column again',
      'imbalanced rare',
      'mostly-missing mostly',
    ]);
    const table = rawTable(columns);
    const mixed = { ...rawTable({ mixed: columns.colour }).columns[0]!, firstText: { text: '?', row: 9 } } as RawColumn;
    const warnings = inferSchema({ ...table, columns: [...table.columns, mixed] }, { target: 'target' }).warnings;
    expect(warnings.find(({ code }) => code === 'mixed')!.text).toContain('row 9 has "?"');
  });

  it('counts rows that repeat an earlier one', () => {
    const law = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', null)), { minLength: 4 });
    fc.assert(
      fc.property(law, (pairs) => {
        const x = ['u', 'v', ...pairs.map(([, text]) => text)];
        const table: RawTable = rawTable({ n: [8, 9, ...pairs.map(([n]) => n)], x });
        const distinct = new Set(pairs.map((pair) => JSON.stringify(pair))).size;
        expect(inferSchema(table, { target: 'n', task: 'regression' }).duplicateRows).toBe(pairs.length - distinct);
      }),
    );
  });

  it('refuses a target that is not there, or says nothing', async () => {
    await errorOf('DATA_COLUMN_UNKNOWN', () => infer({}, { target: 'tagret' }));
    await errorOf('DATA_TARGET_ONE_CLASS', () => infer({ one: make(() => 'x') }, { target: 'one' }));
  });
});
