import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../src/data/dates.js';

describe('parseDate', () => {
  it('reads back every moment that JavaScript writes', () => {
    const date = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (moment) => {
        expect(parseDate(moment.toISOString())).toBe(moment.getTime());
      }),
    );
  });

  it.each([
    ['2024-02', '2024-02-01T00:00:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2024-02-29 13:05', '2024-02-29T13:05:00Z'],
    ['2024-02-29T13:05:06.5+02:00', '2024-02-29T11:05:06.500Z'],
    ['2024-02-29T13:05-0330', '2024-02-29T16:35:00Z'],
    [' 0050-01-01 ', '0050-01-01T00:00:00Z'],
  ])('reads %s', (text, iso) => expect(parseDate(text)).toBe(Date.parse(iso)));

  it.each([
    '',
    'today',
    '2024',
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-01-01T25:00',
    '1/2/2024',
  ])('does not read %j', (text) => expect(parseDate(text)).toBeNaN());
});
