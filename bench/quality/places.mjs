/** Where the files of the quality benchmarks are. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const root = join(here, '..', '..');
export const cache = join(root, '.cache', 'quality');

/** The peers' Python environment, made by install.mjs. */
export const venv = join(cache, 'venv');

/** QUALITY_PYTHON names an environment that has the peers already, instead of the one made here. */
export const ownPython = process.env.QUALITY_PYTHON;
export const python = ownPython ?? join(venv, 'bin', 'python');

/** One line (JSON) a seed of a job. */
export const samplesFile = join(cache, 'samples.jsonl');
/** The learning curves that schedulers are compared on, made by curves.mjs. */
export const curvesFile = join(cache, 'curves.json');
