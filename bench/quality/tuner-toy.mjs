// The toy of the PBT paper (toy.mjs): one job (JSON) on standard input, {seed, quality} for each seed on standard output, the best of the two
// members' Q after the last step.
import { readFileSync } from 'node:fs';
import * as random from '../../dist/src/random/index.js';
import { explore } from '../../dist/src/schedulers/explore.js';
import { parsePbtOptions, pbt } from '../../dist/src/schedulers/index.js';
import { parseSpace } from '../../dist/src/space/index.js';
import { bestQuality, toyRuns } from './toy.mjs';

const { run, seeds } = JSON.parse(readFileSync(0, 'utf8'));
const runs = toyRuns({ pbt, parsePbtOptions, explore, parseSpace, ...random });
for (const seed of seeds) console.log(JSON.stringify({ seed, quality: bestQuality(runs[run](seed)).at(-1) }));
