import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { exportStudy, type ObjectiveSweep, resume, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';
import { listStudies, objectiveEntries, StudyStore } from '../../src/store/index.js';
import { foldObjective } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-objective-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/objectives/${name}.mjs`, import.meta.url));
const run = (sweep: ObjectiveSweep, options: TuneOptions = {}) =>
  tune(sweep, { directory: root, workers: 2, ...options });
const stateOf = (study: string) =>
  foldObjective(objectiveEntries(StudyStore.read(root, study))!.map(({ record }) => record));

const bowl = (study: string): ObjectiveSweep => ({
  study,
  model: fixture('bowl'),
  objective: { metric: 'loss', direction: 'minimize' },
  strategy: { random: { trials: 12, parallel: 3 } },
  budget: { steps: 9 },
  seed: 4,
});

describe('an objective function', () => {
  it.each<[string, Partial<ObjectiveSweep>]>([
    ['without a scheduler', {}],
    ['with ASHA', { strategy: { asha: { trials: 12, parallel: 3, minSteps: 1, reduction: 2 } } }],
    ['with Hyperband', { strategy: { hyperband: { trials: 12, parallel: 3, reduction: 2 } } }],
    ['with median stopping', { strategy: { median: { trials: 12, parallel: 3, startupTrials: 2 } } }],
    ['with a Gaussian process', { sampler: { gp: {} }, strategy: { random: { trials: 8, parallel: 3 } } }],
  ])('%s gives the same study for 1 and 3 workers', async (name, options) => {
    const study = name.replaceAll(' ', '-');
    const digests = new Set<string>();
    for (const workers of [1, 3]) {
      const summary = await run({ ...bowl(`${study}-${workers}`), ...options }, { workers });
      expect(summary.status).toBe('completed');
      digests.add(summary.digest);
    }
    expect(digests.size).toBe(1);
    const { trials } = stateOf(`${study}-1`);
    const statuses = new Set(trials.map(({ status }) => status));
    if ('asha' in (options.strategy ?? {})) expect(statuses).toEqual(new Set(['complete', 'pruned']));
    else expect(statuses.has('complete')).toBe(true);
  });

  it('keeps what it measures and what it writes apart from its result', async () => {
    const events: TunerEvent[] = [];
    const summary = await run(bowl('output'), { onEvent: (event) => events.push(event) });
    expect(summary.trials).toBe(12);
    expect(events.flatMap((event) => (event.type === 'output' ? [event.text] : []))).toContain('trial 3 is done\n');
    const told = events.flatMap((event) => {
      return event.type === 'objective' && event.record.kind === 'asktell' && event.record.record.kind === 'told'
        ? [event.record]
        : [];
    });
    expect(told[0]!.metrics).toMatchObject({ steps: expect.any(Number), loss: expect.any(Number) });
    expect(events.at(-1)).toMatchObject({ type: 'summary', study: 'output' });
    const [listing] = listStudies(root).filter(({ study }) => study === 'output');
    expect(listing).toMatchObject({
      status: 'completed',
      metric: 'loss',
      trials: 12,
      best: { value: summary.best!.value },
    });
    const exported = exportStudy('output', { directory: root, to: join(root, 'nowhere') });
    await expect(exported).rejects.toMatchObject({ code: 'TUNER_OBJECTIVE_STUDY' });
  });

  it("may be tfjs's own code on libtensorflow, in as many threads as there are trials under way", async () => {
    const sweep = (study: string): ObjectiveSweep => ({
      study,
      model: fixture('tensorflow'),
      objective: { metric: 'loss', direction: 'minimize' },
      strategy: { random: { trials: 6, parallel: 3 } },
      budget: { steps: 30 },
      seed: 4,
    });
    const one = await run(sweep('tensorflow-1'), { workers: 1 });
    const three = await run(sweep('tensorflow-3'), { workers: 3 });
    expect(three.digest).toBe(one.digest);
    expect(stateOf('tensorflow-1').trials.map(({ status }) => status)).toEqual(new Array(6).fill('complete'));
    expect(one.best!.value).toBeLessThan(0.1);
  });

  it('ends at its target', async () => {
    const summary = await run({
      ...bowl('target'),
      objective: { metric: 'loss', direction: 'minimize', target: 1000 },
    });
    expect(summary).toMatchObject({ status: 'target' });
    expect(summary.trials).toBeLessThan(12);
  });
});

describe('an objective function ends', () => {
  const many = { strategy: { random: { trials: 200, parallel: 3 } } };

  it.each<[string, Partial<ObjectiveSweep>, string]>([
    ['on a plateau', { stop: { plateau: { trials: 6 } } }, 'plateau'],
    ['once little can be gained', { stop: { regret: { threshold: 1e6, minTrials: 5 } } }, 'regret'],
    ['after so many steps of all trials', { budget: { steps: 9, totalSteps: 60 } }, 'completed'],
  ])('%s, with the same trials for 1 and 3 workers', async (name, options, status) => {
    const study = name.replaceAll(' ', '-');
    const [one, three] = [
      await run({ ...bowl(study), ...many, ...options }, { workers: 1 }),
      await run({ ...bowl(`${study}-3`), ...many, ...options }, { workers: 3 }),
    ];
    expect(one).toMatchObject({ status, digest: three.digest });
    expect(one.trials).toBeLessThan(60);
    if (status === 'completed') {
      // those that ran when the budget was used up are finished
      expect(one.steps).toBeGreaterThanOrEqual(60);
      expect(one.steps).toBeLessThan(60 + 3 * 9);
    }
    expect(await resume(study, { directory: root })).toMatchObject({ status, digest: one.digest });
  });
});

describe('an objective that fails', () => {
  const faults = ['throw', 'exit', 'zero', 'loop', 'nan', 'text', 'nothing', 'step', 'reject', 'other', 'none'];

  it('fails its own trial, and the study goes on', async () => {
    const summary = await run({
      study: 'faulty',
      model: fixture('faulty'),
      objective: { metric: 'loss', direction: 'minimize' },
      strategy: { random: { trials: faults.length } },
      enqueue: faults.map((fault) => ({ fault })),
      timeout: 2,
    });
    expect(summary).toMatchObject({ status: 'completed', trials: faults.length, best: { trial: 10, value: 7 } });
    const messages = Object.fromEntries(
      stateOf('faulty').trials.map(({ hyperparameters, message = '' }) => [hyperparameters.fault, message]),
    );
    expect(messages).toMatchObject({
      throw: 'RangeError: it broke',
      exit: expect.stringContaining('its thread ended'),
      zero: expect.stringContaining('its thread ended'),
      loop: 'it took longer than 2 s',
      nan: 'its result is NaN',
      text: expect.stringContaining('must be a number'),
      nothing: expect.stringContaining('must end with a result'),
      step: expect.stringContaining('an integer above 0'),
      reject: expect.stringContaining('nobody waits for it'),
      other: expect.stringContaining('"loss"'),
      none: '',
    });
  });

  it('makes a study without a result one that failed', async () => {
    const summary = await run({
      study: 'all-faulty',
      model: fixture('faulty'),
      objective: { metric: 'loss', direction: 'minimize' },
      space: { fault: 'throw' },
      strategy: { random: { trials: 3 } },
    });
    expect(summary).toMatchObject({ status: 'failed', best: null });
  });
});

describe('an objective that saves checkpoints', () => {
  const saving = (study: string, strategy: ObjectiveSweep['strategy']): ObjectiveSweep => ({
    study,
    model: fixture('saving'),
    objective: { metric: 'sum', direction: 'maximize' },
    strategy,
    budget: { steps: 10 },
    seed: 9,
  });

  it.each<[string, ObjectiveSweep['strategy']]>([
    ['random', { random: { trials: 6, parallel: 3 } }],
    ['asha', { asha: { trials: 6, parallel: 3, reduction: 2 } }],
  ])('goes on from them after an interrupt (%s), with the digest of an uninterrupted study', async (name, strategy) => {
    process.env.OBJECTIVE_LOG = join(root, `${name}-whole.log`);
    const whole = await run(saving(`${name}-whole`, strategy));
    process.env.OBJECTIVE_LOG = join(root, `${name}.log`);
    let seen = 0;
    let status = 'interrupted';
    for (let round = 0; status === 'interrupted'; round++) {
      const controller = new AbortController();
      const options = {
        signal: controller.signal,
        onEvent: (event: TunerEvent) => {
          if (event.type !== 'objective' || event.replayed || event.record.kind !== 'checkpoint') return;
          if (++seen % 4 === 0 && round < 3) controller.abort();
        },
      };
      const study = saving(name, strategy);
      const summary =
        round === 0
          ? await run(study, options)
          : await resume(name, { directory: root, workers: 1 + (round % 3), ...options });
      status = summary.status;
      if (status !== 'interrupted') expect(summary.digest).toBe(whole.digest);
    }
    expect(status).toBe('completed');
    const starts = readFileSync(join(root, `${name}.log`), 'utf8').match(/from \d+/g)!;
    expect(starts.some((start) => start !== 'from 0')).toBe(true);
  });

  it('goes on from them after it was killed, again and again, with the digest of an uninterrupted study', async () => {
    const log = join(root, 'killed.log');
    const env = { ...process.env, OBJECTIVE_LOG: log };
    const strategy = { random: { trials: 4 } };
    process.env.OBJECTIVE_LOG = join(root, 'not-killed.log');
    const whole = await run({ ...saving('not-killed', strategy), seed: 2 });
    const sweep = JSON.stringify({ ...saving('killed', strategy), seed: 2 });
    for (const [round, words] of [
      ['run', sweep],
      ['resume', 'killed'],
      ['resume', 'killed'],
    ].entries()) {
      await killAtCheckpoint(words, env, 4 + round);
    }
    process.env.OBJECTIVE_LOG = log;
    const summary = await resume('killed', { directory: root, workers: 1 });
    expect(summary).toMatchObject({ status: 'completed', digest: whole.digest });
    const starts = readFileSync(log, 'utf8').match(/from \d+/g)!;
    expect(starts.some((start) => start !== 'from 0')).toBe(true);
  });
});

describe('an objective that is paused', () => {
  const paused = (study: string, strategy: ObjectiveSweep['strategy']): ObjectiveSweep => ({
    study,
    model: fixture('pausing'),
    objective: { metric: 'sum', direction: 'maximize' },
    strategy,
    budget: { steps: 9 },
    seed: 9,
  });
  const strategies: [string, ObjectiveSweep['strategy']][] = [
    ['successiveHalving', { successiveHalving: { trials: 9, parallel: 3, minSteps: 1 } }],
    ['hyperband', { hyperband: { trials: 14, parallel: 3, minSteps: 1, variant: 'synchronous' } }],
    ['asha', { asha: { trials: 12, parallel: 3, minSteps: 1, variant: 'promotion' } }],
    ['pasha', { pasha: { trials: 12, parallel: 3, minSteps: 1 } }],
  ];

  it.each(strategies)(
    'by %s goes on from its checkpoint, and gives the same study for 1 and 3 workers',
    async (name, strategy) => {
      process.env.OBJECTIVE_LOG = join(root, `${name}-1.log`);
      const one = await run(paused(`${name}-1`, strategy), { workers: 1 });
      const starts = readFileSync(process.env.OBJECTIVE_LOG, 'utf8').match(/from \d+/g)!;
      process.env.OBJECTIVE_LOG = join(root, `${name}-3.log`);
      const three = await run(paused(`${name}-3`, strategy), { workers: 3 });
      expect(one).toMatchObject({ status: 'completed', digest: three.digest });
      const { trials } = stateOf(`${name}-1`);
      const resumed = trials.filter(({ resumedCount }) => resumedCount > 0);
      expect(resumed.length).toBeGreaterThan(0);
      expect(trials.some(({ status }) => status === 'complete')).toBe(true);
      expect(trials.some(({ status }) => status === 'paused' || status === 'pruned')).toBe(true);
      expect(trials.every(({ status }) => status !== 'failed')).toBe(true);
      // nothing is done twice: it saves before it reports
      const again = starts.filter((start) => start !== 'from 0');
      expect(again).toHaveLength(resumed.reduce((sum, { resumedCount }) => sum + resumedCount, 0));
      expect(await resume(`${name}-1`, { directory: root })).toMatchObject({ status: 'completed', digest: one.digest });
    },
  );

  it.each(strategies)('by %s is the same study after interrupts', async (name, strategy) => {
    process.env.OBJECTIVE_LOG = join(root, 'interrupted.log');
    const whole = await run(paused(`${name}-whole-pausing`, strategy));
    let status = 'interrupted';
    let seen = 0;
    for (let round = 0; status === 'interrupted'; round++) {
      const controller = new AbortController();
      const options = {
        signal: controller.signal,
        onEvent: (event: TunerEvent) => {
          if (event.type !== 'objective' || event.replayed || event.record.kind !== 'asktell') return;
          if (event.record.record.kind === 'reported' && ++seen % 7 === 0 && round < 4) controller.abort();
        },
      };
      const study = `${name}-left-pausing`;
      const summary =
        round === 0
          ? await run(paused(study, strategy), options)
          : await resume(study, { directory: root, workers: 1 + (round % 3), ...options });
      status = summary.status;
      if (status !== 'interrupted') expect(summary.digest).toBe(whole.digest);
    }
    expect(status).toBe('completed');
  });

  it('is the same study after it was killed', async () => {
    const log = join(root, 'killed-paused.log');
    process.env.OBJECTIVE_LOG = log;
    const [, strategy] = strategies[0]!;
    const whole = await run(paused('paused-whole', strategy));
    const env = { ...process.env, OBJECTIVE_LOG: log };
    await killAtCheckpoint(['run', JSON.stringify(paused('paused-killed', strategy))], env, 5);
    await killAtCheckpoint(['resume', 'paused-killed'], env, 6);
    const summary = await resume('paused-killed', { directory: root, workers: 1 });
    expect(summary).toMatchObject({ status: 'completed', digest: whole.digest });
  });
});

/** A process of its own that is killed once it has journaled so many checkpoints. */
function killAtCheckpoint(words: readonly string[], env: NodeJS.ProcessEnv, count: number): Promise<void> {
  const script = fileURLToPath(new URL('../support/run-tune.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, ...words, root], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
    if (text.split('checkpoint\n').length > count) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
