/** Sweeps with a scheduler of the user's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ObjectiveSweep, resume, type Sweep, type TunerEvent, tune } from '../../src/index.js';
import { objectiveEntries, StudyStore } from '../../src/store/index.js';
import { foldObjective, foldRecords, type StudyRecord } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-own-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}.mjs`, import.meta.url)) as `${string}.mjs`;
const pairs = fixture('schedulers/pairs');

const refused: [string, string, string][] = [
  ['none', 'none', 'TUNER_SCHEDULER_NOT_ONE'],
  ['one that cannot be made', 'not-made', 'TUNER_SCHEDULER_THROWS'],
  ['one that is no default export', 'no-default', 'MODULES_NO_DEFAULT'],
  ['one that is not there', 'nowhere', 'MODULES_MISSING'],
  ['one that throws', 'throws', 'SCHEDULERS_OWN_FAILED'],
  ['one that asks for what is not allowed', 'outside', 'SCHEDULERS_OWN_INVALID'],
];

describe('a model', () => {
  const sweep = (study: string, own: Partial<Extract<Sweep['strategy'], { own: unknown }>['own']> = {}): Sweep => ({
    study,
    model: 'mlp',
    dataset: 'spirals',
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    strategy: { own: { scheduler: pairs, trials: 7, parallel: 3, ...own } },
    budget: { steps: 40 },
    seed: 5,
    training: { compile: 'never' },
  });
  const stateOf = (study: string) =>
    foldRecords(StudyStore.read(root, study).map(({ record }) => record as StudyRecord));

  it('trains as it says, the same for one worker and two, and after an interrupt', async () => {
    const one = await tune(sweep('one'), { directory: root, workers: 1 });
    expect(one).toMatchObject({ status: 'completed', trials: 7 });
    const { trials } = stateOf('one');
    // three pairs, of which one goes on each, and one that had no other
    expect(trials.filter(({ status }) => status === 'complete')).toHaveLength(4);
    const stopped = trials.filter(({ status }) => status === 'stopped');
    expect(stopped.map(({ step, reason }) => [step, reason])).toEqual(
      Array(3).fill([20, 'the other of its pair is better']),
    );
    const abort = new AbortController();
    const onEvent = (event: TunerEvent) => {
      if (event.type === 'record' && event.record.kind === 'verdict' && event.record.trial === 2) abort.abort();
    };
    const left = await tune(sweep('two'), { directory: root, workers: 2, onEvent, signal: abort.signal });
    expect(left.status).toBe('interrupted');
    expect(await resume('two', { directory: root, workers: 2 })).toMatchObject({
      status: 'completed',
      digest: one.digest,
    });
  });

  it('may be evaluated on the way', async () => {
    await tune(sweep('often', { interval: 10, trials: 2 }), { directory: root });
    expect(stateOf('often').trials.map(({ segments }) => segments.map(({ toStep }) => toStep).slice(0, 2))).toEqual([
      [10, 20],
      [10, 20],
    ]);
  });

  it.each(refused)('fails before there is a study with %s', async (_, name, code) => {
    const scheduler = fixture(`schedulers/${name}`);
    await expect(tune(sweep('refused', { scheduler }), { directory: root })).rejects.toMatchObject({ code });
    expect(() => StudyStore.read(root, 'refused')).toThrow();
  });

  it('stops where it decides what cannot be, with what was recorded', async () => {
    const scheduler = fixture('schedulers/silent');
    const error = {
      code: 'SCHEDULERS_OWN_INVALID',
      message: expect.stringContaining('a list of verdicts, from report'),
    };
    await expect(tune(sweep('silent', { scheduler }), { directory: root })).rejects.toMatchObject(error);
    expect(stateOf('silent').trials.length).toBeGreaterThan(0);
    await expect(resume('silent', { directory: root })).rejects.toMatchObject(error);
  });

  it('is not resumed by one that would have decided otherwise', async () => {
    const own = { scheduler: fixture('schedulers/moody'), parallel: 1 };
    const abort = new AbortController();
    const onEvent = (event: TunerEvent) => {
      if (event.type === 'record' && event.record.kind === 'verdict') abort.abort();
    };
    process.env.FIRST_STEPS = '15';
    await tune(sweep('moody', own), { directory: root, signal: abort.signal, onEvent });
    delete process.env.FIRST_STEPS;
    await expect(resume('moody', { directory: root })).rejects.toMatchObject({
      code: 'STUDY_OWN_SCHEDULER_DIFFERS',
      message: expect.stringMatching(/that of .*moody\.mjs would not have decided \{"kind":"proposed"/),
    });
  });
});

describe('an objective function', () => {
  const sweep = (study: string, own: object = {}): ObjectiveSweep => ({
    study,
    model: fixture('objectives/bowl'),
    objective: { metric: 'loss', direction: 'minimize' },
    strategy: { own: { scheduler: pairs, trials: 7, parallel: 3, ...own } },
    budget: { steps: 4 },
  });

  it('is paused and stopped as it says, also after an interrupt', async () => {
    const whole = await tune(sweep('bowls'), { directory: root });
    const entries = objectiveEntries(StudyStore.read(root, 'bowls'))!;
    const { trials } = foldObjective(entries.map(({ record }) => record));
    expect(trials.map(({ status }) => status)).toContain('pruned');
    const abort = new AbortController();
    const onEvent = (event: TunerEvent) => {
      const { record } =
        event.type === 'objective' && event.record.kind === 'asktell' ? event.record : { record: null };
      if (record?.kind === 'told' && record.trial === 2) abort.abort();
    };
    const left = await tune(sweep('left'), { directory: root, signal: abort.signal, onEvent });
    expect(left.status).toBe('interrupted');
    expect(await resume('left', { directory: root })).toMatchObject({ digest: whole.digest });
  });

  it('has an example', async () => {
    const example = fileURLToPath(new URL('../../examples/objective-near-best.yaml', import.meta.url));
    expect(await tune(example, { directory: root })).toMatchObject({
      status: expect.stringMatching(/target|completed/),
    });
    const { trials } = foldObjective(
      objectiveEntries(StudyStore.read(root, 'objective-near-best'))!.map(({ record }) => record),
    );
    expect(trials.filter(({ status }) => status === 'pruned').length).toBeGreaterThan(trials.length / 3);
  });

  it.each(refused)('fails before there is a study with %s', async (_, name, code) => {
    const scheduler = fixture(`schedulers/${name}`);
    await expect(tune(sweep('refused', { scheduler }), { directory: root })).rejects.toMatchObject({ code });
    expect(() => StudyStore.read(root, 'refused')).toThrow();
  });
});
