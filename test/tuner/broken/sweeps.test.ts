import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { TunerError } from '../../../src/errors/index.js';
import { readObjectiveSweep } from '../../../src/tuner/objective/read-sweep.js';
import { readSweep, sourceOf } from '../../../src/tuner/sweep-file.js';
import {
  type Break,
  breakSweep,
  commonBreaks,
  crossBreaks,
  isPlacedIn,
  type Loose,
  modelBreaks,
  objectiveCrossBreaks,
  populationBreaks,
  samplerBreaks,
  strategyBreaks,
  trialwiseBreaks,
} from './break.js';
import { objectiveStrategies, samplers, soundObjectiveSweep, soundSweep, strategies } from './sound-sweeps.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs tuner broken '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Distinct files, over all tests of this file. */
const files = new Set<string>();

/** Far above what reading takes, for busy machines: that nothing hangs. */
const soonMs = 5000;

/** What reading the sweep as a file fails with. It must be an error that a person can act on. */
async function failureOf(sweep: Loose, read: (path: string) => Promise<unknown>): Promise<string> {
  const text = stringify(sweep);
  const path = join(folder, `sweep-${files.size}.yaml`);
  files.add(text);
  writeFileSync(path, text);
  const start = performance.now();
  const thrown = await read(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(performance.now() - start, text).toBeLessThan(soonMs);
  expect(thrown, text).toBeInstanceOf(TunerError);
  const { code, kind, message, todo } = thrown as TunerError;
  expect({ code, kind }, text).toEqual({ code: 'TUNER_SWEEP_INVALID', kind: 'input' });
  expect(message).toContain(path);
  expect(todo).not.toBe('');
  expect(message).not.toMatch(/undefined|\[object|Invalid input|NaN or|\n {4}at /);
  expect(message.length).toBeLessThan(8000);
  return message;
}

const readModelFile = (path: string) => readSweep(path);
const readObjectiveFile = async (path: string) => readObjectiveSweep(await sourceOf(path));

/** Breaks that each strategy's sweep is tried with: those of all sweeps are dealt out to the strategies in turn. */
function dealt(breaks: readonly Break[], names: readonly string[], name: string): Break[] {
  return breaks.filter((_, index) => index % names.length === names.indexOf(name));
}

const populations = ['pbt', 'pb2'];
const names = Object.keys(strategies);
const trialwise = names.filter((name) => !populations.includes(name));
const samplerCases = Object.entries(samplers).flatMap(([name, options]) => samplerBreaks(name, options));

function breaksOf(strategy: string): Break[] {
  const isPopulation = populations.includes(strategy);
  return [
    ...dealt([...commonBreaks, ...modelBreaks], names, strategy),
    ...(isPopulation
      ? dealt(populationBreaks, populations, strategy)
      : dealt([...trialwiseBreaks, ...samplerCases], trialwise, strategy).filter(isPlacedIn(soundSweep(strategy)))),
    ...strategyBreaks(strategy, strategies[strategy]!),
    ...(crossBreaks[strategy] ?? []),
  ];
}

describe('a sweep of a model', () => {
  it.each(names)('with %s is right before it is broken', async (strategy) => {
    const path = join(folder, `sound-${strategy}.yaml`);
    writeFileSync(path, stringify(soundSweep(strategy)));
    await expect(readSweep(path)).resolves.toBeDefined();
  });

  it.each(names)('with %s that is broken in one place is told where, and soon', async (strategy) => {
    for (const one of breaksOf(strategy)) {
      const sweep = soundSweep(strategy);
      breakSweep(sweep, one);
      const message = await failureOf(sweep, readModelFile);
      expect(message).toMatch(/line \d+, column \d+/);
      expect(message, JSON.stringify(one)).toContain(`: ${one.place}`);
    }
  });

  it('that is broken in two places is told both', async () => {
    const pairs = fc.constantFrom(...names).chain((strategy) => {
      const one = fc.constantFrom(...breaksOf(strategy));
      return fc.tuple(fc.constant(strategy), one, one);
    });
    const apart = ([, a, b]: readonly [string, Break, Break]) => a.path[0] !== b.path[0];
    await fc.assert(
      fc.asyncProperty(pairs.filter(apart), async ([strategy, a, b]) => {
        const sweep = soundSweep(strategy);
        breakSweep(sweep, a);
        breakSweep(sweep, b);
        const message = await failureOf(sweep, readModelFile);
        // what does not go together can be seen only where each part is right
        const isSeen = ({ place }: Break) => message.includes(`: ${place}`);
        expect(isSeen(a) || isSeen(b), message).toBe(true);
        const isShape = (one: Break) => modelBreaks.includes(one) || commonBreaks.includes(one);
        if (isShape(a) && isShape(b)) expect(isSeen(a) && isSeen(b), message).toBe(true);
      }),
      { numRuns: 150, seed: 6 },
    );
  });
});

describe('a sweep of an objective function', () => {
  const all = Object.keys(objectiveStrategies);
  it.each(all)('with %s is told where it is broken', async (strategy) => {
    const sound = join(folder, `sound-objective-${strategy}.yaml`);
    writeFileSync(sound, stringify(soundObjectiveSweep(strategy)));
    await expect(readObjectiveFile(sound)).resolves.toBeDefined();
    const breaks = [
      ...dealt([...commonBreaks, ...samplerCases], all, strategy),
      ...strategyBreaks(strategy, objectiveStrategies[strategy]!),
      ...(objectiveCrossBreaks[strategy] ?? []),
    ];
    for (const one of breaks) {
      const sweep = soundObjectiveSweep(strategy);
      breakSweep(sweep, one);
      const message = await failureOf(sweep, readObjectiveFile);
      expect(message, JSON.stringify(one)).toContain(`: ${one.place.startsWith('sampler.') ? 'sampler' : one.place}`);
    }
  });
});

it('these were 500 distinct files at least', () => {
  // a sound one is no broken one, and each file was seen to fail
  expect(files.size).toBeGreaterThanOrEqual(500);
});
