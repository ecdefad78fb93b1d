import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/tuner/index.js';
import { readSweep } from '../../src/tuner/sweep-file.js';

const sweep = {
  study: 's',
  model: 'mlp',
  dataset: 'mnist-10k',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  strategy: { random: { trials: 4 } },
  budget: { steps: 100 },
} as const satisfies Sweep;

const problems = (more: object) =>
  readSweep({ ...sweep, ...more } as Sweep).then(
    () => '',
    (error: Error) => error.message,
  );

describe('a sweep’s space', () => {
  it('may have conditions on the model’s parameters, constraints, and points to try first', async () => {
    const more = {
      space: { momentum: { float: [0, 1], when: { optimizer: 'sgd' } } },
      constraints: ['hidden2 <= hidden1'],
      enqueue: [{ learningRate: 0.1, optimizer: 'sgd' }, {}],
    } as const;
    expect((await readSweep({ ...sweep, ...more })).settings).toMatchObject(more);
    const { settings } = await readSweep(sweep);
    expect(settings).not.toHaveProperty('constraints');
    expect(settings).not.toHaveProperty('enqueue');
  });

  it.each([
    [{ constraints: 'a < b' }, 'constraints: must be a list of comparisons as text, not "a < b"'],
    [{ constraints: ['a < b', 3] }, 'constraints.1: must be a comparison as text, such as hidden2 <= hidden1, not 3'],
    [{ enqueue: { a: 1 } }, 'enqueue: must be a list of points'],
    [{ enqueue: [3] }, 'enqueue.0: must be an object of values by name, not 3'],
    [{ enqueue: [{ a: [1] }] }, 'enqueue.0.a: must be a number, string or boolean, not [1]'],
    [{ space: { p: { ordinal: [], when: { q: 1 } } } }, 'space.p: Parameter "p" must have a list of at least one item'],
    [{ constraint: ['a < b'] }, 'Did you mean "constraints"?'],
  ])('refuses %j', async (more, text) => expect(await problems(more)).toContain(text));
});
