/** Modules whose top-level await never ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ObjectiveSweep, type Sweep, tune } from '../../src/index.js';
import { StudyStore } from '../../src/store/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-waiting-'));
beforeAll(() => {
  process.env.TFJS_TUNER_LOAD_SECONDS = '2';
});
afterAll(() => {
  delete process.env.TFJS_TUNER_LOAD_SECONDS;
  rmSync(root, { recursive: true, force: true });
});

const common = {
  study: 'waiting',
  model: fileURLToPath(new URL('../fixtures/objectives/waiting.mjs', import.meta.url)),
  objective: { metric: 'valLoss', direction: 'minimize' },
  strategy: { random: { trials: 2 } },
} as const;

it.each<[string, Sweep | ObjectiveSweep]>([
  ['an objective function', common],
  ['a model', { ...common, dataset: 'spirals', budget: { steps: 5 } }],
])('%s that never loads ends its study before there is one, with what it waits for', async (_, sweep) => {
  const error = { code: 'MODULES_TOO_SLOW', kind: 'input', message: expect.stringContaining('waiting.mjs must load') };
  await expect(tune(sweep, { directory: root })).rejects.toMatchObject(error);
  expect(() => StudyStore.read(root, 'waiting')).toThrow();
});
