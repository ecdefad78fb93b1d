import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** The runner's options, checked. README.md says what they mean. Throws errors that say what must hold. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seeds: { type: 'string', default: '30' },
      from: { type: 'string', default: '1000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      fresh: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { only, fresh, json, write } = values;
  const options = {
    seeds: wholeNumber('seeds', values.seeds, 2),
    from: wholeNumber('from', values.from, 0),
    jobs: wholeNumber('jobs', values.jobs, 0),
  };
  if (write && options.seeds < 30) throw new Error('--write needs at least 30 seeds');
  return { ...options, only: new RegExp(only, 'i'), fresh, json, write };
}

function wholeNumber(name, text, least) {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number of at least ${least}, and is "${text}"`);
}
