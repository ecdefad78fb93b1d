// A way to select on a task that trains in no time (selections.mjs): one job (JSON) on standard input, {seed, …} for each seed on standard output.
import { readFileSync } from 'node:fs';
import { runSelection } from './selections.mjs';

const { seeds, ...job } = JSON.parse(readFileSync(0, 'utf8'));
for (const seed of seeds) console.log(JSON.stringify({ seed, ...runSelection(job, seed) }));
