import { findSourceMap } from 'node:module';

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

/** Remembers the current stack; it is looked through only if somebody asks, since that costs as much as taking it. */
export function callSite(): CallSite {
  const holder = takeStack(callSite);
  let line: string | undefined;
  let isKnown = false;
  return {
    get line() {
      if (!isKnown) line = lineOf(holder);
      isKnown = true;
      return line;
    },
  };
}

/**
 * The innermost frame of a stack that is the model author's own. Only that one is rendered: rendering all takes as long as tracing
 * the op that the stack is of.
 */
function lineOf(holder: { readonly stack?: string }): string | undefined {
  const render = Error.prepareStackTrace;
  let frames: readonly NodeJS.CallSite[] = [];
  Error.prepareStackTrace = (_, taken) => {
    frames = taken;
    return '';
  };
  try {
    // frames are made when a stack is read for the first time
    void holder.stack;
  } finally {
    Error.prepareStackTrace = render;
  }
  const own = frames.find((frame) => {
    const file = frame.getFileName();
    return typeof file === 'string' && !isLibraryFrame(file);
  });
  return own === undefined ? undefined : positionOf(own, render);
}

/** Rendered positions by where they are in the code that runs, which need not be the author's source. */
const positions = new Map<string, string>();

function positionOf(frame: NodeJS.CallSite, render: typeof Error.prepareStackTrace): string {
  const file = frame.getFileName()!;
  const [line, column] = [frame.getLineNumber()!, frame.getColumnNumber()!];
  const key = `${file}:${line}:${column}`;
  let position = positions.get(key);
  if (position === undefined) {
    position = mapped(frame, render) ?? key;
    positions.set(key, position);
  }
  return position;
}

/** The position in the source, by whoever renders stacks, or by Node's source maps if they are enabled. */
function mapped(frame: NodeJS.CallSite, render: typeof Error.prepareStackTrace): string | undefined {
  if (render) return userLine(String(render(new Error('a frame'), [frame])));
  const map = findSourceMap(frame.getFileName()!);
  const entry = map?.findOrigin(frame.getLineNumber()!, frame.getColumnNumber()!);
  return entry && 'fileName' in entry ? `${entry.fileName}:${entry.lineNumber}:${entry.columnNumber}` : undefined;
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
