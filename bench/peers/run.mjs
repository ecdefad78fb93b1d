// npm run bench:peers [-- --runs N] [--seconds S] [--only PATTERN] [--generations N] [--json] [--write]
// The same work on tfjs-tuner and on its peers, in child processes, interleaved. bench/README.md says what is measured.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeJobs } from './jobs.mjs';
import { describeMachine, describeVersions } from './machine.mjs';
import { dataFolder, here } from './places.mjs';
import { checkLosses, summarise, withSequentialPopulations } from './results.mjs';
import { runJob } from './run-job.mjs';
import { columns, resultLines, targetLines } from './table.mjs';
import { compare } from './targets.mjs';
import { writeReadme } from './write-readme.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    generations: { type: 'string', default: '20' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

/** An option's number, above 0. */
function positive(name, whole = true) {
  const value = Number(values[name]);
  if (value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${name} must be ${whole ? 'a whole number' : 'a number'} above 0, and is "${values[name]}"`);
}
const runs = positive('runs');
const seconds = positive('seconds', false);
const generations = positive('generations');
if (values.write && (values.only !== undefined || generations !== 20)) {
  throw new Error('--write makes the whole table: it goes with neither --only nor --generations');
}

/** Runs a script of this folder that prepares something; what it prints goes to standard error. */
function prepare(script) {
  const { status } = spawnSync(process.execPath, [join(here, script)], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
}

/** A job's results of one run; what fails is reported and left out, so that the rest is not lost. */
async function measure(job, reference) {
  const started = performance.now();
  try {
    const results = await runJob(job, seconds);
    for (const result of results) checkLosses(result, reference[result.case]?.losses);
    process.stderr.write(`  ${job.name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    return results;
  } catch (error) {
    process.stderr.write(`  ${job.name} failed: ${error.message}\n`);
    failures.add(job.name);
    return [];
  }
}

/** Interleaved: the machine's speed drifts, and should drift for all alike. */
async function measureAll(jobs) {
  const { cases: reference } = JSON.parse(readFileSync(join(dataFolder, 'cases.json'), 'utf8'));
  const samples = [];
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`run ${run} of ${runs}\n`);
    for (const job of jobs) samples.push(...(await measure(job, reference)));
  }
  return withSequentialPopulations(samples);
}

const failures = new Set();
const { jobs, dispose } = makeJobs(generations);
try {
  const pattern = new RegExp(values.only ?? '', 'i');
  const chosen = jobs.filter(({ name }) => pattern.test(name));
  if (chosen.length === 0)
    throw new Error(`--only ${values.only} fits none of:\n${jobs.map(({ name }) => name).join('\n')}`);
  prepare('install.mjs');
  prepare('export-data.mjs');
  const rows = summarise(await measureAll(chosen));
  const comparisons = compare(rows);
  if (values.json) for (const row of rows) console.log(JSON.stringify(row));
  else console.log(`${describeMachine()}\n${describeVersions()}\n\n${columns(resultLines(rows))}`);
  if (comparisons.length > 0) (values.json ? console.error : console.log)(`\n${columns(targetLines(comparisons))}`);
  if (failures.size > 0) throw new Error(`failed: ${[...failures].join(', ')}`);
  if (values.write) writeReadme(rows, comparisons, { runs, seconds });
} finally {
  dispose();
}
