/** What was thrown, in one line: anything can be, also what cannot be written as text. Never throws. */
export function describeThrown(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
  } catch {
    return 'what cannot be written as text';
  }
}
