/**
 * Sweeps in code that do not load, or are no data. What is no JavaScript is in `e2e/broken-sweeps.test.ts`: here the loader of the tests would
 * read it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TunerError } from '../../../src/errors/index.js';
import { readObjectiveSweep } from '../../../src/tuner/objective/read-sweep.js';
import { readSweep, sourceOf } from '../../../src/tuner/sweep-file.js';
import type { Sweep } from '../../../src/tuner/sweep-schema.js';
import type { Loose } from './break.js';
import { soundObjectiveSweep, soundSweep } from './sound-sweeps.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-broken-module-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function failureOf(reading: Promise<unknown>): Promise<TunerError> {
  const thrown = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(TunerError);
  const error = thrown as TunerError;
  expect(error).toMatchObject({ kind: 'input' });
  expect(error.todo).not.toBe('');
  return error;
}

describe('a module', () => {
  const sound = `study: 'a', model: 'mlp', dataset: 'spirals', objective: { metric: 'a', direction: 'minimize' },
    strategy: { random: { trials: 1 } }, budget: { steps: 1 }`;
  it.each([
    ['missing.ts', `import './none.ts';\nexport default { ${sound} }`, 'MODULES_FAILED', /missing\.ts:1.*none/],
    [
      'throws.mjs',
      'function f() { throw new TypeError("no") }\nf();',
      'MODULES_FAILED',
      /throws\.mjs:1.*TypeError: no/,
    ],
    ['throws-null.mjs', 'throw null', 'MODULES_FAILED', /throws null/],
    ['throws-odd.mjs', 'throw { toString() { throw 1; } }', 'MODULES_FAILED', /cannot be written as text/],
    ['rejects.mjs', 'export default Promise.reject(new Error("no"))', 'MODULES_FAILED', /no/],
    ['endless.mjs', 'function f() { return f(); }\nf();', 'MODULES_FAILED', /endless\.mjs:1.*stack/],
    ['trap.mjs', 'export default new Proxy({}, { get() { throw new Error("trap"); } })', 'MODULES_FAILED', /trap/],
    ['unnamed.mjs', `export const sweep = { ${sound} }`, 'MODULES_NO_DEFAULT', /it exports sweep/],
    ['undefined.mjs', 'export default undefined', 'MODULES_NO_DEFAULT', /default/],
    ['function.mjs', `export default () => ({ ${sound} })`, 'TUNER_SWEEP_INVALID', /not a function/],
    ['class.mjs', `export default new (class Mine { study = 'a'; })()`, 'TUNER_SWEEP_INVALID', /not a Mine/],
    ['map.mjs', 'export default new Map()', 'TUNER_SWEEP_INVALID', /not a Map/],
    [
      'getter.mjs',
      `export default { ${sound}, get space() { throw new Error('no'); } }`,
      'TUNER_SWEEP_INVALID',
      /space: .*no/,
    ],
    [
      'circle.mjs',
      `const a = { ${sound} }; a.space = { a }; export default a`,
      'TUNER_SWEEP_INVALID',
      /space\.a: .*itself/,
    ],
    ['big.mjs', `export default { ${sound}, seed: 7n }`, 'TUNER_SWEEP_INVALID', /seed: .*bigint/],
  ])('%s is told of', async (name, text, code, message) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const error = await failureOf(readSweep(path));
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
    expect(error.message).toMatch(message);
  });

  it('may have a function that explores, and no other', async () => {
    const sweep = soundSweep('pbt') as unknown as Sweep;
    const explore = () => 1;
    Object.assign((sweep.strategy as { pbt: object }).pbt, { explore });
    expect((await readSweep(sweep)).explore).toBe(explore);
    const error = await failureOf(readSweep({ ...sweep, seed: explore as never }));
    expect(error.message).toMatch(/seed: must be plain data.*not a function/);
  });
});

/** What code can put in a sweep, and no file can. */
const circle: Loose = {};
circle.again = circle;
const codeOnly = {
  circle,
  'a bigint': 7n,
  'a symbol': Symbol('s'),
  'a function': () => 1,
  'a map': new Map([[1, 2]]),
  'a set': new Set([1]),
  'a date': new Date(0),
  'a typed array': new Float32Array(3),
  'a promise': Promise.resolve(1),
  'a property that throws': {
    get low(): number {
      throw new Error('not yet');
    },
  },
  'an object that is never read': new Proxy(
    {},
    {
      ownKeys() {
        throw new TypeError('no keys');
      },
    },
  ),
  'JSON of its own': { toJSON: () => 1 },
  'text of its own': {
    toString() {
      throw new Error('no text');
    },
  },
} as const;

describe('an object', () => {
  const places = ['seed', 'space', 'space.hidden', 'space.learningRate.float.0', 'constraints.0', 'enqueue.0.hidden'];
  const both = [...places, 'sampler', 'sampler.tpe.candidates', 'budget', 'budget.wall', 'strategy'];

  it.each(Object.entries(codeOnly))('with %s in it is told where, in a sweep of either kind', async (_, value) => {
    for (const place of both) {
      for (const sweep of [soundSweep('random'), soundObjectiveSweep('random')]) {
        const path = place.split('.');
        const parent = path.slice(0, -1).reduce<Loose>((part, name) => part[name] as Loose, sweep);
        parent[path.at(-1)!] = value;
        const reading =
          'dataset' in sweep ? readSweep(sweep as unknown as Sweep) : sourceOf(sweep).then(readObjectiveSweep);
        const { code, message } = await failureOf(reading);
        expect(code).toBe('TUNER_SWEEP_INVALID');
        expect(message).toMatch(new RegExp(`\\n {2}${place}`));
        expect(message).not.toMatch(/\[object/);
      }
    }
  });

  it('never fails in any other way, whatever is in it', async () => {
    const odd = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.constantFrom<unknown>(...Object.values(codeOnly)),
    );
    const places = fc.constantFrom(...both, 'stop', 'training', 'dataset', 'objective.metric', 'space.hidden.choice');
    await fc.assert(
      fc.asyncProperty(places, odd, async (place, value) => {
        const sweep = soundSweep('median');
        const path = place.split('.');
        const parent = path.slice(0, -1).reduce<Loose>((part, name) => part[name] as Loose, sweep);
        parent[path.at(-1)!] = value;
        const error = await readSweep(sweep as unknown as Sweep).catch((thrown: unknown) => thrown);
        if (error instanceof Error) expect(error).toBeInstanceOf(TunerError);
      }),
      { numRuns: 300 },
    );
  });
});
