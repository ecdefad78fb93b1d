import { errors } from './errors.js';
import { momentsOf } from './moments.js';
import type { RawColumn, RawNumberColumn, RawTable } from './raw-table.js';
import type { SharedDataset } from './shared-dataset.js';
import { layOutDataset, type SplitRows } from './shared-layout.js';

export interface SeriesOptions {
  readonly name: string;
  /** Columns that are read, in order. */
  readonly columns: readonly string[];
  /** Column that is forecast; it need not be read. */
  readonly target: string;
  /** Times that are read for a forecast, at least 1. */
  readonly window: number;
  /** Times from the last one that is read to the one that is forecast, at least 1. */
  readonly horizon: number;
  /** A fraction of the times (0 < f < 1, rounded) or a count of them (1 or more). */
  readonly validation: number;
  /** The same, or 0 for no test split. */
  readonly test: number;
}

/**
 * Makes a data set of a series: the rows of a table are times, in their order. Row r reads times r to r + window - 1 (column `x`, float32
 * `[window, columns]`, standardised) and forecasts time r + window - 1 + horizon (column `y`, float32, in the target's unit).
 *
 * The last times are for test, those before them for validation: each is forecast once, from times that lie before it, whatever
 * split those are in, as one would forecast it. Nothing of them is known in training: neither windows, nor targets, nor the means and
 * deviations that columns are standardised with.
 *
 * @throws DATA_COLUMN_UNKNOWN, DATA_SERIES_NOT_NUMBER, DATA_SERIES_MISSING, DATA_SERIES_TOO_SHORT.
 */
export function seriesDataset(table: RawTable, options: SeriesOptions): SharedDataset {
  const { window, horizon, name } = options;
  const target = knownNumbers(table, options.target, 'target');
  const columns = options.columns.map((column) => knownNumbers(table, column, 'series column'));
  const first = window - 1 + horizon;
  const splits = splitTimes(table, options, first);
  const trainTimes = Int32Array.from({ length: splits.train.length + first }, (_, time) => time);
  const moments = columns.map(({ name: column, values }) => ({ column, ...scaleOf(values, trainTimes) }));
  const standardised = columns.map(({ values }, index) => standardise(values, moments[index]!));
  const rowCount = table.rowCount - first;
  return layOutDataset({
    name,
    rowCount,
    columns: [
      {
        name: 'x',
        type: 'float32',
        rowShape: [window, columns.length],
        fill: (view) => {
          let at = 0;
          for (let row = 0; row < rowCount; row++) {
            for (let time = row; time < row + window; time++)
              for (const values of standardised) view[at++] = values[time]!;
          }
        },
      },
      { name: 'y', type: 'float32', rowShape: [], fill: (view) => view.set(target.values.subarray(first)) },
    ],
    features: { column: 'x', scale: 1, offset: 0, names: options.columns },
    target: { column: 'y', kind: 'number', ...scaleOf(target.values, trainTimes), label: options.target },
    series: { columns: moments, window, horizon },
    splits,
    droppedRowCount: 0,
  });
}

/** Row numbers by split; a row counts by the time that it forecasts. */
function splitTimes(
  { path, rowCount }: RawTable,
  { validation, test, window, horizon }: SeriesOptions,
  first: number,
): SplitRows {
  const counted = (size: number) => (size < 1 ? Math.round(size * rowCount) : size);
  const [validationCount, testCount] = [counted(validation), counted(test)];
  const trainCount = rowCount - first - validationCount - testCount;
  if (trainCount < 1 || validationCount < 1) {
    throw errors.DATA_SERIES_TOO_SHORT({ path, times: rowCount, window, horizon, validation, test });
  }
  const rows = (from: number, count: number) => Int32Array.from({ length: count }, (_, index) => from + index);
  const required = { train: rows(0, trainCount), validation: rows(trainCount, validationCount) };
  return testCount === 0 ? required : { ...required, test: rows(trainCount + validationCount, testCount) };
}

/** A column that is a number at every time. */
function knownNumbers({ path, columns }: RawTable, name: string, role: string): RawNumberColumn {
  const column: RawColumn | undefined = columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw errors.DATA_COLUMN_UNKNOWN({
      role,
      column: name,
      columns: columns.map((candidate) => candidate.name),
      hint: '',
    });
  }
  if (column.kind !== 'number') throw errors.DATA_SERIES_NOT_NUMBER({ path, column: name });
  const missing = column.values.findIndex((value) => Number.isNaN(value));
  if (missing !== -1) throw errors.DATA_SERIES_MISSING({ path, column: name, row: missing + 1 });
  return column;
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Of the training times. The deviation of a column that is constant in them is 1: it is 0 there once it is standardised. */
function scaleOf(values: Float64Array, trainTimes: Int32Array): Scale {
  const { mean, deviation } = momentsOf(values, trainTimes);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function standardise(values: Float64Array, { mean, deviation }: Scale): Float32Array {
  return Float32Array.from(values, (value) => (value - mean) / deviation);
}
