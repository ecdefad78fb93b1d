import { describe, expect, it } from 'vitest';
import { PreparedModels } from '../../src/engine/prepared-models.js';
import type { PreparedModel } from '../../src/engine/tasks.js';

/** A traced model whose graphs take so many bytes. */
const model = (bytes: number) => {
  const program = { spec: { graph: new Uint8Array(bytes) } };
  return {
    kind: 'traced',
    traced: { training: program, evaluation: { spec: { graph: new Uint8Array(0) } } },
  } as unknown as PreparedModel;
};

function prepared(limit: number) {
  const models = new PreparedModels(limit);
  const made: string[] = [];
  const get = (key: string, bytes = 10) =>
    models.get(key, async () => {
      made.push(key);
      return model(bytes);
    });
  return { models, made, get };
}

describe('prepared models', () => {
  it('are made once, also when they are asked for at the same time', async () => {
    const { made, get } = prepared(100);
    const [a, b] = await Promise.all([get('a'), get('a')]);
    expect(a).toBe(b);
    expect(made).toEqual(['a']);
  });

  it('go when there are too many bytes, the least recently used first', async () => {
    const { made, get, models } = prepared(30);
    for (const key of ['a', 'b', 'c', 'a', 'd']) await get(key);
    expect(models.size).toBe(3);
    await get('a');
    await get('b');
    expect(made).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  it('keep one that is larger than the limit alone, and forget failures', async () => {
    const { models, get, made } = prepared(5);
    await get('large', 50);
    expect(models.size).toBe(1);
    await expect(models.get('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await get('bad', 1);
    expect(made).toEqual(['large', 'bad']);
  });

  it('stay within the limit also when an older one is ready last', async () => {
    const { models, get, made } = prepared(30);
    let finish = () => {};
    const slow = models.get('slow', () => new Promise((resolve) => (finish = () => resolve(model(20)))));
    await get('a', 10);
    await get('b', 20);
    finish();
    await slow;
    await Promise.resolve();
    expect(models.size).toBe(2);
    await get('a', 10);
    await get('b', 20);
    expect(made).toEqual(['a', 'b']);
  });
});
