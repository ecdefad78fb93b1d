import { parseArgs } from 'node:util';

/** The runner's options, checked. bench/README.md says what they mean. Throws errors that say what must hold. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '1' },
      generations: { type: 'string', default: '20' },
      only: { type: 'string', default: '' },
      add: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { only, add, json, write } = values;
  const options = {
    // none: with --add, what was kept
    runs: number('runs', values.runs, 0),
    seconds: number('seconds', values.seconds, 0.01, false),
    generations: number('generations', values.generations, 1),
  };
  if (write && options.generations !== 20) throw new Error('--write is for whole sweeps: leave --generations out');
  return { ...options, only: new RegExp(only, 'i'), add, json, write };
}

function number(name, text, least, whole = true) {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${name} must be ${whole ? 'a whole number' : 'a number'} of at least ${least}, and is "${text}"`);
}
