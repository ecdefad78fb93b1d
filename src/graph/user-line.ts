/** Where in the model author's file an op came from. */
export interface CallSite {
  /** The line as `file:line:column`, or `undefined` when the whole stack belongs to libraries. */
  readonly line: string | undefined;
}

const libraries =
  /node:internal|[\\/]node_modules[\\/]|[\\/]tfjs-node[\\/]|[\\/](dist[\\/])?src[\\/](graph|trial|engine|native)[\\/]/;

/** Remembers the current stack; it is rendered only if somebody asks, since that costs far more than taking it. */
export function callSite(): CallSite {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  Error.captureStackTrace(holder, callSite);
  Error.stackTraceLimit = limit;
  return {
    get line() {
      return userLine(holder.stack ?? '');
    },
  };
}

/** The innermost frame of a stack that is the model author's own. */
export function userLine(stack: string): string | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    if (libraries.test(frame)) continue;
    const match = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim());
    if (match) return match[1];
  }
  return undefined;
}
