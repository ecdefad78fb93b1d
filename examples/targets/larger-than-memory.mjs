// node examples/targets/larger-than-memory.mjs [RUNS]      RUNS is 3
// A data set of 400 MB streamed through 100 MB, beside the same in memory, by bench/streaming.mjs.
import { output } from './support/run.mjs';
import { judge } from './support/target.mjs';

const limit = 100e6;
const runs = process.argv[2] ?? '3';
const text = await output(process.execPath, ['bench/streaming.mjs', '400e6', String(limit), runs]);
console.log(text);

/** The median of a line of the benchmark. */
const median = (name) => Number(new RegExp(`^${name}: ([\\d.]+)`, 'm').exec(text)?.[1] ?? Number.NaN);

judge([
  { what: 'time of training, streamed over in memory', measured: median('time streamed / in memory'), atMost: 1.2 },
  {
    what: 'resident memory for a data set four times as large',
    measured: median('resident memory for the data set streamed, MB'),
    atMost: limit / 1e6,
    unit: 'MB',
  },
]);
