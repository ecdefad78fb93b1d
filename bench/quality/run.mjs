// npm run bench:quality [-- --help]
// The tuner's samplers and schedulers and those of its peers on the same work. README.md says what is measured.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { columns } from '../peers/table.mjs';
import { checkProblems } from './check-problems.mjs';
import { makeParts } from './jobs.mjs';
import { describe } from './machine.mjs';
import { readOptions, usage } from './options.mjs';
import { here, ownPython } from './places.mjs';
import { rowsOf } from './results.mjs';
import { runJobs } from './run-jobs.mjs';
import { forgetSamples, jobKey, keptSamples } from './samples.mjs';
import { lines } from './table.mjs';
import { writeQuality } from './write-readme.mjs';

/** Runs a script of this folder that prepares something; what it prints goes to standard error. */
function prepare(script) {
  const { status } = spawnSync(process.execPath, [join(here, script)], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
}

/** What decisions cost is measured by a script of its own, after all else. */
const speed = 'What decisions cost';

function measureSpeed({ json, write }) {
  const args = [join(here, 'ask-speed.mjs'), ...(json ? ['--json'] : []), ...(write ? ['--write'] : [])];
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`ask-speed.mjs ended with ${status}`);
}

/** Parts with the systems that were asked for, every job with its key and a name to speak of it. */
function chosenParts(only) {
  const parts = makeParts();
  const choose = (part) => ({
    ...part,
    cases: part.cases
      .map((one) => ({ ...one, systems: chosenSystems(part, one, only) }))
      .filter(({ systems }) => systems.length > 0),
  });
  const chosen = parts.map(choose).filter(({ cases }) => cases.length > 0);
  if (chosen.length === 0 && !only.test(speed)) throw new Error(`--only fits none of:\n${titles(parts)}`);
  return chosen;
}

function titles(parts) {
  return [...parts.map(({ title }) => title), speed].join('\n');
}

/** What others are compared with stays where one of them was asked for: it alone is compared with nothing. */
function chosenSystems(part, { name, systems }, only) {
  const labelled = systems.map((job) => ({ ...job, label: `${part.title}: ${name}: ${job.name}` }));
  if (!labelled.some(({ label }) => only.test(label))) return [];
  return labelled
    .filter(({ label, ...job }) => label.includes(': tfjs-tuner') || job.name === part.against || only.test(label))
    .map((job) => ({ ...job, key: jobKey(job) }));
}

function seedsOf({ seeds, from }) {
  return Array.from({ length: seeds }, (_, at) => from + at);
}

/** Seeds that are not measured yet, by job; two parts may look at the same jobs. */
function missingOf(parts, options) {
  const kept = keptSamples();
  const jobs = new Map();
  for (const part of parts) {
    for (const { systems } of part.cases)
      for (const job of systems) jobs.set(job.key, { job, seeds: seedsOf(options) });
  }
  return [...jobs.values()]
    .map(({ job, seeds }) => ({ job, seeds: seeds.filter((seed) => !kept.get(job.key)?.has(seed)) }))
    .filter(({ seeds }) => seeds.length > 0);
}

function print(parts, rows, json) {
  if (json) {
    for (const row of rows) console.log(JSON.stringify(row));
    return;
  }
  console.log(describe());
  for (const { title } of parts) {
    console.log(`\n${title}\n${columns(lines(rows.filter(({ part }) => part === title)))}`);
  }
}

async function measure(parts, options) {
  const alone = parts.filter((part) => part.alone);
  const beside = parts.filter((part) => !part.alone);
  if (options.jobs === 0) return new Set();
  const failed = await runJobs(missingOf(beside, options), options.jobs);
  return new Set([...failed, ...(await runJobs(missingOf(alone, options), 1))]);
}

async function main(options) {
  const { only, fresh, json, help } = options;
  if (help) {
    console.log(`${usage}\n\n${titles(makeParts())}`);
    return;
  }
  if (ownPython === undefined) prepare('install.mjs');
  // the table is part of the jobs that use it
  if (chosenParts(only).some(({ needsCurves }) => needsCurves)) prepare('curves.mjs');
  const parts = chosenParts(only);
  checkProblems();
  if (fresh) forgetSamples();
  const failed = await measure(parts, options);
  const kept = keptSamples();
  const rows = parts.flatMap((part) =>
    rowsOf(part, ({ key }) => seedsOf(options).flatMap((seed) => kept.get(key)?.get(seed) ?? [])),
  );
  print(parts, rows, json);
  if (failed.size > 0) throw new Error(`failed: ${[...failed].join(', ')}`);
  if (options.write) write(rows, options);
  if (options.jobs > 0 && only.test(speed)) measureSpeed(options);
}

/** Parts that were measured whole; all others stay as they are. */
function write(rows, options) {
  const all = makeParts();
  const isWhole = ({ title, cases }) => {
    const complete = rows.filter(({ part, seeds }) => part === title && seeds === options.seeds);
    return complete.length === cases.flatMap(({ systems }) => systems).length;
  };
  const whole = new Set(all.filter(isWhole).map(({ title }) => title));
  const written = writeQuality(
    all,
    rows.filter(({ part }) => whole.has(part)),
    options,
  );
  for (const { title } of all.filter((part) => !written.includes(part.title)))
    process.stderr.write(`not written, since not all of its seeds are measured: ${title}\n`);
}

try {
  await main(readOptions());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
