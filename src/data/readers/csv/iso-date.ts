/** Dates and times as ISO 8601 and RFC 3339 write them, from bytes. */

/** What a cell that was read as a date was. */
export const dateOnly = 1;
const dateAndTime = 2;

/** Where {@link readIsoDate} leaves what it read: seconds since 1970-01-01 00:00 UTC. */
export interface DateSink {
  seconds: number;
}

const secondsPerDay = 86_400;

/** A moment in what its column counts: days, where none of its dates has a time. */
export function inUnit(seconds: number, unit: 'days' | 'seconds'): number {
  return unit === 'days' ? seconds / secondsPerDay : seconds;
}

/**
 * Reads `2024-02-29`, `2024-02-29T13:05`, `2024-02-29 13:05:06.25`, each time with or without `Z`, `+02` or `+02:00`; years 0001 to 9999;
 * days that there are. A time without a zone counts as UTC.
 *
 * @returns 0 if it is anything else, {@link dateOnly} or {@link dateAndTime}
 */
export function readIsoDate(bytes: Uint8Array, start: number, end: number, sink: DateSink): number {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return 0;
  const days = epochDay(
    twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2),
    twoDigits(bytes, start + 5),
    twoDigits(bytes, start + 8),
  );
  if (Number.isNaN(days)) return 0;
  sink.seconds = days * secondsPerDay;
  if (end - start === 10) return dateOnly;
  const separator = bytes[start + 10];
  if (separator !== 84 && separator !== 116 && separator !== 32) return 0;
  const time = timeOfDay(bytes, start + 11, end);
  if (Number.isNaN(time)) return 0;
  sink.seconds += time;
  return dateAndTime;
}

/** NaN where a byte is not a digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar; NaN for a day that there is not.
 * H. Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
 */
function epochDay(year: number, month: number, day: number): number {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= monthLengths[month - 1]!)) return Number.NaN;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2 && day === 29 && !isLeap) return Number.NaN;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** Seconds since midnight, less the zone's offset; NaN if it is not a time. */
function timeOfDay(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const hours = twoDigits(bytes, at);
  const minutes = twoDigits(bytes, at + 3);
  if (end - at < 5 || bytes[at + 2] !== 58 || !(hours <= 23 && minutes <= 59)) return Number.NaN;
  let seconds = hours * 3600 + minutes * 60;
  at += 5;
  if (at < end && bytes[at] === 58) {
    const whole = end - at >= 3 ? twoDigits(bytes, at + 1) : Number.NaN;
    // 60: a leap second
    if (!(whole <= 60)) return Number.NaN;
    seconds += whole;
    at += 3;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at;
      let fraction = 0;
      while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) fraction = fraction * 10 + bytes[at++]! - 48;
      if (at === first) return Number.NaN;
      seconds += fraction / 10 ** (at - first);
    }
  }
  return seconds - zoneOffset(bytes, at, end);
}

/** Seconds that a zone is ahead of UTC; NaN if it is none. */
function zoneOffset(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const sign = bytes[start];
  if (sign === 90 || sign === 122) return start + 1 === end ? 0 : Number.NaN;
  const length = end - start;
  if ((sign !== 43 && sign !== 45) || !(length === 3 || length === 5 || length === 6)) return Number.NaN;
  if (length === 6 && bytes[start + 3] !== 58) return Number.NaN;
  const minutes = length === 3 ? 0 : twoDigits(bytes, end - 2);
  const hours = twoDigits(bytes, start + 1);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 3600 + minutes * 60);
}
