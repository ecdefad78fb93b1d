// node examples/targets/files-of-others.mjs
// pyarrow, pandas, DuckDB, polars and fastparquet write Parquet, Arrow, Feather, CSV and JSON lines anew, with nulls, dictionaries, every compression,
// dates and nested columns; R's files are those of test/fixtures/foreign. Each is read with the values that pyarrow reads, and nested columns are refused
// by name: test/data/readers/foreign.test.ts compares, cell by cell. Installs the programs into .cache on first use.
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith } from './support/python.mjs';
import { output, root, scratchFolder } from './support/run.mjs';
import { judge } from './support/target.mjs';

const fixtures = join(root, 'test/fixtures/foreign');
const folder = scratchFolder();
for (const name of readdirSync(fixtures).filter((one) => one.startsWith('r.') || one.startsWith('r-'))) {
  copyFileSync(join(fixtures, name), join(folder, name));
}
const python = pythonWith('foreign', 'test/fixtures/foreign');
await output(python, [join(fixtures, 'generate.py'), folder]);

const report = join(folder, 'report.json');
const words = ['vitest', 'run', 'test/data/readers/foreign.test.ts', '--reporter=json', '--outputFile', report];
// 1: some differ, and are shown
await output('npx', words, { env: { TFJS_TUNER_FOREIGN_FILES: folder }, allowed: [0, 1] });
const { default: told } = await import(report, { with: { type: 'json' } });
for (const { fullName, status } of told.testResults.flatMap(({ assertionResults }) => assertionResults)) {
  if (status !== 'passed') console.log(`${status}: ${fullName}`);
}
judge([
  {
    what: 'files that differ from what pyarrow reads',
    measured: told.numFailedTests + told.numPendingTests,
    atMost: 0,
  },
  { what: 'comparisons', measured: told.numPassedTests, atLeast: 40 },
]);
