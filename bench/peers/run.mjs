// npm run bench:peers [-- --runs N] [--seconds S] [--only PATTERN] [--generations N] [--add] [--json] [--write]
// The same work on tfjs-tuner and on its peers, in child processes, interleaved. bench/README.md says what is measured.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeJobs } from './jobs.mjs';
import { describeMachine, describeVersions } from './machine.mjs';
import { readOptions } from './options.mjs';
import { dataFolder, here } from './places.mjs';
import { checkLosses, summarise, withSequentialPopulations } from './results.mjs';
import { runJob } from './run-job.mjs';
import { forgetSamples, keepSamples, keptSamples } from './samples.mjs';
import { columns, resultLines, targetLines } from './table.mjs';
import { compare, missing } from './targets.mjs';
import { writeReadme } from './write-readme.mjs';

/** Runs a script of this folder that prepares something; what it prints goes to standard error. */
function prepare(script) {
  const { status } = spawnSync(process.execPath, [join(here, script)], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
}

/** A job's results of one run. */
async function measure(job, seconds, reference) {
  const started = performance.now();
  const results = await runJob(job, seconds);
  for (const result of results) checkLosses(result, reference[result.case]?.losses);
  process.stderr.write(`  ${job.name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  return results;
}

/**
 * Measures and keeps samples, interleaved: the machine's speed drifts, and should drift for all alike.
 * @returns names of the jobs that failed: they are reported and left out, so that the rest is not lost
 */
async function measureAll(jobs, { runs, seconds }) {
  const { cases: reference } = JSON.parse(readFileSync(join(dataFolder, 'cases.json'), 'utf8'));
  const failed = new Set();
  for (let run = 1; run <= runs; run++) {
    process.stderr.write(`run ${run} of ${runs}\n`);
    for (const job of jobs) {
      try {
        keepSamples(await measure(job, seconds, reference));
      } catch (error) {
        process.stderr.write(`  ${job.name} failed: ${error.message}\n`);
        failed.add(job.name);
      }
    }
  }
  return failed;
}

function print(rows, comparisons, json) {
  if (json) for (const row of rows) console.log(JSON.stringify(row));
  else console.log(`${describeMachine()}\n${describeVersions()}\n\n${columns(resultLines(rows))}`);
  // standard output is rows and nothing else with --json
  const say = json ? console.error : console.log;
  if (comparisons.length > 0) say(`\n${columns(targetLines(comparisons))}`);
}

function write(rows, comparisons, seconds) {
  const lacking = missing(comparisons);
  if (lacking.length === 0) return writeReadme(rows, comparisons, seconds);
  throw new Error(`--write makes the whole table, and this is not measured yet:\n${lacking.join('\n')}`);
}

async function main(options) {
  const { jobs, dispose } = makeJobs(options.generations);
  try {
    const chosen = jobs.filter(({ name }) => options.only.test(name));
    if (chosen.length === 0) throw new Error(`--only fits none of:\n${jobs.map(({ name }) => name).join('\n')}`);
    if (options.add) keptSamples(options);
    else forgetSamples(options);
    if (options.runs > 0) for (const script of ['install.mjs', 'export-data.mjs']) prepare(script);
    const failed = options.runs > 0 ? await measureAll(chosen, options) : new Set();
    const rows = summarise(withSequentialPopulations(keptSamples(options)));
    const comparisons = compare(rows);
    print(rows, comparisons, options.json);
    if (failed.size > 0) throw new Error(`failed: ${[...failed].join(', ')}`);
    if (options.write) write(rows, comparisons, options.seconds);
  } finally {
    dispose();
  }
}

try {
  await main(readOptions());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
