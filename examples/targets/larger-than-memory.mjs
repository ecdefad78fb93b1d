// node examples/targets/larger-than-memory.mjs [RUNS]      RUNS is 3
// A data set of 400 MB streamed through 100 MB, beside the same in memory, by bench/streaming.mjs.
import { benchmark } from './support/run.mjs';
import { judge } from './support/target.mjs';

const limit = 100e6;
const rows = await benchmark('streaming.mjs', '400e6', String(limit), process.argv[2] ?? '3');
const median = (wanted) => rows.find(({ metric }) => metric === wanted)?.median ?? Number.NaN;

judge([
  { what: 'time of training, streamed over in memory', measured: median('time streamed / in memory'), atMost: 1.2 },
  {
    what: 'resident memory for a data set four times as large',
    measured: median('resident for the data streamed'),
    atMost: limit / 1e6,
    unit: 'MB',
  },
]);
