import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../../src/data/import/import-file.js';
import { findImport, readImport, verifyImport } from '../../../src/data/import/imported.js';
import { loadReference } from '../../../src/data/load-reference.js';
import { columnView, splitView } from '../../../src/data/shared-dataset.js';
import { contents, errorOf, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const lines = Array.from({ length: 60 }, (_, i) => {
  const amount = i % 9 === 4 ? '' : (i * 0.37 - 5).toFixed(2);
  return `${i},${amount},${['low', 'high', 'medium'][i % 3]},2024-0${1 + (i % 9)}-11,${i % 4 === 0 ? 'a' : 'b'},2024-01-01T00:00:0${i % 10}`;
});
const csv = `,amount,level,day,kind,at\n${lines.join('\n')}\n`;
const path = writeInto(folder, 'rows.csv', csv);
const run = (to: string, more = {}) =>
  importFile(path, { target: 'kind', baseDirectory: folder, version: '1.2.3', to, ...more });

describe('an import', () => {
  it('is a folder with the columns of the schema, the same values, and a manifest', async () => {
    const { schema, folder: made } = await run('first');
    expect(schema.columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'column 1: id',
      'amount: numeric',
      'level: ordinal',
      'day: date',
      'kind: categorical',
      'at: date',
    ]);
    const { manifest } = await verifyImport(made!);
    expect(manifest).toMatchObject({
      name: 'rows',
      source: { file: 'rows.csv', bytes: csv.length },
      options: { target: 'kind' },
      versions: { 'tfjs-tuner': '1.2.3' },
      schema: { rowCount: 60, task: 'classification' },
    });
    const table = await readImport((await findImport(made!))!, { ignore: [] });
    const cells = contents(table);
    expect(Object.keys(cells)).toEqual(['amount', 'level', 'day', 'kind', 'at']);
    expect(cells.amount!.slice(3, 6)).toEqual([-3.89, null, -3.15]);
    expect(cells.level!.slice(0, 3)).toEqual(['low', 'high', 'medium']);
    expect(cells.day![0]).toBe(Date.parse('2024-01-11') / 86_400_000);
    const [, level, day, , at] = table.columns;
    expect(level).toMatchObject({ texts: ['low', 'medium', 'high'], isOrdered: true });
    expect(day).toMatchObject({ unit: 'days' });
    expect(at).toMatchObject({ unit: 'seconds' });
  });

  it('is the same bytes each time', async () => {
    await run('second');
    await run('third');
    for (const file of readdirSync(join(folder, 'second'))) {
      expect(readFileSync(join(folder, 'second', file))).toEqual(readFileSync(join(folder, 'third', file)));
    }
  });

  it('can be named by a sweep: its folder, its manifest, or with more said', async () => {
    await run('named');
    const options = { cacheDirectory: folder, baseDirectory: folder };
    const byFolder = await loadReference('./named', options);
    const byManifest = await loadReference('named/manifest.json', options);
    expect(byManifest.digest).toBe(byFolder.digest);
    expect(byFolder).toMatchObject({ name: 'rows', rowCount: 60, target: { kind: 'class', classes: ['a', 'b'] } });
    const more = await loadReference({ path: 'named', target: 'amount', ignore: ['level'] }, options);
    expect(more).toMatchObject({ rowCount: 53, target: { kind: 'number' } });
  });

  it('trains on the order of a scale that it found, unless something else is chosen', async () => {
    const { folder: made } = await run('ordered');
    const load = (more = {}) =>
      loadReference(
        { path: made!, ignore: ['amount', 'day', 'at'], ...more },
        { cacheDirectory: folder, baseDirectory: folder },
      );
    const dataset = await load();
    expect(dataset.features.names).toEqual(['level']);
    expect(dataset.encoder!.columns).toMatchObject([{ kind: 'ordinal', order: ['low', 'medium', 'high'] }]);
    // low, high, medium: as the rows have them
    expect([...columnView(dataset, 'x').subarray(0, 3)]).toEqual([0, 1, 0.5]);
    const chosen = await load({ categories: 'one-hot' });
    expect(chosen.features.names).toEqual(['level=high', 'level=low', 'level=medium']);
  });

  it('keeps a column of very many texts, which can group rows and be hashed', async () => {
    const count = 70_000;
    const people = Array.from({ length: 2 * count }, (_, i) => `p${(i * 7919) % count}`);
    const many = writeInto(folder, 'many.csv', `person,y\n${people.map((name, i) => `${name},${i % 3}`).join('\n')}\n`);
    const { folder: made, schema } = await importFile(many, { target: 'y', baseDirectory: folder, version: '1' });
    expect(schema.columns[0]).toMatchObject({ kind: 'categorical', role: 'feature', distinct: count });
    expect(contents(await readImport((await findImport(made!))!, { ignore: [] })).person).toEqual(people);
    const load = (more: object) =>
      loadReference({ path: made!, ...more }, { cacheDirectory: folder, baseDirectory: folder });
    const grouped = await load({ splits: { by: 'group', column: 'person' }, encode: { person: { hash: 8 } } });
    const training = new Set([...splitView(grouped, 'train')].map((row) => people[row]));
    expect([...splitView(grouped, 'validation')].filter((row) => training.has(people[row]!))).toEqual([]);
    expect(training.size).toBe(0.8 * count);
  });

  it('writes nothing where it only looks, or something is wrong', async () => {
    expect((await run('dry', { dryRun: true })).folder).toBeUndefined();
    expect(existsSync(join(folder, 'dry'))).toBe(false);
    await errorOf('DATA_COLUMN_UNKNOWN', () => run('wrong', { target: 'knid' }));
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
    await run('there');
    await errorOf('DATA_IMPORT_EXISTS', () => run('there'));
    expect(readdirSync(folder).filter((name) => name.includes('importing'))).toEqual([]);
  });

  it('is refused once it is changed', async () => {
    await run('changed');
    const data = join(folder, 'changed/data.arrow');
    const bytes = readFileSync(data);
    const damaged = Buffer.from(bytes);
    damaged[damaged.length >> 1]! ^= 1;
    writeFileSync(data, damaged);
    await errorOf('DATA_IMPORT_CHANGED', () => verifyImport(join(folder, 'changed')));
    writeFileSync(data, bytes);
    await verifyImport(join(folder, 'changed'));
    appendFileSync(data, 'x');
    const options = { cacheDirectory: folder, baseDirectory: folder };
    await errorOf('DATA_IMPORT_CHANGED', () => loadReference('./changed', options));
    writeFileSync(join(folder, 'changed/manifest.json'), '{"format":"other"}');
    await errorOf('DATA_IMPORT_INVALID', () => verifyImport(join(folder, 'changed')));
    await errorOf('DATA_IMPORT_MISSING', () => verifyImport(join(folder, 'nowhere')));
  });

  it('is named after its file, whatever it is compressed with', async () => {
    const fixture = join(import.meta.dirname, '../../fixtures/foreign/pandas.csv.zst');
    const zst = writeInto(folder, 'small.csv.zst', readFileSync(fixture));
    const { name, folder: made } = await importFile(zst, { target: 'x', baseDirectory: folder, version: '1' });
    expect([name, made]).toEqual(['small', join(folder, 'small')]);
    await verifyImport(made!);
  });

  it('keeps the first row of a file without a header, and is trained on without one', async () => {
    const bare = writeInto(folder, 'bare.csv', '5.1,setosa\n4.9,virginica\n6.2,setosa\n');
    const given = { target: 'column 2', baseDirectory: folder, version: '1', header: false };
    const { schema, notes, folder: made } = await importFile(bare, given);
    expect([schema.rowCount, notes]).toEqual([3, []]);
    const reference = { path: made!, validation: 1, splits: { by: 'random' } } as const;
    const dataset = await loadReference(reference, { cacheDirectory: folder, baseDirectory: folder });
    expect(dataset.encoder!.header).toBe(false);
  });

  it('notes what was assumed', async () => {
    const other = writeInto(folder, 'other.csv', Buffer.from('a;b\nMünchen;1\nKöln;2\nBonn;1\n', 'latin1'));
    const { notes } = await importFile(other, { target: 'b', baseDirectory: folder, version: '1', dryRun: true });
    expect(notes.join(' ')).toMatch(/";".*Windows-1252/);
  });
});
