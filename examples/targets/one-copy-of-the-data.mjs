// node examples/targets/one-copy-of-the-data.mjs [RUNS]      RUNS is 3
// Four workers train on 500 MB: by how much the process grows, as a multiple of the data, by bench/shared-data.mjs.
import { benchmark } from './support/run.mjs';
import { judge } from './support/target.mjs';

const rows = await benchmark('shared-data.mjs', '500e6', '4', process.argv[2] ?? '3');
judge(
  rows
    .filter(({ metric }) => metric === 'growth / data')
    .map(({ case: name, median }) => ({ what: `growth for ${name}, times the data`, measured: median, atMost: 1.1 })),
);
