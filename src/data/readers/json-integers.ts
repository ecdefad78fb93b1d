/** A text or a number of JSON: texts are matched so that digits within them are not taken for numbers. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Whole numbers of fewer digits are doubles. */
const manyDigits = /\d{16}/;

/** What an integer is given in, in place of the number that `JSON.parse` would round. */
const marked = /^\0integer:(-?\d+)$/;

/**
 * What `JSON.parse` gives, but with whole numbers that doubles do not hold as bigints.
 *
 * @throws SyntaxError
 */
export function parseJsonExactly(json: string): unknown {
  if (!manyDigits.test(json)) return JSON.parse(json);
  const rewritten = json.replace(token, (found) =>
    /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"\\u0000integer:${found}"` : found,
  );
  if (rewritten === json) return JSON.parse(json);
  return JSON.parse(rewritten, (_, value: unknown) => {
    const digits = typeof value === 'string' ? marked.exec(value)?.[1] : undefined;
    return digits === undefined ? value : BigInt(digits);
  });
}
