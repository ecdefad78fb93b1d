// node bench/load-time.mjs: what importing tfjs-tuner/study costs, in milliseconds: the import alone, in 20 fresh processes each of
// the bundle that is the package's door, of the modules that it is made of, and of an empty module.
import { execFileSync } from 'node:child_process';
import { printRows } from './statistics.mjs';

const doors = {
  'import tfjs-tuner/study': new URL('../dist/study.js', import.meta.url).href,
  'the same, module by module': new URL('../dist/src/study/public.js', import.meta.url).href,
  'an empty module': 'data:text/javascript,export{}',
};

function importTime(door) {
  const program = `const from = performance.now(); await import(${JSON.stringify(door)}); console.log(performance.now() - from);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}

const rows = Object.entries(doors).map(([name, door]) => {
  const values = Array.from({ length: 20 }, () => importTime(door));
  return { case: name, system: 'tfjs-tuner', metric: 'time', unit: 'ms', values };
});
printRows(rows, process.argv.includes('--json'));
