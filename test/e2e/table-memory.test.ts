/** Tables of four times the memory that they may take, encoded and imported by a process of their own, whose resident memory the kernel tells. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isMeasurable = existsSync('/proc/self/status');

/** As `bench/out-of-core.mjs`, with less data: 14 MB once they are read, for which threads are started already, and 160. */
const [fewRows, manyRows, columns, limit] = [35_000, 400_000, 50, 40e6];
/** Of V8, in bytes: half of the 64 MB that its young generation may become, whatever the data are. */
const garbage = 32e6;
const most = 1.1 * limit + garbage;

const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner table '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (rows: number, format: string) => join(folder, `${rows}.${format}`);

async function run(program: string, path: string, memory?: number): Promise<{ peak: number; digest: string }> {
  const limited = memory === undefined ? [] : [`${memory}`];
  const words = [join(root, 'bench', program), path, join(folder, 'made'), ...limited];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  rmSync(join(folder, 'made'), { recursive: true });
  return JSON.parse(stdout);
}

const skipped = isMeasurable ? '' : ' (skipped: there is no /proc)';

describe.skipIf(!isMeasurable)(`a table of four times the memory that it may take${skipped}`, () => {
  beforeAll(async () => {
    const { writeLargeTable } = await import(pathToFileURL(join(root, 'bench/large-table.mjs')).href);
    for (const format of ['csv', 'parquet']) {
      for (const rows of [fewRows, manyRows]) await writeLargeTable(fileOf(rows, format), { rows, columns });
    }
  }, 200_000);

  it.each([
    ['encoded', 'csv'],
    ['encoded', 'parquet'],
    ['imported', 'csv'],
    ['imported', 'parquet'],
  ])(
    "is %s from %s within it, beside a part of V8's garbage, as it is without a limit",
    async (how, format) => {
      const program = how === 'encoded' ? 'encode-run.mjs' : 'import-run.mjs';
      const [few, many] = [fileOf(fewRows, format), fileOf(manyRows, format)];
      // the least of some runs: when V8 collects depends on what else the machine does
      let [growth, digest, fewPeak] = [Number.POSITIVE_INFINITY, '', 0];
      for (let attempt = 0; attempt < 3 && growth > most; attempt++) {
        const limited = await run(program, many, limit);
        fewPeak = (await run(program, few, limit)).peak;
        [growth, digest] = [Math.min(growth, limited.peak - fewPeak), limited.digest];
      }
      const whole = await run(program, many);
      expect(digest).toBe(whole.digest);
      expect(growth).toBeLessThan(most);
      // it would not have been measured at all, did not all of it together take more
      expect(whole.peak - fewPeak).toBeGreaterThan(most);
    },
    400_000,
  );
});
