/** Whole numbers that doubles do not hold: told of, and kept in all their digits where they are wanted as texts. */
import { Float64, Int64, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../../src/data/import/import-file.js';
import { findImport, readImport } from '../../../src/data/import/imported.js';
import { loadReference } from '../../../src/data/load-reference.js';
import { parseJsonExactly } from '../../../src/data/readers/json-integers.js';
import { readTableFile } from '../../../src/data/readers/table-file.js';
import { rowsOf } from '../../../src/data/rows/open-rows.js';
import { splitView } from '../../../src/data/shared-dataset.js';
import { contents, errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const options = { cacheDirectory: folder, baseDirectory: folder };

// pairs of neighbours, which are one double
const count = 60;
const people = Array.from({ length: count }, (_, row) => 2n ** 60n + BigInt(row >> 1));
const amounts = people.map((_, row) => ((row * 37) % 41) / 4);
const y = people.map((_, row) => (row * 7) % 3);
const files = {
  csv: writeInto(
    folder,
    'rows.csv',
    `user_id,amount,y\n${people.map((id, i) => `${id},${amounts[i]},${y[i]}`).join('\n')}\n`,
  ),
  jsonl: writeInto(
    folder,
    'rows.jsonl',
    people.map((id, i) => `{"user_id":${id},"amount":${amounts[i]},"y":${y[i]}}`).join('\n'),
  ),
  arrow: writeInto(
    folder,
    'rows.arrow',
    tableToIPC(
      new Table({
        user_id: vectorFromArray(people, new Int64()),
        amount: vectorFromArray(amounts, new Float64()),
        y: vectorFromArray(y, new Float64()),
      }),
      'file',
    ),
  ),
};

describe.each(Object.entries(files))('whole numbers beyond 2^53 in %s', (_, path) => {
  it('are said to be rounded, in no other column', async () => {
    const { columns } = await readTableFile(path, { ignore: [] });
    expect(columns.map((column) => column.kind === 'number' && column.isRounded === true)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('have all their digits where they are read as texts', async () => {
    const table = await readTableFile(path, { ignore: [], texts: ['user_id', 'y'] });
    expect(contents(table)).toEqual({ user_id: people.map(String), amount: amounts, y: y.map(String) });
  });

  it('do not become one group', async () => {
    const seen: string[] = [];
    const splits = { by: 'group', column: 'user_id' } as const;
    const onProgress = (progress: { kind: string }) => seen.push(progress.kind);
    const dataset = await loadReference({ path, target: 'y', splits, validation: 10 }, { ...options, onProgress });
    expect(splitView(dataset, 'validation').length).toBe(10);
    const groups = [...splitView(dataset, 'validation')].map((row) => row >> 1);
    for (const row of splitView(dataset, 'train')) expect(groups).not.toContain(row >> 1);
    expect(seen).not.toContain('noted');
    // as a feature it is a number, and that is noted
    await loadReference({ path, target: 'y' }, { ...options, onProgress });
    expect(seen).toContain('noted');
  });

  it('are texts in an import where they are named like an identifier', async () => {
    const imported = await importFile(path, { target: 'y', baseDirectory: folder, version: '1', to: `${path}-import` });
    expect(imported.notes.join(' ')).toContain('"user_id"');
    const table = await readImport((await findImport(imported.folder!))!, { ignore: [] });
    expect(contents(table).user_id).toEqual(people.map(String));
  });

  it('are the same in new rows', async () => {
    for await (const chunk of await rowsOf(path, { chunkRows: 100, texts: ['user_id'] })) {
      expect(chunk.columns.get('user_id')!.map(String)).toEqual(people.map(String));
    }
  });
});

describe('an import of whole numbers beyond 2^53', () => {
  const path = writeInto(
    folder,
    'hash.csv',
    `hash,amount,y\n${people.map((id, i) => `${id},${amounts[i]},${y[i]}`).join('\n')}\n`,
  );
  const run = (to: string, more = {}) =>
    importFile(path, { target: 'y', baseDirectory: folder, version: '1', to, ...more });

  it('warns, and does not group rows by what was rounded', async () => {
    const { schema, folder: made } = await run('rounded');
    expect(schema.warnings.filter(({ code }) => code === 'rounded')).toMatchObject([{ column: 'hash' }]);
    const grouped = { path: made!, splits: { by: 'group', column: 'hash' } } as const;
    const error = await errorOf('DATA_SPLIT_ROUNDED', () => loadReference(grouped, options));
    expect(error.todo).toContain('--texts "hash"');
  });

  it('reads texts where it is told to, and says which columns there are', async () => {
    const { schema, folder: made } = await run('exact', { texts: ['hash'] });
    expect(schema.warnings.filter(({ code }) => code === 'rounded')).toEqual([]);
    await loadReference({ path: made!, splits: { by: 'group', column: 'hash' } }, options);
    await errorOf('DATA_COLUMN_UNKNOWN', () => run('unknown', { texts: ['hsah'] }));
  });
});

describe('JSON with integers', () => {
  it('is what JSON.parse gives, but for those that it would round', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('12345678901234567', '"90071992547409931', '\\', '{"a":12345678901234567890}'),
    );
    const value = fc.dictionary(
      text,
      fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
    );
    fc.assert(
      fc.property(value, fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }), (object, integer) => {
        const plain = JSON.stringify(object);
        const parsed = parseJsonExactly(`{"big":-${integer},"rest":${plain}}`) as { big: bigint; rest: object };
        expect(parsed.big).toBe(-integer);
        // doubles of many digits that are whole, too
        const rest = JSON.stringify(parsed.rest, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
        expect(rest).toBe(JSON.stringify(JSON.parse(plain)));
      }),
    );
  });

  it('is read in one pass, however it is made', () => {
    const started = performance.now();
    const texts = '\\"'.repeat(4_000_000);
    expect(() => parseJsonExactly(`{"a":12345678901234567,"b":"${texts}`)).toThrow(SyntaxError);
    expect(() => parseJsonExactly('-'.repeat(1_000_000) + '1'.repeat(20))).toThrow(SyntaxError);
    expect(parseJsonExactly(`["${texts}",12345678901234567]`)).toEqual(['"'.repeat(4_000_000), 12345678901234567n]);
    // quadratic time would be hours
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('keeps its digits in a column in which texts follow', async () => {
    const path = writeInto(
      folder,
      'mixed.jsonl',
      '{"a":9007199254740993}\n{"a":1}\n{"a":"x"}\n{"a":9007199254740995}\n',
    );
    const { columns } = await readTableFile(path, { ignore: [] });
    expect(columns[0]).toMatchObject({ texts: ['9007199254740993', '1', 'x', '9007199254740995'] });
  });
});
