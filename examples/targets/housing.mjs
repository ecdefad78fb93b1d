// node examples/targets/housing.mjs
// California housing from its raw CSV: the error of examples/housing-tabular.yaml beside that of scikit-learn's
// HistGradientBoostingRegressor with its defaults on the same rows. Installs scikit-learn into .cache on first use.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pythonWith } from './support/python.mjs';
import { dataDirectory, output, root, scratchFolder, timedSweep } from './support/run.mjs';
import { judge } from './support/target.mjs';

const here = 'bench/quality/housing';
const python = pythonWith('housing', here);
const sweep = 'examples/housing-tabular.yaml';
const { summary, seconds } = await timedSweep(sweep);

const split = join(scratchFolder(), 'split.json');
const env = { TFJS_TUNER_DATA: dataDirectory };
// the rows that the sweep trains on and is judged by
const reference = JSON.stringify(parse(readFileSync(join(root, sweep), 'utf8')).dataset);
writeFileSync(split, await output(process.execPath, [join(here, 'export-split.mjs'), reference], { env }));
const text = await output(python, [
  join(root, here, 'hist_gradient_boosting.py'),
  join(dataDirectory, 'housing.csv'),
  split,
]);
console.log(text);
const errors = [...text.matchAll(/validation RMSE (\d+)/g)].map(([, rmse]) => Number(rmse)).sort((a, b) => a - b);
const median = errors[Math.floor(errors.length / 2)];

judge([
  {
    what: "validation RMSE over scikit-learn's (median of five seeds)",
    measured: summary.best.value / median,
    atMost: 1.05,
  },
  { what: 'from start to end of the process', measured: seconds, atMost: 180, unit: 's' },
]);
