import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isMeasurable = existsSync('/proc/self/status');

/** As `bench/shared-data.mjs` and `bench/streaming.mjs`, with less data. */
const [baseBytes, largeBytes, limit] = [8e6, 320e6, 80e6];

/** The least of two runs: what a run takes beyond that is garbage that was not collected yet. */
async function leastPeak(dataset: unknown): Promise<number> {
  const sweep = {
    study: 'memory',
    model: 'mlp',
    dataset,
    objective: { metric: 'valAccuracy', direction: 'maximize' },
    space: { hidden: 64 },
    strategy: { pbt: { population: 4, interval: 100 } },
    budget: { steps: 200 },
    training: { compile: 'never' },
  };
  const args = [join(root, 'bench/memory-run.mjs'), JSON.stringify(sweep), '4'];
  const peaks: number[] = [];
  for (let run = 0; run < 2; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    peaks.push(JSON.parse(stdout).peak);
  }
  return Math.min(...peaks);
}

describe.skipIf(!isMeasurable)('resident memory (skipped: there is no /proc here) with four workers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner memory '));
  const [base, large] = [join(folder, 'base.arrow'), join(folder, 'large.arrow')];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let basePeak: number;

  beforeAll(async () => {
    const { writeLargeDataset } = await import(pathToFileURL(join(root, 'bench/large-dataset.mjs')).href);
    // as many validation rows as a call gathers, so that calls take the same memory
    await writeLargeDataset(base, { bytes: baseBytes, validation: 2 });
    await writeLargeDataset(large, { bytes: largeBytes });
    basePeak = await leastPeak(base);
  });

  it('has one copy of the data, from loading them on', async () => {
    const growth = (await leastPeak(large)) - basePeak;
    // far below the data, it would not have been measured at all
    expect(growth).toBeGreaterThan(0.8 * (largeBytes - baseBytes));
    // a second copy would be twice the data; what a run's peak varies by is a larger share of these than of 500 MB (bench/shared-data.mjs)
    expect(growth).toBeLessThan(1.25 * (largeBytes - baseBytes));
  });

  it('stays within the limit of data that are streamed, four times as large', async () => {
    const growth = (await leastPeak({ path: large, memory: limit })) - (basePeak - baseBytes);
    // what a run's peak varies by, some 10 MB, counts more here than with the limits that people have (bench/streaming.mjs)
    expect(growth).toBeLessThan(1.2 * limit);
  });
});
