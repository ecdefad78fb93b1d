import { spawnSync } from 'node:child_process';
import { foldIn, seedKey } from '../../dist/src/random/index.js';
import { parseSpace, sampleSpace } from '../../dist/src/space/index.js';
import { here, python } from './places.mjs';
import { problems } from './problems.mjs';

const points = 50;
const tolerance = 1e-9;

/** Throws unless the functions of problems.py are those of problems.mjs. */
export function checkProblems() {
  const jobs = Object.entries(problems).map(([problem, { space }]) => {
    const key = foldIn(seedKey(0), 'check', problem);
    return {
      problem,
      points: Array.from({ length: points }, (_, at) => sampleSpace(parseSpace(space), foldIn(key, at))),
    };
  });
  const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
  const { stdout, stderr, status, error } = spawnSync(python, ['problems.py'], { cwd: here, input, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`problems.py ended with ${status}: ${stderr}`);
  const theirs = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const [at, job] of jobs.entries()) check(job, theirs[at]);
}

function check({ problem, points: given }, theirs) {
  for (const [at, point] of given.entries()) {
    const ours = [problems[problem].f(point)].flat();
    const their = [theirs[at]].flat();
    if (ours.every((value, objective) => Math.abs(value - their[objective]) <= tolerance * (1 + Math.abs(value))))
      continue;
    throw new Error(
      `${problem} is not the same function here and in Python: ${ours} and ${their} at ${JSON.stringify(point)}`,
    );
  }
}
