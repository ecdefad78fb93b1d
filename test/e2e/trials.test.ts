/** Studies that decide on their trials one by one: multi-fidelity schedulers that pause and stop, samplers that learn. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { resume, type Sweep, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';
import { foldRecords, liveStates, type StudyRecord } from '../../src/study/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner trials '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { hidden: { choice: [16, 32] } },
  sampler: { tpe: { startupTrials: 4 } },
  strategy: { asha: { trials: 12, minSteps: 20, reduction: 3, parallel: 4 } },
  budget: { steps: 180 },
  seed: 5,
  training: { compile: 'never' },
  ...more,
});

let folders = 0;
const options = (more: TuneOptions = {}): TuneOptions & { directory: string } => ({
  directory: join(root, `run ${folders++}`),
  workers: 2,
  ...more,
});

function recorder() {
  const records: StudyRecord[] = [];
  const onEvent = (event: TunerEvent) => void (event.type === 'record' && records.push(event.record));
  return { records, onEvent };
}

describe('ASHA with TPE', () => {
  const { records, onEvent } = recorder();
  const first = options({ workers: 1, onEvent });
  const reference = tune(sweep('reference'), first);

  it('pauses trials, resumes the best ones from where they were, and keeps the files of those that may be resumed', async () => {
    expect(await reference).toMatchObject({ status: 'completed', trials: 12 });
    const state = foldRecords(records);
    const resumed = state.trials.filter(({ resumedCount }) => resumedCount > 0);
    expect(resumed.length).toBeGreaterThan(1);
    for (const { segments } of resumed) {
      for (const [index, { fromStep }] of segments.entries()) expect(fromStep).toBe(segments[index - 1]?.toStep ?? 0);
    }
    expect(state.trials.filter(({ status }) => status === 'paused').length).toBeGreaterThan(5);
    const files = readdirSync(join(first.directory, 'reference', 'checkpoints'));
    expect(new Set(files)).toEqual(liveStates(state));
  });

  it('gives the same digest with two and with four workers', async () => {
    const { digest } = await reference;
    for (const workers of [2, 4]) expect((await tune(sweep('workers'), options({ workers }))).digest).toBe(digest);
  });

  it('gives the same digest when it is interrupted and resumed', async () => {
    const run = options();
    const abort = new AbortController();
    const { records: seen, onEvent: see } = recorder();
    const interrupting = (event: TunerEvent) => {
      see(event);
      if (seen.filter(({ kind }) => kind === 'verdict').length === 9) abort.abort();
    };
    const left = await tune(sweep('interrupted'), { ...run, signal: abort.signal, onEvent: interrupting });
    expect(left.status).toBe('interrupted');
    expect(await resume('interrupted', run)).toMatchObject({ status: 'completed', digest: (await reference).digest });
  });

  it('gives the same digest when it is killed at several moments', async () => {
    const { directory } = options();
    const script = fileURLToPath(new URL('../support/run-tune.mjs', import.meta.url));
    const runOnce = (args: string[], killAfterLines: number) =>
      new Promise<string>((done) => {
        const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
          if (output.split('\n').length > killAfterLines) child.kill('SIGKILL');
        });
        child.on('close', () => done(output));
      });
    await runOnce(['run', JSON.stringify(sweep('killed')), directory], 12);
    await runOnce(['resume', 'killed', directory], 31);
    const output = await runOnce(['resume', 'killed', directory], Number.POSITIVE_INFINITY);
    const summary = JSON.parse(output.trim().split('\n').at(-1)!) as object;
    expect(summary).toMatchObject({ status: 'completed', digest: (await reference).digest });
  });

  it('goes on without a trial whose worker is lost again and again', async () => {
    process.env.TFJS_TUNER_FAULT = 'exit:1:0:always';
    const { records: seen, onEvent: see } = recorder();
    try {
      expect(await tune(sweep('lost'), options({ onEvent: see }))).toMatchObject({ status: 'completed', trials: 12 });
    } finally {
      delete process.env.TFJS_TUNER_FAULT;
    }
    expect(foldRecords(seen).trials[1]!.status).toBe('out');
  });
});

const others: [string, Partial<Sweep>][] = [
  ['Hyperband', { strategy: { hyperband: { minSteps: 20 } }, sampler: 'random' }],
  ['BOHB', { strategy: { bohb: { minSteps: 60, variant: 'promotion' } }, sampler: 'bohb' }],
  ['median stopping', { strategy: { median: { trials: 8, interval: 30, startupTrials: 2 } }, sampler: 'random' }],
  ['asynchronous PBT', { strategy: { pbt: { population: 4, interval: 40, asynchronous: true } }, sampler: 'sobol' }],
  ['PBT in epochs', { strategy: { pbt: { population: 4, interval: '2 epochs' } }, sampler: 'sobol' }],
  ['random search with a Gaussian process', { strategy: { random: { trials: 6, interval: 60 } }, sampler: 'gp' }],
];

describe.each(others)('%s', (_, more) => {
  it('gives the same digest with one and with four workers', async () => {
    const digests = [];
    for (const workers of [1, 4]) {
      const summary = await tune(sweep('other', more), options({ workers }));
      expect(summary).toMatchObject({ status: 'completed' });
      expect(summary.best!.value).toBeGreaterThan(0.3);
      digests.push(summary.digest);
    }
    expect(digests[0]).toBe(digests[1]);
  });
});

it('ends when the time is up, and drops what runs', async () => {
  const endless = sweep('wall', { strategy: { asha: { trials: 100_000 } }, budget: { steps: 400, wall: 2 } });
  const summary = await tune(endless, options());
  expect(summary.status).toBe('wall');
  expect(summary.wallSeconds).toBeLessThan(20);
});
