/** Samples are kept as they are made, so that a long measurement can be made in parts, and an interrupted one be gone on with. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { measuredVersion } from './machine.mjs';
import { samplesFile } from './places.mjs';

/** What samples must have in common to stand in one table. */
function conditions({ seconds, generations }) {
  return { version: measuredVersion(), seconds, generations };
}

/** Begins anew: earlier samples are forgotten. */
export function forgetSamples(options) {
  mkdirSync(dirname(samplesFile), { recursive: true });
  writeFileSync(samplesFile, `${JSON.stringify(conditions(options))}\n`);
}

export function keepSamples(samples) {
  appendFileSync(samplesFile, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
}

/** All that was kept since it was begun anew. Throws where that was measured of other code, or otherwise. */
export function keptSamples(options) {
  if (!existsSync(samplesFile)) forgetSamples(options);
  // a line that an interrupt cut off is not whole
  const lines = readFileSync(samplesFile, 'utf8').split('\n').slice(0, -1);
  const [given, ...samples] = lines.map((line) => JSON.parse(line));
  const wanted = conditions(options);
  const other = Object.keys(wanted).filter((name) => given[name] !== wanted[name]);
  if (other.length === 0) return samples;
  const differences = other.map((name) => `${name} ${given[name]} and not ${wanted[name]}`);
  throw new Error(`the samples in ${samplesFile} are of ${differences.join(', ')}: measure again without --add`);
}
