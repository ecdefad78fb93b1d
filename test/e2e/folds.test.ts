/** Trials that are judged by the mean over folds. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFolds, splitView } from '../../src/data/index.js';
import { exportStudy, resume, type Sweep, type TuneOptions, type TunerEvent, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner folds '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const targets = Array.from({ length: 41 }, (_, row) => ((row * 37) % 23) + 0.5 * (row % 3));
// a category that few rows have, so that folds differ in their features
const cells = targets.map((y, row) => `${(row * 7) % 11},${row === 5 ? 'rare' : 'ab'[row % 2]},${y}`);
const path = join(root, 'rows.csv');
writeFileSync(path, `x,kind,y\n${cells.join('\n')}\n`);
const dataset = { path, target: 'y', task: 'regression', test: 5, splits: { folds: 3, fold: 'all' } } as const;

const sweep = (study: string, more: Partial<Sweep> = {}): Sweep => ({
  study,
  model: 'mlp',
  dataset,
  objective: { metric: 'valLoss', direction: 'minimize' },
  space: { hidden: 4 },
  strategy: { pbt: { population: 2, interval: 10 } },
  budget: { steps: 30 },
  seed: 4,
  training: { batchSize: 8 },
  ...more,
});

let folders = 0;
const options = (more: TuneOptions = {}): TuneOptions => ({
  directory: join(root, `run ${folders++}`),
  workers: 2,
  ...more,
});

let reference: string;
beforeAll(async () => {
  reference = (await tune(sweep('reference'), options({ workers: 1 }))).digest;
});

/** The metrics of every segment, as they are recorded. */
function metricsOf(events: TunerEvent[]) {
  return events.flatMap((event) =>
    event.type === 'record' && event.record.kind === 'segment' && event.record.outcome === 'done'
      ? [event.record.metrics]
      : [],
  );
}

describe('a trial with folds', () => {
  it('reports the mean and the deviation of what the folds report', async () => {
    const folds = await loadFolds(dataset, { cacheDirectory: root, baseDirectory: root });
    const means = folds.map((fold) => {
      const rows = [...splitView(fold, 'validation')];
      return rows.reduce((sum, row) => sum + targets[row]!, 0) / rows.length;
    });
    const mean = means.reduce((sum, value) => sum + value, 0) / 3;
    const deviation = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
    expect(deviation).toBeGreaterThan(0.1);
    const events: TunerEvent[] = [];
    const model = fileURLToPath(new URL('../fixtures/models/target-itself.mjs', import.meta.url));
    const strategy = { random: { trials: 2 } };
    const { space: _, ...itself } = sweep('itself', { model, strategy, budget: { steps: 4 } });
    const summary = await tune(itself, options({ onEvent: (event) => void events.push(event) }));
    expect(summary.status).toBe('completed');
    for (const metrics of metricsOf(events)) {
      expect(metrics.valLoss).toBeCloseTo(mean, 4);
      expect(metrics.valLossDeviation).toBeCloseTo(deviation, 4);
    }
    expect(summary.best!.value).toBeCloseTo(mean, 4);
  });

  it('gives the same digest for any number of workers, and another one than a single fold', async () => {
    expect((await tune(sweep('three'), options({ workers: 3 }))).digest).toBe(reference);
    const single = { ...dataset, splits: { folds: 3, fold: 0 } };
    expect((await tune(sweep('single', { dataset: single }), options())).digest).not.toBe(reference);
  });

  it('of images trains on one copy of them, and gives the same digest as well', async () => {
    for (let i = 0; i < 24; i++) {
      const label = i % 2 === 0 ? 'dark' : 'light';
      mkdirSync(join(root, 'shades', label), { recursive: true });
      const raw = { width: 4, height: 4, channels: 3 } as const;
      const pixels = Buffer.from(Array.from({ length: 48 }, (_, at) => (i % 2) * 120 + ((at * i * 7) % 101)));
      await sharp(pixels, { raw })
        .png()
        .toFile(join(root, 'shades', label, `${i}.png`));
    }
    const shades = { folder: join(root, 'shades'), splits: { folds: 2, fold: 'all' } } as const;
    const events: TunerEvent[] = [];
    const of = (study: string) => sweep(study, { dataset: shades, strategy: { random: { trials: 2 } } });
    const one = await tune(of('shades'), options({ workers: 1, onEvent: (event) => void events.push(event) }));
    expect(one.status).toBe('completed');
    // the models of the two folds begin and train differently
    expect(metricsOf(events).every(({ valLossDeviation }) => valLossDeviation! > 0)).toBe(true);
    expect((await tune(of('again'), options({ workers: 4 }))).digest).toBe(one.digest);
  });

  it('goes on after an interruption as if nothing had been', async () => {
    const interrupted = options();
    const stop = new AbortController();
    const onEvent = (event: TunerEvent) => {
      if (event.type === 'record' && event.record.kind === 'segment' && event.record.generation === 1) stop.abort();
    };
    const first = await tune(sweep('broken-off'), { ...interrupted, signal: stop.signal, onEvent });
    expect(first.status).toBe('interrupted');
    expect((await resume('broken-off', interrupted)).digest).toBe(reference);
  });

  it('trains only what was lost with a worker again', async () => {
    process.env.TFJS_TUNER_FAULT = 'exit:1:2';
    try {
      expect((await tune(sweep('lost'), options())).digest).toBe(reference);
    } finally {
      delete process.env.TFJS_TUNER_FAULT;
    }
  });

  it('can be pruned, and bounded by its deviation', async () => {
    const more: Partial<Sweep> = {
      strategy: { asha: { trials: 4, minSteps: 5 } } as Sweep['strategy'],
      outcomes: [{ metric: 'valLossDeviation', atMost: 1e9 }],
    };
    const one = await tune(sweep('asha', more), options({ workers: 1 }));
    expect(one.status).toBe('completed');
    expect((await tune(sweep('again', more), options({ workers: 3 }))).digest).toBe(one.digest);
    await expect(
      tune(sweep('unknown', { objective: { metric: 'valLosDeviation', direction: 'minimize' } }), options()),
    ).rejects.toMatchObject({ code: 'STUDY_METRIC_MISSING', message: expect.stringContaining('valLossDeviation') });
  });

  it("is exported as its first fold's model, and the card says so", async () => {
    const run = options();
    await tune(sweep('exported'), run);
    const to = join(root, 'exported');
    await exportStudy('exported', { directory: run.directory!, to });
    const card = JSON.parse(readFileSync(join(to, 'model-card.json'), 'utf8'));
    expect(card).toMatchObject({ folds: 3, validation: { valLossDeviation: expect.any(Number) } });
    expect(card.test.metrics.testLoss).toEqual(expect.any(Number));
    expect(readFileSync(join(to, 'model-card.md'), 'utf8')).toContain('over 3 folds');
  });

  it('is refused with a limit of memory, before anything is made', async () => {
    const limited = { ...dataset, memory: '1GB' };
    await expect(tune(sweep('limited', { dataset: limited }), options())).rejects.toMatchObject({
      code: 'DATA_REFERENCE_INVALID',
    });
  });
});
