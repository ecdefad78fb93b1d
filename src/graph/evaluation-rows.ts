/** Rows to evaluate. The data room's `SplitFeed` is one. */
export interface EvaluationRows {
  /** Rows in all, at least 1. */
  readonly count: number;
  /** Their numbers in the tables, in order; all pieces but the last have a multiple of `batchSize`, at most `mostBatches` times it. */
  pieces(batchSize: number, mostBatches: number): Iterable<Int32Array>;
}

/** Row numbers as rows to evaluate. What is that already stays as it is. */
export function evaluationRows(rows: Int32Array | EvaluationRows): EvaluationRows {
  if (!(rows instanceof Int32Array)) return rows;
  return { count: rows.length, pieces: (batchSize, mostBatches) => piecesOf(rows, batchSize * mostBatches) };
}

function* piecesOf(rows: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < rows.length; start += size) yield rows.subarray(start, start + size);
}
