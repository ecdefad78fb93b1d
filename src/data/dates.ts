import type { RawColumn } from './raw-table.js';

/** Year, month, and as much more as there is: ISO 8601, with a space for the T if one likes; no zone is UTC. */
const isoDate =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?$/;

/** Milliseconds since 1970-01-01T00:00Z of an ISO 8601 date; NaN for any other text, also for the 31st of February. */
export function parseDate(text: string): number {
  const match = isoDate.exec(text.trim());
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const [isMonth, isTime] = [month! >= 1 && month! <= 12, hour! <= 23 && minute! <= 59 && second! <= 60];
  const date = match[3] === undefined ? 1 : day!;
  if (!isMonth || !isTime || date < 1 || date > daysIn(year!, month!)) return Number.NaN;
  const midnight = new Date(0).setUTCFullYear(year!, month! - 1, date);
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`);
  return midnight + ((hour! * 60 + minute!) * 60 + second! + fraction) * 1000 - zoneMinutes(match[8]) * 60_000;
}

function daysIn(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return zone.startsWith('-') ? -minutes : minutes;
}

/** A column's moments, in milliseconds since 1970: numbers by their unit, or as they are; texts as ISO 8601; NaN where missing or neither. */
export function instants(column: RawColumn): Float64Array {
  if (column.kind === 'number') {
    const ms = column.unit === 'days' ? 86_400_000 : column.unit === 'seconds' ? 1000 : 1;
    return ms === 1 ? column.values : column.values.map((value) => value * ms);
  }
  const ofCode = column.texts.map(parseDate);
  return Float64Array.from(column.codes, (code) => ofCode[code] ?? Number.NaN);
}
