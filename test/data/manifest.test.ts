import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDataset, listDatasets } from '../../src/data/manifest.js';
import { fakeDigitsManifest } from './fake-package.js';
import { errorOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
const valid = fakeDigitsManifest(2, `sha512-${'A'.repeat(86)}==`);
let number = 0;

/** A folder of data sets with one manifest. */
function folderWith(text: string, name = 'digits'): string {
  const datasets = join(folder, String(number++));
  mkdirSync(join(datasets, name), { recursive: true });
  writeFileSync(join(datasets, name, 'manifest.json'), text);
  mkdirSync(join(datasets, 'no manifest here'));
  return datasets;
}

describe('a manifest', () => {
  it('is read, and folders without one are passed over', () => {
    const datasets = folderWith(JSON.stringify(valid));
    expect(listDatasets(datasets)).toEqual([valid]);
    expect(findDataset('digits', datasets)).toEqual(valid);
    expect(findDataset('no manifest here', datasets)).toBeUndefined();
    expect(findDataset('../digits', datasets)).toBeUndefined();
  });

  it.each([
    ['a name unlike its folder', { name: 'other' }, '"digits", and is "other"'],
    ['a field that is not known', { license: 'MIT' }, 'license'],
    ['no title', { title: undefined }, 'title'],
    ['splits that do not add up', { splits: { train: 1, validation: 10, seed: 0 } }, '20 rows, and are 11'],
    ['a digest that is too short', { checksums: { digest: 'abc' } }, '64 hexadecimal digits'],
    ['an unpinned package', { source: { ...valid.source, integrity: undefined } }, 'source.integrity'],
    ['another kind of source', { source: { kind: 'magic' } }, 'source'],
    [
      'a table from a package',
      {
        schema: {
          kind: 'table',
          rows: 20,
          columns: [
            { name: 'a', type: 'number' },
            { name: 'b', type: 'text' },
          ],
          target: 'c',
          task: 'classification',
        },
      },
      'schema.target',
    ],
  ])('with %s is refused', async (_, change, says) => {
    const error = await errorOf('DATA_MANIFEST_INVALID', () =>
      listDatasets(folderWith(JSON.stringify({ ...valid, ...change }))),
    );
    expect(error.message).toContain(says);
    expect(error.message).toContain('manifest.json');
  });

  it('that is not JSON is refused', async () => {
    await errorOf('DATA_MANIFEST_INVALID', () => listDatasets(folderWith('{ "name": ')));
  });
});
