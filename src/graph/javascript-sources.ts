/**
 * Random numbers and the clock, as JavaScript gives them. What a step makes of either is frozen in its graph, also where two
 * traces happen to agree (`if (Math.random() < 0.01)`), so that asking for one is refused while a step is traced.
 */
import type { TunerError } from '../errors/index.js';
import { errors } from './errors.js';
import { isLibraryFrame, stackHere, userLine } from './user-line.js';

/** The first refusal of the step that is being traced: it counts also where the step catches what is thrown. */
let refused: TunerError | undefined;

function refuse(error: TunerError): never {
  refused ??= error;
  throw error;
}

/** tfjs names the function of each op so: `dropout__op`. */
const opName = /\b(\w+?)_*__op\b/;

/** The function of tfjs that the model author called, by the last of its frames before the author's own. */
function calledOp(frames: readonly string[]): string | undefined {
  const end = frames.findIndex((frame) => !isLibraryFrame(frame));
  const called = frames.slice(0, end < 0 ? frames.length : end).findLast((frame) => opName.test(frame));
  return called === undefined ? undefined : opName.exec(called)?.[1];
}

function drawn(what: string): never {
  const stack = stackHere(drawn);
  const op = calledOp(stack.split('\n').slice(2));
  return refuse(errors.GRAPH_DRAWN_IN_JAVASCRIPT({ what, op, line: userLine(stack) }));
}

/** Reads of the clock by libraries, which time themselves, change no value. */
function refuseClock(what: string): void {
  const stack = stackHere(refuseClock);
  // first the replaced function itself, then who called it
  const caller = stack.split('\n')[2];
  if (caller === undefined || isLibraryFrame(caller)) return;
  refuse(errors.GRAPH_CLOCK_READ({ what, line: userLine(stack) }));
}

/** `Date` that refuses to say what time it is; dates of a given time can be made. */
function timeless(original: DateConstructor): DateConstructor {
  return new Proxy(original, {
    apply(target) {
      refuseClock('Date()');
      return target();
    },
    construct(target, given, newTarget) {
      if (given.length === 0) refuseClock('new Date()');
      return Reflect.construct(target, given, newTarget) as object;
    },
    get(target, key) {
      if (key !== 'now') return Reflect.get(target, key);
      return function now() {
        refuseClock('Date.now()');
        return target.now();
      };
    },
  });
}

/**
 * Runs `act`, in which nobody may draw from Math.random, and the model author's own code may not read the clock. Other sources, such
 * as node:crypto, are found where what they give changes the graph from one trace to the next.
 *
 * @throws GRAPH_DRAWN_IN_JAVASCRIPT, GRAPH_CLOCK_READ
 */
export function refusingSources<T>(act: () => T): T {
  const before = { random: Math.random, now: performance.now, Date: globalThis.Date };
  refused = undefined;
  Math.random = function random() {
    return drawn('Math.random()');
  };
  performance.now = function now() {
    refuseClock('performance.now()');
    return before.now.call(performance);
  };
  globalThis.Date = timeless(before.Date);
  try {
    const result = act();
    if (refused !== undefined) throw refused;
    return result;
  } catch (error) {
    throw refused ?? error;
  } finally {
    Math.random = before.random;
    performance.now = before.now;
    globalThis.Date = before.Date;
  }
}
