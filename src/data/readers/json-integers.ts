/** Whole numbers of fewer digits are doubles. */
const manyDigits = /\d{16}/;

/** A number of JSON from here on, or what is none and refused later. */
const number = /-?[\d.eE+-]+/y;

/** What an integer is given in, in place of the number that `JSON.parse` would round. */
const marked = /^\0integer:(-?\d+)$/;

/**
 * What `JSON.parse` gives, but with whole numbers that doubles do not hold as bigints.
 *
 * @throws SyntaxError
 */
export function parseJsonExactly(json: string): unknown {
  const rewritten = manyDigits.test(json) ? withMarks(json) : json;
  if (rewritten === json) return JSON.parse(json);
  return JSON.parse(rewritten, (_, value: unknown) => {
    const digits = typeof value === 'string' ? marked.exec(value)?.[1] : undefined;
    return digits === undefined ? value : BigInt(digits);
  });
}

/** The text with marks in place of such numbers, in one pass: a line may be long, and made to be hard to read. */
function withMarks(json: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < json.length; ) {
    const letter = json.charCodeAt(at);
    if (letter === quote) {
      at = endOfText(json, at);
    } else if (letter === minus || (letter >= zero && letter <= nine)) {
      number.lastIndex = at;
      const found = number.exec(json)?.[0] ?? '-';
      if (isRounded(found)) {
        parts.push(json.slice(from, at), `"\\u0000integer:${found}"`);
        from = at + found.length;
      }
      at += found.length;
    } else at++;
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(from);
}

const quote = 34;
const backslash = 92;
const minus = 45;
const zero = 48;
const nine = 57;

/** Behind the quote that closes a text; the end where none does. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== quote) at += json.charCodeAt(at) === backslash ? 2 : 1;
  return at + 1;
}

function isRounded(spelt: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(spelt) && !Number.isSafeInteger(Number(spelt));
}
