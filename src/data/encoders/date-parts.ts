import { z } from 'zod';
import { instants } from '../dates.js';
import { errors } from '../errors.js';
import { momentsOf } from '../moments.js';
import type { RawColumn } from '../raw-table.js';
import type { Encoder, Place } from './encoder.js';
import { writeNumbers } from './numbers.js';

const schema = z.object({
  kind: z.literal('date'),
  column: z.string(),
  /** Of the training rows' milliseconds since 1970. */
  mean: z.number(),
  deviation: z.number(),
  /** Whether the time of day has features: where it is not the same in all training rows. */
  hasTime: z.boolean(),
  hasMissing: z.boolean(),
});

const day = 86_400_000;

/** Where in its cycle a moment is, 0 to 1. */
const cycles = {
  year: (ms: number) => {
    const year = new Date(ms).getUTCFullYear();
    // not Date.UTC, which takes the year 50 for 1950
    const [from, to] = [0, 1].map((later) => new Date(0).setUTCFullYear(year + later, 0, 1)) as [number, number];
    return (ms - from) / (to - from);
  },
  week: (ms: number) => mod(ms / day + 3, 7) / 7,
  day: (ms: number) => mod(ms, day) / day,
} as const;

const mod = (value: number, by: number) => ((value % by) + by) % by;

/**
 * A date as numbers: when it was, standardised; and where in the year, the week and, if times differ, the day, each as sine and
 * cosine, so that December lies beside January. All 0 where it is missing. Texts are ISO 8601, numbers milliseconds since 1970;
 * zones are heeded, and parts are those of UTC.
 */
export const dateParts: Encoder<z.infer<typeof schema>> = {
  schema,
  fit(column, trainRows) {
    const times = dates(column);
    const { mean, deviation, count } = momentsOf(times, trainRows);
    const known = trainRows.filter((row) => !Number.isNaN(times[row]));
    const first = known.length === 0 ? 0 : cycles.day(times[known[0]!]!);
    const hasTime = known.some((row) => cycles.day(times[row]!) !== first);
    return { kind: 'date', column: column.name, mean, deviation, hasTime, hasMissing: count < trainRows.length };
  },
  names(encoding) {
    const { column, hasMissing } = encoding;
    const waves = cyclesOf(encoding).flatMap((cycle) => [`${column} ${cycle} sin`, `${column} ${cycle} cos`]);
    return [column, ...waves, ...(hasMissing ? [`${column} is missing`] : [])];
  },
  write(encoding, column, place) {
    const times = dates(column);
    const { mean, deviation, hasMissing } = encoding;
    const at = (offset: number): Place => ({ ...place, feature: place.feature + offset });
    const plain = { hasMissing: false, missing: 0 };
    writeNumbers(times, at(0), plain, (ms) => (deviation === 0 ? 0 : (ms - mean) / deviation));
    const names = cyclesOf(encoding);
    for (const [index, name] of names.entries()) {
      const angle = (ms: number) => 2 * Math.PI * cycles[name](ms);
      writeNumbers(times, at(1 + 2 * index), plain, (ms) => Math.sin(angle(ms)));
      writeNumbers(times, at(2 + 2 * index), plain, (ms) => Math.cos(angle(ms)));
    }
    if (!hasMissing) return;
    const { out, rows, stride, feature } = at(1 + 2 * names.length);
    for (let i = 0; i < rows.length; i++) if (Number.isNaN(times[rows[i]!])) out[i * stride + feature] = 1;
  },
};

function cyclesOf({ hasTime }: { hasTime: boolean }): (keyof typeof cycles)[] {
  return hasTime ? ['year', 'week', 'day'] : ['year', 'week'];
}

/** JavaScript's calendar ends at 8.64e15, and the year's end has to lie within. */
const farthest = 8.6e15;

function dates(column: RawColumn): Float64Array {
  const times = instants(column);
  const wrong = times.findIndex((ms, row) => (Number.isNaN(ms) ? isText(column, row) : Math.abs(ms) > farthest));
  if (wrong === -1) return times;
  const example = column.kind === 'text' ? `"${column.texts[column.codes[wrong]!] ?? ''}"` : String(times[wrong]);
  const must = 'ISO 8601 dates or milliseconds since 1970';
  throw errors.DATA_ENCODER_INPUT({
    column: column.name,
    kind: 'date',
    must,
    example: `${example} in row ${wrong + 1}`,
  });
}

const isText = (column: RawColumn, row: number) => column.kind === 'text' && column.codes[row] !== -1;
