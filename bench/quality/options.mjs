import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const usage = `npm run bench:quality -- [options]
  --only PATTERN  only what fits this regular expression; what there is stands below
  --seeds N       how many seeds (30)
  --from SEED     the first of them (1000)
  --jobs N        processes at a time (as many as cores); 0 shows what was kept
  --fresh         forgets what was measured before
  --json          rows as objects
  --write         remakes the tables of README.md of parts whose seeds are all measured`;

/** The runner's options, checked. README.md says more of them. Throws errors that say what must hold. */
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
      help: { type: 'boolean', default: false },
    },
  });
  const { only, fresh, json, write, help } = values;
  const options = {
    seeds: wholeNumber('seeds', values.seeds, 2),
    from: wholeNumber('from', values.from, 0),
    jobs: wholeNumber('jobs', values.jobs, 0),
  };
  if (write && options.seeds < 30) throw new Error('--write needs at least 30 seeds');
  return { ...options, only: new RegExp(only, 'i'), fresh, json, write, help };
}

function wholeNumber(name, text, least) {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number of at least ${least}, and is "${text}"`);
}
