import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIdx } from '../../../src/data/readers/idx.js';
import { encodeIdx } from '../idx-file.js';
import { errorOf } from '../support.js';

const small = encodeIdx([2, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));

describe('IDX', () => {
  it('gives back any tensor that was written, gzipped or not', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, fc.boolean(), async (shape, gzipped) => {
        const values = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 37) % 256);
        const bytes = encodeIdx(shape, values);
        const tensor = await decodeIdx('file', gzipped ? gzipSync(bytes) : bytes, shape.length);
        expect(tensor.shape).toEqual(shape);
        expect([...tensor.values]).toEqual([...values]);
      }),
    );
  });

  it('reads a known file', async () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 7, 9);
    expect(await decodeIdx('file', bytes, 2)).toEqual({ shape: [2, 1], values: Uint8Array.of(7, 9) });
  });

  it('is refused wherever it is cut off', async () => {
    for (let length = 0; length < small.length; length++) {
      await errorOf('DATA_IDX_MALFORMED', () => decodeIdx('file', small.subarray(0, length), 2));
    }
    const zipped = gzipSync(small);
    for (let length = 2; length < zipped.length; length++) {
      await errorOf('DATA_IDX_MALFORMED', () => decodeIdx('file', zipped.subarray(0, length), 2));
    }
  });

  it.each([
    ['bytes after the last value', Buffer.concat([small, Buffer.of(0)]), 2, 'goes on'],
    ['another number of dimensions', small, 3, 'must have 3 dimensions, and has 2'],
    ['floats', Buffer.from([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0]), 1, 'type 0d'],
    ['text', Buffer.from('a,b\n1,2\n3,4\n'), 2, '61 2c 62 0a'],
    [
      'dimensions whose product is huge',
      Buffer.from([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255]),
      2,
      'cut off',
    ],
  ])('refuses %s', async (_, bytes, rank, says) => {
    const error = await errorOf('DATA_IDX_MALFORMED', () => decodeIdx('digits', bytes, rank));
    expect(error.message).toContain(says);
    expect(error.message).toContain('digits');
  });

  it('refuses a file of no images', async () => {
    await errorOf('DATA_NO_ROWS', () => decodeIdx('file', encodeIdx([0, 3], new Uint8Array(0)), 2));
  });
});
