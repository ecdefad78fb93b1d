import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { hypervolume } from '../../dist/study.js';
import { constrainedProblems } from './constrained-problems.mjs';
import { here, python } from './places.mjs';
import { problems, referencePoint } from './problems.mjs';
import { keepSample } from './samples.mjs';

/** Seeds of one child process: few, so that children that end together are seldom. */
const seedsPerChild = 10;

/** What a line of a job says, by metric. */
function valuesOf({ losses, points, ...values }, { problem }) {
  if (points !== undefined) {
    const feasible = points.filter(({ violations }) => violations.every((violation) => violation <= 0));
    const reached = feasible.map((point) => point.losses);
    return { hypervolume: hypervolume(reached, constrainedProblems[problem].reference) };
  }
  if (losses === undefined) return values;
  if (losses[0].length > 1) return { hypervolume: hypervolume(losses, referencePoint) };
  return { regret: Math.min(...losses.map(([loss]) => loss)) - (problems[problem].least ?? 0) };
}

/** Runs some seeds of a job in a child process, and keeps what it prints. */
async function runChild({ key, command, input }, seeds) {
  const [program, script] = command;
  const child = spawn(program === 'python' ? python : process.execPath, [script], {
    cwd: here,
    stdio: ['pipe', 'pipe', 'inherit'],
    // studies run beside each other, one thread each
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  child.stdin.on('error', () => {}); // a child that ended without reading says why itself
  child.stdin.end(JSON.stringify({ ...input, seeds }));
  for await (const line of createInterface({ input: child.stdout })) {
    const { seed, ...rest } = JSON.parse(line);
    keepSample(key, seed, valuesOf(rest, input));
  }
  const status = await ended;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
}

/**
 * Runs what is missing, so many processes at a time; the cases take turns.
 *
 * @param missing [{ job, seeds }]
 * @returns names of the jobs that failed: they are reported and left out, so that the rest is not lost
 */
export async function runJobs(missing, places) {
  const tasks = missing.flatMap(({ job, seeds }) =>
    Array.from({ length: Math.ceil(seeds.length / seedsPerChild) }, (_, at) => ({
      job,
      round: at,
      seeds: seeds.slice(at * seedsPerChild, (at + 1) * seedsPerChild),
    })),
  );
  // the peers' first: they take longest, and are not measured again when our code changes
  tasks.sort((a, b) => a.job.ownCode.length - b.job.ownCode.length || a.round - b.round);
  const failed = new Set();
  const started = performance.now();
  let done = 0;
  const work = async () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      try {
        await runChild(task.job, task.seeds);
      } catch (error) {
        process.stderr.write(`${task.job.label} failed: ${error.message}\n`);
        failed.add(task.job.label);
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`${++done} of ${done + tasks.length} (${seconds} s): ${task.job.label}\n`);
    }
  };
  await Promise.all(Array.from({ length: places }, work));
  return failed;
}
