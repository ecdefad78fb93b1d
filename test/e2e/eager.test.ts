import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sweep, type TunerEvent, tune } from '../../src/index.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-eager-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sweep = (study: string): Sweep => ({
  study,
  model: fileURLToPath(new URL('../fixtures/models/javascript-values.mjs', import.meta.url)),
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  strategy: { pbt: { population: 3, interval: 15 } },
  budget: { steps: 45 },
  seed: 9,
});

describe('a step that cannot be traced', () => {
  it('runs op by op with one warning that names the line, and the same digest for 1 and 2 workers', async () => {
    const notices: TunerEvent[] = [];
    const onEvent = (event: TunerEvent) => void (event.type === 'notice' && notices.push(event));
    const one = await tune(sweep('one'), { directory: root, workers: 1, onEvent });
    expect(notices).toEqual([expect.objectContaining({ code: 'ENGINE_STEP_NOT_TRACED' })]);
    expect(notices[0]).toMatchObject({ message: expect.stringMatching(/javascript-values\.mjs:\d+/) });
    expect(one.status).toBe('completed');
    expect((await tune(sweep('two'), { directory: root, workers: 2 })).digest).toBe(one.digest);
  });

  it('is refused where tracing is required', async () => {
    await expect(tune(sweep('strict'), { directory: root, requireTraced: true })).rejects.toMatchObject({
      code: 'GRAPH_DRAWN_IN_JAVASCRIPT',
    });
  });
});
