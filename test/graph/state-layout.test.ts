import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstNonFinite, layoutState, readHeader, tensorView, writeHeader } from '../../src/graph/index.js';

const variables = fc.array(
  fc.record({
    name: fc.string(),
    shape: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
    dtype: fc.constantFrom('float32', 'int32', 'bool'),
  }),
  { maxLength: 8 },
);

describe('state layout', () => {
  it('puts every tensor on a 64-byte boundary, one after another, without overlap', () => {
    fc.assert(
      fc.property(variables, (list) => {
        const { tensors, byteLength } = layoutState(list);
        let end = 64;
        for (const { byteOffset, byteLength: bytes } of tensors) {
          expect(byteOffset % 64).toBe(0);
          expect(byteOffset).toBeGreaterThanOrEqual(end);
          end = byteOffset + bytes;
        }
        expect(byteLength).toBeGreaterThanOrEqual(end);
      }),
    );
  });

  it('reads back what it wrote: the step, and every value', () => {
    fc.assert(
      fc.property(variables, fc.nat(2 ** 40), (list, step) => {
        const layout = layoutState(list);
        const state = new Uint8Array(new SharedArrayBuffer(layout.byteLength));
        for (const [index, tensor] of layout.tensors.entries()) tensorView(state, tensor).fill(index % 2);
        writeHeader(state, layout, step);
        expect(readHeader(state, layout)).toBe(step);
        for (const [index, tensor] of layout.tensors.entries()) {
          expect(tensorView(state, tensor).every((value) => value === index % 2)).toBe(true);
        }
      }),
    );
  });

  const layout = layoutState([{ name: 'w', shape: [2, 3], dtype: 'float32' }]);
  const written = () => {
    const state = new Uint8Array(layout.byteLength);
    writeHeader(state, layout, 5);
    return state;
  };

  it.each([
    ['is cut off', () => written().subarray(0, 70), 'it has 70 bytes'],
    ['is shorter than a header', () => new Uint8Array(10), 'it has 10 bytes'],
    ['begins otherwise', () => written().fill(0, 0, 4), 'does not begin with TTST'],
    ['has a newer format', () => written().fill(9, 4, 5), 'version 9'],
    ['belongs to another model', () => written().fill(0, 24, 40), 'shapes are not those of the model'],
  ])('refuses a state that %s', (_, state, message) => {
    expect(() => readHeader(state(), layout)).toThrow(
      expect.objectContaining({ code: 'GRAPH_STATE_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('has another fingerprint for other shapes or types, and not for other names', () => {
    const fingerprint = (name: string, shape: number[], dtype: string) =>
      layoutState([{ name, shape, dtype }]).fingerprint;
    expect(fingerprint('a', [2], 'float32')).toBe(fingerprint('b', [2], 'float32'));
    expect(fingerprint('a', [2], 'float32')).not.toBe(fingerprint('a', [3], 'float32'));
    expect(fingerprint('a', [2], 'float32')).not.toBe(fingerprint('a', [2], 'int32'));
  });

  it('finds the first tensor that is not finite', () => {
    const two = layoutState(['a', 'b'].map((name) => ({ name, shape: [3], dtype: 'float32' })));
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const state = new Uint8Array(two.byteLength);
      expect(firstNonFinite(state, two)).toBeUndefined();
      tensorView(state, two.tensors[1]!)[2] = bad;
      expect(firstNonFinite(state, two)).toBe('b');
    }
  });
});
