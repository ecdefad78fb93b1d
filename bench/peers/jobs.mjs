/** What is run: one entry a child process, which prints one or more results. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cases, population } from './cases.mjs';
import { here, python, root } from './places.mjs';

const sweepFile = join(root, 'examples', 'mnist-10k-pbt-population-8-generations-20.yaml');

/** How many threads one operation may be split over, said in every library's own way. */
function threads(count) {
  const value = String(count);
  return { TF_NUM_INTRAOP_THREADS: value, TF_NUM_INTEROP_THREADS: value, OMP_NUM_THREADS: value };
}

const node = (script, ...args) => [process.execPath, join(here, script), ...args.map(String)];
const peer = (script, ...args) => [python, join(here, script), ...args.map(String)];

/** A step of one trial: each system with one thread an operation, and with two. */
function stepJobs(name) {
  const modes = name === 'mlp' ? ['plain', 'compiled'] : ['plain'];
  const both = [1, 2].flatMap((count) => [
    {
      name: `${name} tfjs-tuner ${count}`,
      command: node('tuner-step.mjs', name, count, ...modes),
      env: threads(count),
    },
    { name: `${name} eager ${count}`, command: node('eager-step.mjs', name, count), env: threads(count) },
    { name: `${name} keras ${count}`, command: peer('keras_fit.py', name, count), env: threads(count) },
    { name: `${name} tf.function ${count}`, command: peer('tf_function.py', name, count), env: threads(count) },
  ]);
  const torch = { name: `${name} pytorch`, command: peer('pytorch_step.py', name), env: threads(2) };
  return [...both, ...(name === 'gru' ? [] : [torch]), ...(name === 'mlp' ? jaxJobs('mlp jax', 'jax_scan.py') : [])];
}

/** JAX with XLA's own settings, and with each of the flags that are said to make it faster on processors. */
function jaxJobs(name, script) {
  const flags = ['', '--xla_cpu_multi_thread_eigen=false', '--xla_cpu_use_thunk_runtime=false'];
  return flags.map((flag) => ({
    name: `${name} ${flag}`.trim(),
    command: peer(script, 'mlp'),
    env: { ...threads(2), ...(flag === '' ? {} : { XLA_FLAGS: flag }) },
  }));
}

/** Plain programs run in one thread each, as in a study of several trials; compiled ones may use all cores. */
function populationJobs() {
  const tuner = (name, workers, compile) => ({
    name: `${name}-population tfjs-tuner ${workers} ${compile}`,
    command: node('tuner-population.mjs', name, workers, compile),
    env: threads(compile === 'always' ? 2 : 1),
  });
  return [
    ...[1, 2].flatMap((workers) => [
      tuner('mlp', workers, 'auto'),
      tuner('mlp', workers, 'always'),
      tuner('cnn', workers, 'auto'),
    ]),
    ...['plain', 'compiled'].map((mode) => ({
      name: `mlp-population tfjs-tuner one graph ${mode}`,
      command: node('tuner-stacked.mjs', mode),
      env: threads(2),
    })),
    ...jaxJobs('mlp-population jax', 'jax_population.py'),
    { name: 'cnn-population keras', command: peer('keras_population.py', 'cnn'), env: threads(1) },
    { name: 'cnn-population pytorch', command: peer('pytorch_population.py', 'cnn'), env: threads(1) },
  ];
}

/** What `measure_tree.py` measured of a sweep, as results. */
function sweepResults(system, steps) {
  return ([line]) => {
    const { seconds, residentBytes, proportionalBytes, output } = line;
    const { best, steps: trained } = JSON.parse(output);
    if (trained < steps) process.stderr.write(`${system} trained ${trained} of ${steps} steps\n`);
    const result = (metric, unit, value) => ({ system, case: 'sweep', variant: '', metric, unit, value });
    return [
      result('wall time', 's', seconds),
      result('peak resident memory', 'MB', residentBytes / 1e6),
      result('peak memory, shared pages counted once', 'MB', proportionalBytes / 1e6),
      result('steps trained', 'steps', trained),
      result('best accuracy', '', best),
    ];
  };
}

/** A whole sweep: the example file's on the tuner, and the same on Ray Tune. */
function sweepJobs(generations, folder) {
  const sweep = parse(readFileSync(sweepFile, 'utf8'));
  const steps = sweep.strategy.pbt.interval * generations;
  const shortened = join(folder, 'sweep.json');
  writeFileSync(shortened, JSON.stringify({ ...sweep, budget: { ...sweep.budget, steps } }));
  const wanted = steps * population.members;
  const ray = (cpus, atATime) => ({
    name: `sweep ray ${atATime}`,
    command: peer('measure_tree.py', ...peer('ray_sweep.py', generations, cpus)),
    env: { ...threads(1), RAY_USAGE_STATS_ENABLED: '0' },
    results: sweepResults(`Ray Tune with Keras, ${atATime} trials at a time`, wanted),
  });
  return [
    {
      name: 'sweep tfjs-tuner',
      command: peer('measure_tree.py', process.execPath, join(root, 'bench', 'one-sweep.mjs'), shortened, 2),
      // the tuner sets the number of threads itself
      env: {},
      results: sweepResults('tfjs-tuner', wanted),
    },
    ray(1, 2),
    ray(0.25, 8),
  ];
}

/** All jobs. `dispose` removes what they need on disk. */
export function makeJobs(generations) {
  const folder = mkdtempSync(join(tmpdir(), 'peers-sweep-'));
  const steps = Object.keys(cases).flatMap(stepJobs);
  const jobs = [...steps, ...populationJobs(), ...sweepJobs(generations, folder)];
  return { jobs, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
