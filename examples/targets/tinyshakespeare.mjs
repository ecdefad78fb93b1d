// node examples/targets/tinyshakespeare.mjs
// A small transformer that predicts Shakespeare's next character, tuned by a population of two, on the last tenth of the text.
import { timedSweep } from './support/run.mjs';
import { judge } from './support/target.mjs';

const { summary, seconds } = await timedSweep('examples/tinyshakespeare-transformer-pbt.js');
judge([
  { what: 'loss on the last tenth of the text', measured: summary.best.value, atMost: 1.8, unit: 'nats a character' },
  { what: 'from start to end of the process', measured: seconds, atMost: 900, unit: 's' },
]);
