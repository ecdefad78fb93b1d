// Prints which rows of housing.csv are for training and which for validation, as JSON, counted from 0 without the header:
// npm run build && node bench/quality/housing/export-split.mjs [REFERENCE] > split.json
// REFERENCE: JSON of a data set's reference, as a sweep has it; by default the data set as it is published.
import { loadDataset, splitView } from '../../../dist/src/data/index.js';
import { homeDirectory } from '../../../dist/src/native/index.js';

const options = { cacheDirectory: homeDirectory(), baseDirectory: process.cwd() };
const dataset = await loadDataset(JSON.parse(process.argv[2] ?? '"housing"'), options);
// no row is left out, so the data set's rows are the file's
if (dataset.droppedRowCount > 0) throw new Error('rows were left out');
const rows = (split) => [...splitView(dataset, split)];
console.log(JSON.stringify({ train: rows('train'), validation: rows('validation') }));
