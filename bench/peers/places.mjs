/** Where the peers' files are. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const root = join(here, '..', '..');
const cache = join(root, '.cache', 'peers');

/** The peers' Python environment, made by install.mjs. */
export const venv = join(cache, 'venv');
export const python = join(venv, 'bin', 'python');

/** Data, batches and initial weights that every system reads, made by export-data.mjs. */
export const dataFolder = join(cache, 'data');

/** Samples of the last runs, one JSON object a line, the first of which names the commit. */
export const samplesFile = join(cache, 'samples.jsonl');
