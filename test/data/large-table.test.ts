import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { compileData } from './compiled-data.js';
import { temporaryFolder, writeInto } from './support.js';

const folder = temporaryFolder();
const compiled = compileData();
afterAll(() => compiled.remove());

it('reads a table whose cells would not fit into the heap as strings', () => {
  const rows = 250_000;
  const columns = 12;
  const header = `${Array.from({ length: columns }, (_, i) => `c${i}`).join(',')},y\n`;
  const line = (row: number) =>
    `${Array.from({ length: columns }, (_, i) => (row * 7 + i * 13) % 1009).join(',')},${row % 3}\n`;
  const path = writeInto(folder, 'large.csv', header + Array.from({ length: rows }, (_, row) => line(row)).join(''));
  const script = `
    import { loadDataset } from ${JSON.stringify(pathToFileURL(join(compiled.folder, 'src/data/index.js')).href)};
    const dataset = await loadDataset({ path: ${JSON.stringify(path)}, target: 'y' }, { cacheDirectory: '', baseDirectory: '/' });
    process.stdout.write(dataset.rowCount + ' ' + dataset.features.names.length);`;
  // 3 million strings and their rows take about 150 MB; the columns, outside the heap, 24.
  const limited = ['--max-old-space-size=96', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, limited, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe(`${rows} ${columns}`);
});
