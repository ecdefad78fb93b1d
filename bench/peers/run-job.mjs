import { spawn } from 'node:child_process';

/** What every child gets, whatever is set outside: the processor only, no banners, and no files of Python's beside its sources. */
const quiet = {
  PYTHONDONTWRITEBYTECODE: '1',
  CUDA_VISIBLE_DEVICES: '',
  JAX_PLATFORMS: 'cpu',
  TF_CPP_MIN_LOG_LEVEL: '2',
  PYTHONHASHSEED: '0',
};
const settable = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'OMP_NUM_THREADS', 'TF_XLA_FLAGS', 'XLA_FLAGS'];

function environment(job, seconds) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settable.includes(name)));
  return { ...inherited, ...quiet, ...job.env, PEERS_SECONDS: String(seconds) };
}

/** Collects a child's output. An interrupt of this process is passed on, and the child waited for. */
function output(child) {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}

/** Runs a job in a child process; returns its results. Throws an error with the end of what the child wrote. */
export async function runJob(job, seconds) {
  const [command, ...args] = job.command;
  const child = spawn(command, args, { env: environment(job, seconds), stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  try {
    const { status, signal, stdout, stderr } = await output(child);
    if (status !== 0) throw new Error(`${job.name} ended with ${signal ?? status}:\n${stderr.trimEnd().slice(-4000)}`);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const results = lines.map((line) => JSON.parse(line));
    return job.results ? job.results(results) : results;
  } finally {
    process.off('SIGTERM', stop);
  }
}
