// node examples/targets/mnist-cnn.mjs
// A population of four convolutional networks on 7,000 digits, judged on 2,000 others.
import { timedSweep } from './support/run.mjs';
import { judge } from './support/target.mjs';

const { summary, seconds } = await timedSweep('examples/mnist-10k-cnn.yaml');
judge([
  { what: 'validation accuracy', measured: summary.best.value, atLeast: 0.985 },
  { what: 'from start to end of the process', measured: seconds, atMost: 300, unit: 's' },
]);
