/** Whether there are values of 2^53 or more in size: whole numbers that large are not all doubles. */
export function hasUnsafe(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) return true;
  }
  return false;
}
