import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf } from '../../../../src/data/readers/csv/decimal.js';

const read = (text: string, mark = '.') => {
  const bytes = Buffer.from(`,${text},`);
  return decimalOf(bytes, 1, bytes.length - 1, mark.charCodeAt(0));
};

describe('decimal text', () => {
  it('is the double that Number gives, for any double in any notation', () => {
    const digits = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), digits, (value, count) => {
        const texts = [String(value), value.toExponential(count), value.toPrecision(count + 1)];
        for (const text of texts) expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is rounded correctly, however many digits there are and wherever the point is', () => {
    const text = fc
      .tuple(fc.stringMatching(/^[-+]?\d{0,24}$/), fc.stringMatching(/^\d{0,24}$/), fc.integer({ min: -40, max: 40 }))
      .filter(([whole, fraction]) => /\d/.test(whole + fraction))
      .map(([whole, fraction, e]) => `${whole}.${fraction}e${e}`);
    fc.assert(
      fc.property(text, (one) => {
        expect(read(one)).toBe(Number(one));
      }),
      { numRuns: 5000 },
    );
  });

  it('is rounded correctly halfway between two doubles and next to it', () => {
    // 2^53 + 1 lies halfway; so do its halves, quarters, … as decimals
    const texts = [
      '9007199254740993',
      '9007199254740993.0001',
      '4503599627370496.5',
      '4503599627370497.5',
      '1e23',
      '8.5e-22',
    ];
    for (const text of [...texts, '0.5000000000000001', '9007199254740992.9', '123456789012345678e-22']) {
      expect(read(text)).toBe(Number(text));
    }
  });

  it('may have a comma instead', () => {
    const texts = ['1,5', '-0,25e-3', '123456789012345678,901234', ',5', '1e5'];
    for (const text of texts) expect(read(text, ',')).toBe(Number(text.replace(',', '.')));
    for (const text of ['1.5', '1,2,3', '1.000,5']) expect(read(text, ',')).toBeNaN();
  });

  it.each(['', '.', '-', '+-1', '1e', '1e+', '1.2.3', '1,5', '0x1', 'NaN', '1 2', '1e1.5', '--1', 'e5'])(
    'refuses %j',
    (text) => {
      expect(read(text)).toBeNaN();
    },
  );

  it('takes too large and too small numbers as Number does', () => {
    for (const text of ['1e999', '-1e400', '1e-999', '1e100000000000', '0e999', '-0'])
      expect(read(text)).toBe(Number(text));
  });
});
