const unitSeconds = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/**
 * Seconds of a time as a person writes it: a number of seconds, or amounts with a unit, largest first (`90s`, `1.5h`,
 * `1h 30m`). `undefined` unless it is above 0 and finite.
 */
export function durationSeconds(given: number | string): number | undefined {
  const seconds = typeof given === 'number' ? given : parse(given);
  return seconds !== undefined && seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

function parse(text: string): number | undefined {
  const amount = '(\\d+(?:\\.\\d+)?)';
  const match = new RegExp(
    `^\\s*(?:${amount}\\s*d)?\\s*(?:${amount}\\s*h)?\\s*(?:${amount}\\s*m)?\\s*(?:${amount}\\s*s)?\\s*$`,
  ).exec(text);
  if (!match) return undefined;
  const [d, h, m, s] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return d * unitSeconds.d + h * unitSeconds.h + m * unitSeconds.m + s * unitSeconds.s;
}
