/** Damaged files of all kinds are read as what they say, or refused: a short run of bench/fuzz-import.mjs. Needs a build. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('reads or refuses damaged files', () => {
  const script = join(import.meta.dirname, '../../bench/fuzz-import.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--count', '300', '--seed', '3', '--json'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { found, outcomes, count, compared } = JSON.parse(stdout);
  expect(found).toEqual([]);
  expect(Object.values<number>(outcomes).reduce((sum, times) => sum + times, 0)).toBe(count);
  expect(Object.keys(outcomes).length).toBeGreaterThan(8);
  for (const times of Object.values<number>(compared)) expect(times).toBeGreaterThan(5);
});
