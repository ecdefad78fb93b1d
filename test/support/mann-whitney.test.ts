import { expect, it } from 'vitest';
import { mannWhitney } from './mann-whitney.js';

it('the Mann–Whitney test gives published probabilities', () => {
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  // apart: two of the binomial(20, 10) = 184,756 ways
  expect(mannWhitney(upTo(1, 10), upTo(11, 20))).toBeCloseTo(2 / 184_756, 12);
  expect(mannWhitney([1, 2, 3], [1, 2, 3])).toBe(1);
  // Mann and Whitney 1947, table I: n = m = 4, U = 1 has the one-sided probability .029
  expect(mannWhitney([1, 2, 3, 5], [4, 6, 7, 8])).toBeCloseTo(2 * (2 / 70), 12);
  // all values equal but one: it is in either sample
  expect(mannWhitney([0, 0, 0], [0, 0, 1])).toBe(1);
});
