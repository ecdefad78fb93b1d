import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isMeasurable = existsSync('/proc/self/status');

/** As `bench/out-of-core.mjs`, with less data: 40 and 160 MB once they are read. */
const [fewRows, manyRows, columns, limit] = [100_000, 400_000, 50, 40e6];

async function encode(path: string, memory?: number): Promise<{ peak: number; digest: string }> {
  const args = [join(root, 'bench/encode-run.mjs'), path, `${path}.encoded`];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    ...(memory === undefined ? [] : [`${memory}`]),
  ]);
  return JSON.parse(stdout);
}

describe.skipIf(!isMeasurable)('encoding a table of four times the memory (skipped: there is no /proc here)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner encode '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['csv', 'parquet'])(
    'takes no more than the limit beyond what a table of its size takes: %s',
    async (format) => {
      const { writeLargeTable } = await import(pathToFileURL(join(root, 'bench/large-table.mjs')).href);
      const [few, many] = [join(folder, `few.${format}`), join(folder, `many.${format}`)];
      await writeLargeTable(few, { rows: fewRows, columns });
      await writeLargeTable(many, { rows: manyRows, columns });
      // the least of some runs: what one takes beyond that is garbage that was not collected yet
      let growth = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 3 && growth > limit; run++) {
        growth = Math.min(growth, (await encode(many, limit)).peak - (await encode(few, limit)).peak);
      }
      const whole = await encode(many);
      expect((await encode(many, limit)).digest).toBe(whole.digest);
      expect(growth).toBeLessThan(limit);
      // it would not have been measured at all, did not all of it together take more
      expect(whole.peak - (await encode(few)).peak).toBeGreaterThan(3 * limit);
    },
    400_000,
  );
});
