const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Bytes that a size says: a number of bytes, or text such as `500MB`, `2 GB` (powers of 1000) or `1.5GiB` (powers of 1024), rounded down.
 *
 * @returns `undefined` if it is not a size of at least 1 byte
 */
export function parseByteSize(size: number | string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(String(size).trim()) ?? [];
  const factor = units[unit?.toLowerCase() ?? '-'];
  if (digits === undefined || factor === undefined) return undefined;
  const bytes = Math.floor(Number(digits) * factor);
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : undefined;
}
