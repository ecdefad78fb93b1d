import { copyFileSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset, type SharedDataset } from '../../src/data/index.js';
import { encodeDataset, resume, type Sweep, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner streaming '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const path = join(root, 'spirals.arrow');
let dataset: SharedDataset;
beforeAll(async () => {
  dataset = await loadDataset('spirals', { cacheDirectory: root, baseDirectory: root });
  expect(await encodeDataset(sweep('encode', { dataset: 'spirals' }), path)).toEqual({
    path,
    rows: dataset.rowCount,
    bytes: dataset.buffer.byteLength,
    digest: dataset.digest,
  });
});

/** A quarter of the data set. */
const memory = () => Math.floor(dataset.buffer.byteLength / 4);

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset: { path, memory: memory() },
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { hidden: { choice: [16, 32] } },
  strategy: { pbt: { population: 4, interval: 40 } },
  budget: { steps: 200 },
  seed: 5,
  training: { compile: 'never', evaluationBatchSize: 100 },
  ...more,
});

let folders = 0;
const options = (more: TuneOptions = {}): TuneOptions => ({
  directory: join(root, `run ${folders++}`),
  workers: 2,
  ...more,
});

/** Counts segments, and calls `act` after so many. */
function afterSegments(segments: number, act: () => void) {
  let seen = 0;
  return (event: TunerEvent) => {
    if (event.type === 'record' && event.record.kind === 'segment' && ++seen === segments) act();
  };
}

let reference: string;
beforeAll(async () => {
  reference = (await tune(sweep('reference'), options({ workers: 1 }))).digest;
});

describe('a study whose data set is streamed', () => {
  it('learns', async () => {
    const longer = { budget: { steps: 400 }, seed: 6 };
    const summary = await tune(sweep('learns', longer), options());
    const whole = await tune(sweep('learns-in-memory', { ...longer, dataset: path }), options());
    expect(whole.best!.value).toBeGreaterThan(0.7);
    // three classes; blocks of an eighth of the rows are shuffled at a time
    expect(summary.best!.value).toBeGreaterThan(0.6);
  });

  it('gives the same digest with another number of workers', async () => {
    for (const workers of [2, 4]) {
      expect((await tune(sweep('workers'), options({ workers }))).digest).toBe(reference);
    }
  });

  it('gives another digest with another limit, and none of it if the data set fits', async () => {
    const other = await tune(sweep('limit'), options({ memory: Math.floor(memory() / 2) }));
    expect(other.digest).not.toBe(reference);
    const fits = await tune(sweep('fits', { dataset: { path, memory: '1GB' } }), options());
    expect(fits.digest).toBe((await tune(sweep('whole', { dataset: path }), options())).digest);
  });

  it('gives the same digest when it is interrupted and resumed', async () => {
    const run = options();
    const abort = new AbortController();
    const first = await tune(sweep('interrupted'), {
      ...run,
      signal: abort.signal,
      onEvent: afterSegments(7, () => abort.abort()),
    });
    expect(first.status).toBe('interrupted');
    expect(await resume('interrupted', run)).toMatchObject({ status: 'completed', digest: reference });
  });

  it('gives the same digest when a worker exits in mid-segment', async () => {
    process.env.TFJS_TUNER_FAULT = 'exit:1:2';
    try {
      expect((await tune(sweep('exit'), options())).digest).toBe(reference);
    } finally {
      delete process.env.TFJS_TUNER_FAULT;
    }
  });

  it('stops with an error when the file changes, and can be resumed when it is there again', async () => {
    const run = options();
    const file = join(root, 'changes.arrow');
    copyFileSync(path, file);
    utimesSync(file, 1000, 1000);
    const changing = afterSegments(5, () => utimesSync(file, 2000, 2000));
    const running = tune(sweep('changes', { dataset: { path: file, memory: memory() } }), {
      ...run,
      onEvent: changing,
    });
    await expect(running).rejects.toMatchObject({ code: 'DATA_STREAM_CHANGED', kind: 'machine' });
    expect(await resume('changes', run)).toMatchObject({ status: 'completed', digest: reference });
  });

  it('is not started when a batch does not fit', async () => {
    const small = sweep('small', { dataset: { path, memory: 500 }, training: { batchSize: 512, compile: 'never' } });
    await expect(tune(small, options())).rejects.toMatchObject({ code: 'DATA_MEMORY_TOO_SMALL', kind: 'input' });
  });
});
