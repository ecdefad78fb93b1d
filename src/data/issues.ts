import type { z } from 'zod';

/** What is wrong, in one line: `splits.train: Invalid input: expected number, received string; …`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
}

/**
 * What is expected, for values that a person wrote: as an error map for zod, where a schema says nothing better itself.
 * `path: must be a string, and is missing`.
 */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  const is = issue.input === undefined ? 'and is missing' : `not ${shorten(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)} ${issue.expected}, ${is}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}, ${is}`;
    case 'invalid_union':
      return `must be of another form, ${is}`;
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'too_small':
      return `must be ${issue.origin === 'string' ? 'not empty' : `at least ${issue.minimum}`}, ${is}`;
    case 'too_big':
      return `must be at most ${issue.maximum}, ${is}`;
    default:
      return undefined;
  }
};

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}

function shorten(value: unknown): string {
  const text = (typeof value === 'number' ? undefined : JSON.stringify(value)) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
