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
const [baseBytes, largeBytes, limit] = [8e6, 480e6, 120e6];

/**
 * The least of some runs, at most four: what one takes beyond that is garbage that was not collected yet, which is more where the
 * processors are busy with other things.
 */
async function leastPeak(dataset: unknown, enough: number): Promise<number> {
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
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4 && least > enough; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    least = Math.min(least, JSON.parse(stdout).peak);
  }
  return least;
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
    basePeak = await leastPeak(base, 0);
  }, 240_000);

  it('has one copy of the data, from loading them on', async () => {
    // a second copy would be twice the data
    const most = 1.1 * (largeBytes - baseBytes);
    const growth = (await leastPeak(large, basePeak + most)) - basePeak;
    // far below the data, it would not have been measured at all
    expect(growth).toBeGreaterThan(0.8 * (largeBytes - baseBytes));
    expect(growth).toBeLessThan(most);
  }, 240_000);

  it('stays within the limit of data that are streamed, four times as large', async () => {
    const without = basePeak - baseBytes;
    const growth = (await leastPeak({ path: large, memory: limit }, without + limit)) - without;
    expect(growth).toBeLessThan(limit);
  }, 240_000);
});
