/**
 * Whose turn it is when an error is met; it decides the exit code.
 * - `input`: the user's input is wrong; change it.
 * - `machine`: the machine lacks something; install, free or permit it.
 * - `study`: the study failed, although input and machine were right.
 */
export type ErrorKind = 'input' | 'machine' | 'study';

/** Process exit codes by kind of error. 130 (interrupted, resumable) and 4 (`compare` refused) are not errors. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = { study: 1, input: 2, machine: 3 };

/** An error with a stable code. `message` says what must hold and what was given; `todo` what to do about it. */
export class TunerError extends Error {
  override readonly name = 'TunerError';
  constructor(
    /** Stable, upper case, prefixed with the room: `SPACE_EMPTY_RANGE`. Retired codes are never used again. */
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    /** What to do, as one imperative sentence. */
    readonly todo: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

interface ErrorDefinition<A> {
  kind: ErrorKind;
  /** What must hold and what was given, in one sentence. */
  message: (args: A) => string;
  /** What to do, in one imperative sentence. */
  todo: string | ((args: A) => string);
}

/** Makes a {@link TunerError}; `cause` keeps the error that led to it. */
export type ErrorFactory<A> = (args: A, cause?: unknown) => TunerError;

const registry = new Map<string, ErrorKind>();

/**
 * Registers a room's errors and returns a function for each: `throw errors.SPACE_EMPTY_RANGE({ name, low, high })`.
 * Codes are unique over all rooms; registering one twice throws a plain `Error`, since it is a fault of the program.
 */
// biome-ignore lint/suspicious/noExplicitAny: each definition has its own argument type, inferred per key
export function defineErrors<D extends Record<string, ErrorDefinition<any>>>(
  definitions: D,
): { [K in keyof D]: ErrorFactory<D[K] extends ErrorDefinition<infer A> ? A : never> } {
  const factories: Record<string, ErrorFactory<unknown>> = {};
  for (const [code, { kind, message, todo }] of Object.entries(definitions)) {
    if (registry.has(code)) throw new Error(`error code ${code} is registered twice`);
    registry.set(code, kind);
    factories[code] = (args, cause) =>
      new TunerError(
        code,
        kind,
        message(args),
        typeof todo === 'string' ? todo : todo(args),
        cause === undefined ? undefined : { cause },
      );
  }
  return factories as never;
}

/** Every code registered by the modules loaded so far, with its kind, sorted by code. */
export function allErrorCodes(): ReadonlyArray<{ code: string; kind: ErrorKind }> {
  return [...registry].map(([code, kind]) => ({ code, kind })).sort((a, b) => (a.code < b.code ? -1 : 1));
}
