// node examples/targets/one-copy-of-the-data.mjs [RUNS]      RUNS is 3
// Four workers train on 500 MB: by how much the process grows, as a multiple of the data, by bench/shared-data.mjs.
import { output } from './support/run.mjs';
import { judge } from './support/target.mjs';

const text = await output(process.execPath, ['bench/shared-data.mjs', '500e6', '4', process.argv[2] ?? '3']);
console.log(text);
const growth = (kind) => Number(new RegExp(`^${kind}, .*: grows by ([\\d.]+)`, 'm').exec(text)?.[1] ?? Number.NaN);

judge([
  { what: 'growth for images of bytes, times the data', measured: growth('images'), atMost: 1.1 },
  { what: 'growth for numbers of 32 bits, times the data', measured: growth('numbers'), atMost: 1.1 },
]);
