import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `given` is most likely a misspelling of, or `undefined` if none is near: at most a third of the
 * longer word's letters may differ, or two from five letters on (two swapped ones are two). Case is ignored. Ties go to the first candidate.
 */
function nearest(given: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const d = distance(given.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance && d <= allowed(Math.max(given.length, candidate.length))) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

function allowed(length: number): number {
  return length < 5 ? 1 : Math.max(2, length / 3);
}

/** ` Did you mean "…"?`, with the leading space, or the empty string when no candidate is near. */
export function didYouMean(given: string, candidates: Iterable<string>): string {
  const best = nearest(given, candidates);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
