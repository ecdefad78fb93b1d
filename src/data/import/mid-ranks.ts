/** Each value's place in ascending order, from 0; equal ones have the mean of their places. Without NaN. */
export function midRanks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const placeOf = new Map<number, number>();
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    placeOf.set(sorted[start]!, (start + end - 1) / 2);
  }
  return values.map((value) => placeOf.get(value)!);
}
