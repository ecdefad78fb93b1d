import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import type { RawColumn, RawTable } from '../../src/data/raw-table.js';
import { TunerError } from '../../src/errors/index.js';

/** A folder of this test file's own, with a space in its name; removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tuner data '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into the folder and gives its path. */
export function writeInto(folder: string, name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** Real data that are not part of the repository. */
export const dataFolder = resolve(process.env.TFJS_TUNER_DATA ?? '../shared/data');

/** The error of this code that `act` ends in; fails if it ends in none, or in another. */
export async function errorOf(code: string, act: () => unknown): Promise<TunerError> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof TunerError)) throw error;
    expect(`${error.code}: ${error.message}`).toMatch(new RegExp(`^${code}: `));
    expect(error.message).toMatch(/[.?)]$/);
    expect(error.todo).toMatch(/^[A-Z].*[.)]$/s);
    return error;
  }
  throw new Error(`expected the error ${code}, and there was none`);
}

/** That whatever byte of a file is changed, what is read from it is read, or refused with an error that has a code. */
export async function refusesReadably(path: string, read: () => Promise<unknown>): Promise<void> {
  const whole = readFileSync(path);
  const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const damaged = Buffer.from(whole);
      for (const [at, by] of changes) damaged[at]! ^= by;
      writeFileSync(path, damaged);
      await read().catch((error: unknown) => expect(error).toBeInstanceOf(TunerError));
    }),
    { numRuns: 300 },
  );
}

/** A column's cells, as a person would write them. */
export function cells(column: RawColumn): (number | string | null)[] {
  if (column.kind === 'number') return [...column.values].map((value) => (Number.isNaN(value) ? null : value));
  return [...column.codes].map((code) => (code === -1 ? null : column.texts[code]!));
}

/** The cells of all columns, by name. */
export function contents(table: RawTable): Record<string, (number | string | null)[]> {
  return Object.fromEntries(table.columns.map((column) => [column.name, cells(column)]));
}

/** A column as a reader would make it of cells: numbers if all that are not null are numbers. */
export function rawColumn(name: string, values: readonly (number | string | null)[]): RawColumn {
  if (values.every((value) => typeof value !== 'string')) {
    return {
      kind: 'number',
      name,
      values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
    };
  }
  const texts = [...new Set(values.filter((value) => value !== null).map(String))];
  return {
    kind: 'text',
    name,
    texts,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : texts.indexOf(String(value)))),
  };
}

/** A table as a reader would make it. */
export function rawTable(columns: Readonly<Record<string, readonly (number | string | null)[]>>): RawTable {
  const rowCount = Object.values(columns)[0]!.length;
  return { path: 'table', rowCount, columns: Object.entries(columns).map(([name, values]) => rawColumn(name, values)) };
}
