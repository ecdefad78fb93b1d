/**
 * The order in which results count where it must not depend on how long anything took: that of a virtual clock by which every step
 * takes one unit. What happens at the same time happens by trial number.
 */

/**
 * The candidate that comes first; `undefined` if there is none.
 *
 * @param timeOf when it happens, on the virtual clock
 */
export function earliest<T extends { readonly trial: number }>(
  candidates: Iterable<T>,
  timeOf: (candidate: T) => number,
): T | undefined {
  let first: T | undefined;
  let firstTime = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const time = timeOf(candidate);
    if (first !== undefined && (time > firstTime || (time === firstTime && candidate.trial > first.trial))) continue;
    [first, firstTime] = [candidate, time];
  }
  return first;
}
