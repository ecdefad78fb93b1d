import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// from Node 24 on, memory that is free is given back later: what that takes is in docs/data-memory.md
const isMeasurable = existsSync('/proc/self/status') && Number(process.versions.node.split('.')[0]) < 24;

/** As `bench/out-of-core.mjs`, with less data: 40 and 160 MB once they are read. Garbage of threads that read takes part of what is left. */
const [fewRows, manyRows, columns, limit] = [100_000, 400_000, 50, 40e6];
const most = 2 * limit;

async function encode(path: string, memory?: number): Promise<{ peak: number; digest: string }> {
  const args = [join(root, 'bench/encode-run.mjs'), path, `${path}.encoded`];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    ...(memory === undefined ? [] : [`${memory}`]),
  ]);
  return JSON.parse(stdout);
}

const skipped = isMeasurable ? '' : ' (skipped: there is no /proc, or Node is 24 or newer)';

describe.skipIf(!isMeasurable)(`encoding a table of four times the memory${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner encode '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['csv', 'parquet'])(
    'grows by less than twice the limit where the table grows by three times the limit: %s',
    async (format) => {
      const { writeLargeTable } = await import(pathToFileURL(join(root, 'bench/large-table.mjs')).href);
      const [few, many] = [join(folder, `few.${format}`), join(folder, `many.${format}`)];
      await writeLargeTable(few, { rows: fewRows, columns });
      await writeLargeTable(many, { rows: manyRows, columns });
      // the least of some runs: what one takes beyond that is garbage that was not collected yet
      let [growth, digest, fewPeak] = [Number.POSITIVE_INFINITY, '', 0];
      for (let run = 0; run < 3 && growth > most; run++) {
        const encoded = await encode(many, limit);
        fewPeak = (await encode(few, limit)).peak;
        [growth, digest] = [Math.min(growth, encoded.peak - fewPeak), encoded.digest];
      }
      const whole = await encode(many);
      expect(digest).toBe(whole.digest);
      expect(growth).toBeLessThan(most);
      // it would not have been measured at all, did not all of it together take more
      expect(whole.peak - fewPeak).toBeGreaterThan(most);
    },
    400_000,
  );
});
