/** Files that are no sweep at all, or one that something happened to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { TunerError } from '../../../src/errors/index.js';
import { readObjectiveSweep } from '../../../src/tuner/objective/read-sweep.js';
import { readModelSweep, readSweep, sourceOf } from '../../../src/tuner/sweep-file.js';
import type { Loose } from './break.js';
import { soundObjectiveSweep, soundSweep, strategies } from './sound-sweeps.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-broken-text-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(extension: string, contents: string | Uint8Array): string {
  const path = join(folder, `${count++}.${extension}`);
  writeFileSync(path, contents);
  return path;
}

/** What reading fails with; `undefined` where it reads a sweep. It fails in no other way. */
async function failureOf(path: string, read: (path: string) => Promise<unknown>): Promise<TunerError | undefined> {
  const start = performance.now();
  const thrown = await read(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(performance.now() - start).toBeLessThan(10_000);
  if (thrown === undefined) return undefined;
  expect(thrown).toBeInstanceOf(TunerError);
  const error = thrown as TunerError;
  expect(['TUNER_SWEEP_INVALID', 'TUNER_SWEEP_SYNTAX']).toContain(error.code);
  expect(error.message).toContain(path);
  // of a file's own text, nothing that moves a terminal's cursor; each problem on one line
  expect(error.message.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(error.message.split('\n').length).toBeLessThan(33);
  expect(error.message.length).toBeLessThan(33_000);
  return error;
}

/** Reads a file as whichever sweep it may be. */
async function readEither(path: string): Promise<unknown> {
  const source = await sourceOf(path);
  const isModel = typeof source.value === 'object' && source.value !== null && 'dataset' in source.value;
  return isModel ? readModelSweep(source) : readObjectiveSweep(source);
}

const key = fc.oneof(
  fc.constantFrom('study', 'model', 'dataset', 'space', 'strategy', 'pbt', 'float', 'choice', 'when', '__proto__', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -0, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY, '', 'mlp', 'spirals'),
  fc.string({ unit: 'binary' }),
  fc.double(),
);
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

describe('any value', () => {
  it.each(['yaml', 'json'])('as %s is a sweep or an error that can be read', async (extension) => {
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const text = extension === 'yaml' ? stringify(value) : JSON.stringify(value);
        await failureOf(file(extension, text), readEither);
      }),
      { numRuns: 300 },
    );
  });

  it('in any place of a sound sweep is taken or told of', async () => {
    const placesOf = (value: unknown): string[][] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([name, part]) => [[name], ...placesOf(part).map((rest) => [name, ...rest])]);
    const names = fc.constantFrom(...Object.keys(strategies));
    const sweeps = names.chain((name) => {
      const make = () => (name in { random: 0, asha: 0 } ? soundObjectiveSweep(name) : soundSweep(name));
      return fc.tuple(fc.constant(make), fc.constantFrom(...placesOf(make())));
    });
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(sweeps, anything, async ([make, place], value) => {
        const sweep = make();
        const parent = place.slice(0, -1).reduce<Loose>((part, name) => part[name] as Loose, sweep);
        parent[place.at(-1)!] = value;
        if (await failureOf(file('yaml', stringify(sweep)), readEither)) broken += 1;
      }),
      { numRuns: 400 },
    );
    expect(broken).toBeGreaterThan(200);
  });
});

describe('a file that is torn or overwritten', () => {
  it.each(['yaml', 'json'])('says so where %s does not read as before', async (extension) => {
    const writes = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      how: fc.constantFrom('cut', 'insert', 'replace', 'repeat'),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc
          .constantFrom(
            '\t',
            '&a ',
            '*a',
            '!!binary ',
            '!x ',
            '- ',
            ': ',
            '{',
            ']',
            '"',
            '|',
            '%YAML 9',
            '---\n',
            '? [',
          )
          .map((text) => Buffer.from(text)),
      ),
      strategy: fc.constantFrom(...Object.keys(strategies)),
    });
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(writes, async ({ at, how, bytes, strategy }) => {
        const sweep = soundSweep(strategy);
        const text = Buffer.from(extension === 'yaml' ? stringify(sweep) : JSON.stringify(sweep, null, 1));
        const offset = Math.floor(at * text.length);
        const [before, after] = [text.subarray(0, offset), text.subarray(offset)];
        const tail = {
          cut: [],
          insert: [bytes, after],
          replace: [bytes, after.subarray(bytes.length)],
          repeat: [text],
        };
        const error = await failureOf(file(extension, Buffer.concat([before, ...tail[how]])), readSweep);
        if (error) broken += 1;
      }),
      { numRuns: 300 },
    );
    expect(broken).toBeGreaterThan(150);
  });

  it('that is binary is told of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('yaml', 'json'), async (bytes, extension) => {
        expect(await failureOf(file(extension, bytes), readSweep)).toBeDefined();
      }),
      { numRuns: 150 },
    );
  });
});

describe('a text that only a machine writes', () => {
  it.each([
    ['is nested deeper than a stack', `study: ${'['.repeat(100_000)}`],
    ['contains itself', 'space: &all { again: *all }\n'],
    ['contains itself in a list', 'enqueue: &all [*all]\n'],
    ['has a list as a key', '? [study]\n: one\n'],
    ['has a mapping as a key', '{ { study: one }: two }\n'],
    ['has a thousand unknown keys', Array.from({ length: 1000 }, (_, i) => `key${i}: 1\n`).join('')],
    ['has a name of a megabyte', `${'x'.repeat(1e6)}: 1\n`],
    ['has a value of a megabyte', `seed: ${'x'.repeat(1e6)}\n`],
    ['would clear the screen', 'study: "\\e[2J"\n"\\e[31m": 1\n"a\\nb": 2\n'],
    ['has names that objects have', 'constructor: 1\ntoString: 2\n__proto__: { study: a }\n'],
  ])('and %s is told of in a few lines', async (_, text) => {
    const warn = vi.spyOn(process, 'emitWarning');
    expect(await failureOf(file('yaml', text), readSweep)).toBeDefined();
    // on a terminal it would stand among the lines of the error
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('shows what is around the first slip, not all that follows from it', async () => {
    const error = await failureOf(file('json', `{ "study" "a", ${'"b": [1, 2], '.repeat(50)} }`), readSweep);
    expect(error?.code).toBe('TUNER_SWEEP_SYNTAX');
    expect(error?.message.split('\n').length).toBeLessThanOrEqual(5);
  });
});
