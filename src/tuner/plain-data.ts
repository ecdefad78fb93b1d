/** What code gives is whatever it likes; a sweep is what a file could have said. */
import { describeThrown } from '../errors/index.js';
import type { Path, Problem } from './sweep-problem.js';

/** Deeper than any sweep, and far from what a call stack holds. */
const deepest = 100;

/**
 * A copy of a value as plain data: numbers (infinite ones and NaN too), texts, booleans, `null`, `undefined`, lists and objects of them. So
 * nothing that reads it later meets a property that throws, or an object that contains itself.
 *
 * @param functions paths of the only places where a function may stand, which is kept
 * @returns the copy, and a problem for each part that is something else; the copy is to be used only if there is none
 */
export function plainData(
  value: unknown,
  functions: readonly Path[],
): { readonly value: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const above = new Set<object>();
  const refuse = (path: Path, text: string) => void problems.push({ path, text });

  const copy = (given: unknown, path: Path): unknown => {
    if (typeof given === 'function' && functions.some((one) => samePath(one, path))) return given;
    if (given === null || typeof given !== 'object') {
      if (['bigint', 'symbol', 'function'].includes(typeof given)) refuse(path, `${must}, not a ${typeof given}`);
      return given;
    }
    if (above.has(given)) return refuse(path, `${must}, and contains itself`);
    if (path.length === deepest) return refuse(path, `must not be nested deeper than ${deepest} levels`);
    above.add(given);
    try {
      if (Array.isArray(given)) return given.map((item: unknown, index) => copy(item, [...path, index]));
      if (!isPlain(given)) return refuse(path, `${must}, not a ${nameOf(given)}`);
      // entries of a name such as __proto__ stay entries
      return Object.fromEntries(Object.keys(given).map((key) => [key, copyOf(given, key, [...path, key])]));
    } catch (error) {
      return refuse(path, `${must}, and looking at it throws ${describeThrown(error)}`);
    } finally {
      above.delete(given);
    }
  };
  const copyOf = (given: object, key: string, path: Path): unknown => {
    let read: unknown;
    try {
      read = Reflect.get(given, key);
    } catch (error) {
      return refuse(path, `${must}, and reading it throws ${describeThrown(error)}`);
    }
    return copy(read, path);
  };
  return { value: copy(value, []), problems };
}

const must = 'must be plain data, as a file could have it';

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** Objects of another realm are plain too. */
function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(given: object): string {
  const name: unknown = Reflect.get(given, 'constructor')?.name;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}
