/** Where in the model author's file an op came from. */
export interface CallSite {
  /** The line as `file:line:column`, or `undefined` when the whole stack belongs to libraries. */
  readonly line: string | undefined;
}

const libraries =
  /node:internal|[\\/]node_modules[\\/]|[\\/]tfjs-node[\\/]|[\\/](dist[\\/])?src[\\/](graph|trial|engine|native)[\\/]/;

const depth = 60;

/** Whether a frame of a stack belongs to Node, to tfjs or to the tuner itself, and not to the model author. */
export function isLibraryFrame(frame: string): boolean {
  return libraries.test(frame);
}

/** Takes the stack above `below`; what is taken is rendered when its `stack` is read. */
function takeStack(below: (...values: never[]) => unknown): { readonly stack?: string } {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  return holder;
}

/** The stack above a function that is running, rendered. */
export function stackHere(below: (...values: never[]) => unknown): string {
  return takeStack(below).stack ?? '';
}

/** Remembers the current stack; it is rendered only if somebody asks, since that costs far more than taking it. */
export function callSite(): CallSite {
  const holder = takeStack(callSite);
  return {
    get line() {
      return userLine(holder.stack ?? '');
    },
  };
}

/** The innermost frame of a stack that is the model author's own. */
export function userLine(stack: string): string | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    if (isLibraryFrame(frame)) continue;
    const match = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim());
    if (match) return match[1];
  }
  return undefined;
}
