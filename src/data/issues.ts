import type { z } from 'zod';

/** What is wrong, in one line: `splits.train: Invalid input: expected number, received string; …`. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
}
