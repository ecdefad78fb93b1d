/** What loading tells while it goes on; a large file or a download can take minutes. */
export type LoadProgress =
  /** `rows` have been read so far; told every 100,000 rows or less. */
  | { readonly kind: 'reading'; readonly path: string; readonly rows: number }
  /** A package of the registry is about to be fetched: first use of a data set. */
  | { readonly kind: 'fetching'; readonly name: string; readonly package: string }
  /** Another process prepares the same data set; `holder` says who. */
  | { readonly kind: 'waiting'; readonly name: string; readonly holder: string }
  /** The copy in the cache was damaged, and is made again. */
  | { readonly kind: 'repairing'; readonly name: string; readonly path: string; readonly reason: string }
  /** What was assumed of a file, or lost of its numbers, in a sentence. */
  | { readonly kind: 'noted'; readonly path: string; readonly text: string }
  /** `rows` were left out, since their target is missing. */
  | { readonly kind: 'dropped'; readonly column: string; readonly rows: number };

export type OnLoadProgress = (progress: LoadProgress) => void;
