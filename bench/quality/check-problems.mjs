import { spawnSync } from 'node:child_process';
import { foldIn, seedKey } from '../../dist/src/random/index.js';
import { parseSpace, sampleSpace } from '../../dist/src/space/index.js';
import { constrainedProblems } from './constrained-problems.mjs';
import { here, python } from './places.mjs';
import { problems } from './problems.mjs';

const points = 50;
const tolerance = 1e-9;

/** Throws unless the functions in Python are those here. */
export function checkProblems() {
  compare('problems.py', problems, (told) => [told].flat());
  compare('constrained_problems.py', constrainedProblems, ({ losses, violations }) => [...losses, ...violations]);
}

/** @param numbersOf (what a function here returns) => the numbers that the script prints of it */
function compare(script, functions, numbersOf) {
  const jobs = Object.entries(functions).map(([problem, { space }]) => {
    const key = foldIn(seedKey(0), 'check', problem);
    return {
      problem,
      points: Array.from({ length: points }, (_, at) => sampleSpace(parseSpace(space), foldIn(key, at))),
    };
  });
  const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
  const { stdout, stderr, status, error } = spawnSync(python, [script], { cwd: here, input, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  const theirs = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const [at, job] of jobs.entries()) check(job, (point) => numbersOf(functions[job.problem].f(point)), theirs[at]);
}

function check({ problem, points: given }, f, theirs) {
  for (const [at, point] of given.entries()) {
    const ours = f(point);
    const their = [theirs[at]].flat();
    if (ours.every((value, objective) => Math.abs(value - their[objective]) <= tolerance * (1 + Math.abs(value))))
      continue;
    throw new Error(
      `${problem} is not the same function here and in Python: ${ours} and ${their} at ${JSON.stringify(point)}`,
    );
  }
}
