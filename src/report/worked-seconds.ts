/** What a journal's entry says of when, and of who works. */
interface Moment {
  readonly at: string;
  readonly record: { readonly kind: string; readonly resumed?: boolean };
}

/** Wall time that processes worked on the study: between the first and the last record of each. */
export function workedSeconds(entries: readonly { readonly at: string; readonly record: object }[]): number {
  const moments = entries as readonly Moment[];
  let sum = 0;
  let [begun, last] = [moments[0], moments[0]];
  const seconds = () => (begun && last ? (Date.parse(last.at) - Date.parse(begun.at)) / 1000 : 0);
  for (const entry of moments) {
    if (entry.record.kind === 'started' && entry.record.resumed) {
      sum += seconds();
      begun = entry;
    }
    last = entry;
  }
  return Math.max(0, sum + seconds());
}
