/** Writes predictions: delimited text, JSON lines, or an Arrow IPC file. */
import type { Preprocessing } from '../data/index.js';
import type { PredictedRow } from './prediction-rows.js';

export type PredictionFormat = 'csv' | 'jsonl' | 'arrow';

/** Turns rows into what is written, chunk by chunk. */
export interface PredictionFormatter {
  rows(rows: readonly PredictedRow[]): Promise<string | Uint8Array>;
  /** What comes last. */
  end(): Promise<string | Uint8Array>;
}

/**
 * `csv`: a header; `file` where rows are files; `prediction`, then `probability of CLASS` for each class; a prediction with a shape is JSON.
 * `jsonl`: `{"prediction": …, "probabilities": {…}}`. `arrow`: a file with the columns of `csv`, written at the end.
 */
export function formatterFor(format: PredictionFormat, target: Preprocessing['target']): PredictionFormatter {
  switch (format) {
    case 'csv':
      return csvFormatter(target);
    case 'jsonl':
      return {
        rows: async (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
        end: async () => '',
      };
    case 'arrow':
      return arrowFormatter();
    default:
      return format satisfies never;
  }
}

const probabilityName = (name: string) => `probability of ${name}`;

function csvFormatter(target: Preprocessing['target']): PredictionFormatter {
  let header: string | undefined;
  // in this order: an object has names that are integers first
  const classesOf = ({ probabilities }: PredictedRow) =>
    probabilities === undefined || target.kind !== 'class' ? [] : target.classes;
  const fileOf = ({ file }: PredictedRow) => (file === undefined ? [] : [file]);
  const headerOf = (row: PredictedRow) => {
    return line([...fileOf(row).map(() => 'file'), 'prediction', ...classesOf(row).map(probabilityName)]);
  };
  const valuesOf = (row: PredictedRow) => {
    const { prediction, probabilities } = row;
    const cell = Array.isArray(prediction) ? JSON.stringify(prediction) : String(prediction);
    return line([...fileOf(row), cell, ...classesOf(row).map((name) => String(probabilities![name]))]);
  };
  return {
    async rows(rows) {
      const first = header === undefined && rows.length > 0 ? headerOf(rows[0]!) : '';
      header ??= first;
      return first + rows.map(valuesOf).join('');
    },
    end: async () => '',
  };
}

/** A line of cells, quoted where they must be (RFC 4180). */
function line(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\n`;
}

/** Rows are few bytes each, and an Arrow file says at its end what is in it: they are kept until then. */
function arrowFormatter(): PredictionFormatter {
  const kept: PredictedRow[] = [];
  return {
    async rows(rows) {
      for (const row of rows) kept.push(row);
      return '';
    },
    async end() {
      const { Float32, Table, tableToIPC, Utf8, vectorFromArray } = await import('apache-arrow');
      const isNumber = kept.every(({ prediction }) => typeof prediction === 'number');
      const files = kept.flatMap(({ file }) => (file === undefined ? [] : [file]));
      const file = files.length === 0 ? {} : { file: vectorFromArray(files, new Utf8()) };
      const texts = kept.map(({ prediction }) =>
        typeof prediction === 'string' ? prediction : JSON.stringify(prediction),
      );
      const prediction = isNumber
        ? vectorFromArray(
            kept.map((row) => row.prediction as number),
            new Float32(),
          )
        : vectorFromArray(texts, new Utf8());
      const classes = Object.keys(kept[0]?.probabilities ?? {});
      const probabilities = classes.map((name) => {
        const values = kept.map((row) => row.probabilities![name]!);
        return [probabilityName(name), vectorFromArray(values, new Float32())] as const;
      });
      return tableToIPC(new Table({ ...file, prediction, ...Object.fromEntries(probabilities) }), 'file');
    },
  };
}
