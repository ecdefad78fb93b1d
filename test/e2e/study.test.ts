import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resume, type Sweep, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner e2e '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { hidden: { choice: [16, 32] } },
  strategy: { pbt: { population: 4, interval: 40 } },
  budget: { steps: 200 },
  seed: 5,
  training: { compile: 'never' },
  ...more,
});

let folders = 0;
const options = (more: TuneOptions = {}): TuneOptions => ({
  directory: join(root, `run ${folders++}`),
  workers: 2,
  ...more,
});

function recorder() {
  const events: TunerEvent[] = [];
  const kinds = () => events.flatMap((event) => (event.type === 'record' ? [event.record.kind] : []));
  return { events, kinds, onEvent: (event: TunerEvent) => void events.push(event) };
}

let reference: string;
beforeAll(async () => {
  reference = (await tune(sweep('reference'), options({ workers: 1 }))).digest;
});

describe('a study gives the same digest', () => {
  it('with another number of workers', async () => {
    for (const workers of [2, 3]) expect((await tune(sweep('workers'), options({ workers }))).digest).toBe(reference);
  });

  it('under another name, and not with another seed', async () => {
    const run = options();
    expect((await tune(sweep('named'), run)).digest).toBe(reference);
    expect((await tune(sweep('seeded'), { ...run, seed: 6 })).digest).not.toBe(reference);
  });

  it('when a worker exits in mid-segment, and says so once', async () => {
    process.env.TFJS_TUNER_FAULT = 'exit:1:2';
    const { onEvent, events } = recorder();
    try {
      expect((await tune(sweep('exit'), options({ onEvent }))).digest).toBe(reference);
    } finally {
      delete process.env.TFJS_TUNER_FAULT;
    }
    const incidents = events.flatMap((event) =>
      event.type === 'record' && event.record.kind === 'incident' ? [event.record] : [],
    );
    expect(incidents).toEqual([
      expect.objectContaining({ trial: 1, generation: 2, attempt: 1, code: 'ENGINE_WORKER_LOST' }),
    ]);
  });

  it('when it is interrupted and resumed', async () => {
    const run = options();
    const abort = new AbortController();
    const { onEvent, kinds } = recorder();
    const interrupting = (event: TunerEvent) => {
      onEvent(event);
      if (kinds().filter((kind) => kind === 'segment').length === 7) abort.abort();
    };
    const first = await tune(sweep('interrupted'), { ...run, signal: abort.signal, onEvent: interrupting });
    expect(first.status).toBe('interrupted');
    expect(kinds().at(-1)).toBe('interrupted');
    const second = await resume('interrupted', run);
    expect(second).toMatchObject({ status: 'completed', digest: reference, steps: 800 });
    // resuming what has ended does nothing, and says the same
    expect(await resume('interrupted', run)).toMatchObject({ status: 'completed', digest: reference });
  });

  it('when it is killed at several moments, and resumed each time', async () => {
    const { directory } = options();
    const script = fileURLToPath(new URL('../support/run-tune.mjs', import.meta.url));
    const runOnce = (args: string[], killAfterLines: number | undefined) =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
          if (killAfterLines !== undefined && output.split('\n').length > killAfterLines) child.kill('SIGKILL');
        });
        child.on('close', () => resolve(output));
      });
    await runOnce(['run', JSON.stringify(sweep('killed')), directory!], 9);
    // each resume prints the records that are there first
    await runOnce(['resume', 'killed', directory!], 16);
    await runOnce(['resume', 'killed', directory!], 24);
    const output = await runOnce(['resume', 'killed', directory!], undefined);
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toMatchObject({ status: 'completed', digest: reference });
  });
});

describe('a trial that cannot go on fails alone', () => {
  it('when its worker is lost again and again: it is exploited over', async () => {
    process.env.TFJS_TUNER_FAULT = 'exit:0:1:always';
    const { events, onEvent } = recorder();
    try {
      const summary = await tune(sweep('lost'), options({ onEvent }));
      expect(summary.status).toBe('completed');
    } finally {
      delete process.env.TFJS_TUNER_FAULT;
    }
    const records = events.flatMap((event) => (event.type === 'record' ? [event.record] : []));
    expect(records).toContainEqual(expect.objectContaining({ kind: 'failed', trial: 0, generation: 1, attempts: 3 }));
    const decided = records.find((record) => record.kind === 'decided' && record.generation === 1);
    expect(decided).toMatchObject({
      decisions: expect.arrayContaining([expect.objectContaining({ kind: 'exploit', trial: 0 })]),
    });
  });

  it('when its loss is not finite any more: it is exploited over', async () => {
    const wild = sweep('diverging', {
      space: { learningRate: { float: [0.01, 1e6], scale: 'log' }, hidden: 16 },
      strategy: { pbt: { population: 6, interval: 20 } },
      budget: { steps: 60 },
    });
    const { events, onEvent } = recorder();
    const summary = await tune(wild, options({ onEvent }));
    const records = events.flatMap((event) => (event.type === 'record' ? [event.record] : []));
    expect(records.some((record) => record.kind === 'segment' && record.outcome === 'diverged')).toBe(true);
    expect(summary.status).toBe('completed');
    expect(summary.best!.value).toBeGreaterThan(0.3);
  });

  it('and when all do, the study fails with a summary', async () => {
    const hopeless = sweep('hopeless', { space: { learningRate: { float: [1e30, 1e32] }, hidden: 16 } });
    expect(await tune(hopeless, options())).toMatchObject({ status: 'failed', best: null });
  });
});

describe('what is wrong is said before a study is made', () => {
  const cases: [string, Sweep, TuneOptions, string][] = [
    [
      'an unknown metric',
      sweep('bad', { objective: { metric: 'valAcuracy', direction: 'maximize' } }),
      {},
      'STUDY_METRIC_MISSING',
    ],
    ['an unknown hyperparameter', sweep('bad', { space: { learningrate: 0.1 } }), {}, 'TUNER_UNKNOWN_HYPERPARAMETER'],
    ['an unknown model', sweep('bad', { model: 'mpl' }), {}, 'TUNER_UNKNOWN_MODEL'],
    ['no workers', sweep('bad'), { workers: 0 }, 'TUNER_BAD_WORKERS'],
    ['a graphics card that is not there', sweep('bad'), { backend: 'gpu' }, 'TUNER_NO_GPU'],
  ];
  it.each(cases)('%s', async (_, bad, more, code) => {
    const run = options(more);
    await expect(tune(bad, run)).rejects.toMatchObject({ code });
    await expect(
      tune(sweep('bad', { budget: { steps: 40 } }), { ...run, workers: 1, backend: 'cpu' }),
    ).resolves.toMatchObject({ status: 'completed' });
  });

  it('a study that exists already', async () => {
    const run = options();
    await tune(sweep('twice', { budget: { steps: 40 } }), run);
    await expect(tune(sweep('twice'), run)).rejects.toMatchObject({ code: 'STORE_STUDY_EXISTS' });
  });
});
