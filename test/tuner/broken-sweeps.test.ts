import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { TunerError } from '../../src/errors/index.js';
import { readSweep } from '../../src/tuner/sweep-file.js';

type Loose = Record<string, unknown>;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs tuner broken '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sound ones. */
const strategies: Readonly<Record<string, Loose>> = {
  pbt: { population: 4, interval: 10, factors: [0.8, 1.2] },
  pb2: { population: 4, interval: '2 epochs', kappa: 1 },
  random: { trials: 4, interval: 10 },
  replay: { study: 'earlier', trial: 2 },
  asha: { trials: 9, minSteps: 5, reduction: 3 },
  successiveHalving: { trials: 9, minSteps: 5 },
  hyperband: { minSteps: 5, variant: 'promotion' },
  bohb: { minSteps: 5 },
  pasha: { trials: 9, minSteps: 5 },
  median: { trials: 9, interval: 5 },
  percentile: { trials: 9, percentile: 30 },
  patience: { trials: 9, reports: 3 },
};

const sound = (strategy: string): Loose => ({
  study: 'sound',
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { learningRate: { float: [0.01, 1], scale: 'log' }, hidden: { choice: [16, 32] } },
  strategy: { [strategy]: { ...strategies[strategy] } },
  budget: { steps: 100 },
  seed: 1,
});

const numbers = fc.oneof(fc.integer({ max: -1 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }));
const notNumbers = fc.constantFrom<unknown>('many', true, [1], { a: 1 }, null);
const notTexts = fc.constantFrom<unknown>(7, false, [], {}, null);
const typo = fc.string({ minLength: 1, maxLength: 8 }).map((text) => `x${text.replace(/[^a-z]/gi, 'q')}`);

/** Breaks a sound sweep in one place, and says which: as the message should name it. */
type Breaker = (sweep: Loose, strategy: string, pick: <T>(arbitrary: fc.Arbitrary<T>) => T) => string;
const part = (sweep: Loose, name: string) => sweep[name] as Loose;

const breakers: readonly Breaker[] = [
  ...['seed', 'training', 'objective', 'budget', 'stop'].map(
    (name): Breaker =>
      (sweep, _, pick) => {
        sweep[name] = pick(fc.constantFrom<unknown>('text', [1], -0.5));
        return name;
      },
  ),
  ...['study', 'model'].map(
    (name): Breaker =>
      (sweep, _, pick) => {
        // a missing name is the file's
        sweep[name] = pick(notTexts.filter((value) => value !== null));
        return name;
      },
  ),
  (sweep, _, pick) => {
    part(sweep, 'budget').steps = pick(fc.oneof(numbers, notNumbers, fc.constant(0)));
    return 'budget.steps';
  },
  (sweep, _, pick) => {
    part(sweep, 'budget').totalSteps = pick(fc.oneof(numbers, notNumbers));
    return 'budget.totalSteps';
  },
  (sweep, _, pick) => {
    part(sweep, 'objective').direction = pick(fc.oneof(notTexts, typo));
    return 'objective.direction';
  },
  (sweep, _, pick) => {
    const name = pick(typo);
    sweep[name] = 1;
    return name;
  },
  (sweep, _, pick) => {
    const name = pick(typo);
    sweep.strategy = { [name]: {} };
    return `strategy.${name}`;
  },
  (sweep, strategy) => {
    const other = strategy === 'random' ? 'pbt' : 'random';
    sweep.strategy = { ...part(sweep, 'strategy'), [other]: { ...strategies[other] } };
    return 'strategy';
  },
  (sweep, strategy, pick) => {
    const name = pick(typo);
    (part(sweep, 'strategy')[strategy] as Loose)[name] = 1;
    return `strategy.${strategy}.${name}`;
  },
  (sweep, strategy, pick) => {
    const own = part(sweep, 'strategy')[strategy] as Loose;
    const name = pick(fc.constantFrom(...Object.keys(own)));
    own[name] = pick(fc.constantFrom<unknown>(-3, { odd: true }, [[]], false));
    return `strategy.${strategy}.${name}`;
  },
  (sweep, _, pick) => {
    sweep.sampler = pick(
      fc.oneof(
        notTexts.filter((value) => value !== null),
        typo,
      ),
    );
    return 'sampler';
  },
  (sweep, _, pick) => {
    sweep.sampler = { tpe: { [pick(typo)]: 1 } };
    return 'sampler.tpe';
  },
  (sweep, _, pick) => {
    part(sweep, 'space').x = { float: [pick(fc.double({ min: 2, max: 9, noNaN: true })), 1] };
    return 'space.x';
  },
  (sweep, _, pick) => {
    sweep.schedule = [{ at: 1, [pick(typo)]: 1 }];
    return 'schedule';
  },
];

it('names the place and what to do, for 600 broken sweep files of every strategy, and soon', async () => {
  let count = 0;
  let slowestMs = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(strategies)),
      fc.constantFrom(...breakers),
      fc.gen(),
      async (strategy, breaker, gen) => {
        const sweep = sound(strategy);
        const place = breaker(sweep, strategy, (arbitrary) => gen(() => arbitrary));
        const path = join(folder, `sweep-${count++}.yaml`);
        const text = stringify(sweep);
        seen.add(text);
        writeFileSync(path, text);
        const start = performance.now();
        const thrown = await readSweep(path).then(
          () => undefined,
          (error: unknown) => error,
        );
        slowestMs = Math.max(slowestMs, performance.now() - start);
        expect(thrown, text).toBeInstanceOf(TunerError);
        const { code, message, todo } = thrown as TunerError;
        expect(code).toBe('TUNER_SWEEP_INVALID');
        expect(message).toMatch(/line \d+, column \d+/);
        expect(message).toContain(`: ${place}`);
        expect(todo).not.toBe('');
        expect(message).not.toMatch(/undefined|\[object|Invalid input/);
      },
    ),
    { numRuns: 600, seed: 6 },
  );
  expect(count).toBeGreaterThanOrEqual(600);
  expect(seen.size).toBeGreaterThan(300);
  expect(slowestMs).toBeLessThan(2000);
});

it('finds nothing wrong with the sound ones', async () => {
  for (const strategy of Object.keys(strategies)) {
    const path = join(folder, `sound-${strategy}.yaml`);
    writeFileSync(path, stringify(sound(strategy)));
    await expect(readSweep(path), strategy).resolves.toBeDefined();
  }
});
