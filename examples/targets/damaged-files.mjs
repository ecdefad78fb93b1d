// node examples/targets/damaged-files.mjs [COUNT] [SEED]      COUNT is 10000, SEED 1
// Files that other programs wrote, cut off, with bits flipped, with hostile headers, misnamed, and bombs: each is read, or refused with a
// readable error, within 10 s and 1.5 GB, by bench/fuzz-import.mjs.
import { output } from './support/run.mjs';
import { judge } from './support/target.mjs';

const [count = '10000', seed = '1'] = process.argv.slice(2);
const words = ['bench/fuzz-import.mjs', '--count', count, '--seed', seed, '--json'];
// 1: there were faults, which are shown
const { faults, slowestMs, found, outcomes } = JSON.parse(await output(process.execPath, words, { allowed: [0, 1] }));
console.log(outcomes);
for (const { input, fault } of found) console.log(`input ${input}: ${fault}`);

judge([
  {
    what: `crashes, hangs, memory beyond the limit and unreadable errors in ${count} files`,
    measured: faults,
    atMost: 0,
  },
  { what: 'slowest file', measured: slowestMs / 1000, atMost: 10, unit: 's' },
]);
