import type { Grid } from './parameter.js';

/**
 * The grid from `low` in steps of `step` as far as `high`.
 *
 * @param low at most `high`
 * @param step above 0, and at least two spacings of floats of the bounds' size. Larger than the range: one value.
 */
export function makeGrid(low: number, high: number, step: number): Grid {
  const digits = Math.max(decimals(low), decimals(step));
  // 0.3 / 0.1 is 2.9999999999999996: round, then take back what lies beyond the bound
  let last = Math.round((high - low) / step);
  while (last > 0 && pointAt(low, { step, digits }, last) > high) last--;
  return { step, count: last + 1, digits };
}

/** The value at `index`, as clean as it is written: 0.3, not 0.30000000000000004. Never -0. */
export function pointAt(low: number, { step, digits }: Pick<Grid, 'step' | 'digits'>, index: number): number {
  const point = low + index * step;
  // toFixed takes 100 digits at most; who writes steps of 1e-101 gets them as they come
  return digits === 0 || digits > 100 ? point : Number(point.toFixed(digits)) + 0;
}

/** The index of the value nearest to `value`, from 0 to `count` - 1; halves go up. `value` is not NaN. */
export function nearestIndex(low: number, { step, count }: Grid, value: number): number {
  return Math.min(count - 1, Math.max(0, Math.round((value - low) / step)));
}

/** Digits after the decimal point in the shortest text that reads as `value`: 2 for 0.05 and for 5e-2. */
function decimals(value: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e') as [string, string?];
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.max(0, fraction.length - Number(exponent));
}
