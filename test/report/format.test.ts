import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatHyperparameters,
  formatNumber,
  formatTime,
  oneLine,
} from '../../src/report/format.js';

describe('a number', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [2500, '2500'],
    [123_456_789, '123456789'],
    [0.978, '0.978'],
    [0.97849999, '0.9785'],
    [1 / 3, '0.3333'],
    [-1 / 3, '-0.3333'],
    [12_345.678, '12350'],
    [0.0001, '0.0001'],
    [0.00012346, '0.0001235'],
    [0.000012344, '1.234e-5'],
    [0.00001, '1e-5'],
    [0.000012, '1.2e-5'],
    [Number.MAX_VALUE, '1.798e308'],
    [9.99999, '10'],
    [1e15, '1e15'],
    [1.5e300, '1.5e300'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is written %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('is near enough: within half a unit of its fourth digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatNumber(value);
        // what rounds to infinity is written as what it is
        if (Math.abs(value) < 1.797e308)
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 5.001e-4);
        expect(text).toMatch(/^-?[\d.]+(e-?\d+)?$/);
      }),
    );
  });

  it('has a point in every locale', () => {
    expect(formatNumber(1234.4)).toBe('1234');
    expect(formatHyperparameters({ a: 0.5, b: 'relu', c: true })).toBe('a 0.5, b relu, c true');
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [0.004, '0s'],
    [0.42, '0.42s'],
    [3.149, '3.1s'],
    [9.96, '10s'],
    [59.4, '59s'],
    [59.6, '1m 00s'],
    [185, '3m 05s'],
    [3599.7, '1h 00m'],
    [7380, '2h 03m'],
    [86_399, '23h 59m'],
    [86_400, '1d 00h'],
    [371_000, '4d 07h'],
    [-1, ''],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
  ])('of %d seconds is written "%s"', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [407_112, '407 kB'],
  [1_340_000, '1.3 MB'],
  [999_600, '1 MB'],
  [5e15, '5000 TB'],
])('%d bytes are written %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it('a time is the machine’s own', () => {
  const iso = '2026-11-01T20:00:05.000Z';
  expect(formatTime(iso)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  expect(new Date(formatTime(iso).replace(' ', 'T')).toISOString()).toBe(iso);
});

it('a count is singular for one only', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'trial'))).toEqual(['0 trials', '1 trial', '2 trials']);
});

it('a text cannot command a terminal', () => {
  expect(oneLine('\u001b[31mred\u001b[0m\r\nnext\tcolumn\u0007\u202e!')).toBe('red next column!');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }),
  );
});
