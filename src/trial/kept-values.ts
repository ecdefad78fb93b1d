/**
 * Finds what a step keeps in JavaScript from one call to the next: a counter beside it (`n++ < 100`), a field of the model that it belongs
 * to. Its graph would repeat the first value, and traces cannot tell where the value decides later. V8 shows a function's closure to
 * Node's inspector only, which answers at once in its own thread; a look takes about a millisecond.
 *
 * What is seen: numbers, strings, booleans and the like in the scopes around the function, up to its module, and in plain objects and
 * arrays that lie there. What is not: values in the closures of functions that it calls from other scopes or modules, and in
 * instances of classes.
 */
import type { Session } from 'node:inspector';
import { errors } from './errors.js';
import type { BuiltModel } from './model.js';

type Values = ReadonlyMap<string, unknown>;

/** Objects within objects are looked into so far, and no more values are compared than this. */
const deepest = 3;
const mostValues = 5000;
/** Longer arrays are tables: only their length is compared. */
const longest = 1000;

/** Plain objects and arrays. What instances of classes keep is their own: tfjs's layers, backends, caches. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/** Adds the primitive values in `value` by path. Accessors are not called. */
function addValues(values: Map<string, unknown>, path: string, value: unknown, depth: number, seen: Set<object>): void {
  if (values.size >= mostValues || typeof value === 'function') return;
  if (typeof value !== 'object' || value === null) {
    values.set(path, value);
    return;
  }
  // the model's own fields count, whatever its class
  if (seen.has(value) || depth > deepest || (depth > 0 && !isPlain(value))) return;
  // a module's exports have no prototype either
  if (Object.hasOwn(value, Symbol.toStringTag)) return;
  seen.add(value);
  if (Array.isArray(value) && value.length > longest) {
    values.set(`${path}.length`, value.length);
    return;
  }
  for (const [key, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    addValues(values, path === '' ? key : `${path}.${key}`, inner, depth + 1, seen);
  }
}

const slot = Symbol.for('tfjs-tuner.kept-values');
const slots = globalThis as { [slot]?: unknown[] };

interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
}
interface RemoteProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

/** Asks the inspector; in its own thread it answers before `post` returns. */
function ask<R>(session: Session, method: string, parameters: object): R {
  let answer: R | undefined;
  session.post(method, parameters, (error, result) => {
    if (error) throw error;
    answer = result as R;
  });
  return answer!;
}

/** The variables of the scopes around a function, from the innermost to its module's, without the global ones. */
function scopesOf(session: Session, of: (...given: never[]) => unknown): unknown[] {
  const held: unknown[] = [of];
  slots[slot] = held;
  const expression = `globalThis[Symbol.for('${Symbol.keyFor(slot)}')]`;
  try {
    const { result } = ask<{ result: RemoteObject }>(session, 'Runtime.evaluate', { expression: `${expression}[0]` });
    const properties = ({ objectId }: RemoteObject) => {
      const asked = { objectId, ownProperties: true };
      return ask<{ result: RemoteProperty[]; internalProperties?: RemoteProperty[] }>(
        session,
        'Runtime.getProperties',
        asked,
      );
    };
    const scopes = properties(result).internalProperties?.find(({ name }) => name === '[[Scopes]]')?.value;
    for (const { value } of scopes === undefined ? [] : properties(scopes).result) {
      if (value?.objectId === undefined || value.description === 'Global') continue;
      const functionDeclaration = `function () { ${expression}.push({ ...(this.object ?? this) }); }`;
      ask(session, 'Runtime.callFunctionOn', { objectId: value.objectId, functionDeclaration });
    }
  } finally {
    delete slots[slot];
  }
  return held.slice(1);
}

type Model = Pick<BuiltModel, 'step' | 'evaluate'>;

/** What is kept around the functions of a model; empty where Node was built without its inspector. */
function valuesAround(model: Model): Values {
  const values = new Map<string, unknown>();
  if (!process.features.inspector) return values;
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connect();
  try {
    const seen = new Set<object>();
    const scopes = [model.step, model.evaluate].flatMap((of) => scopesOf(session, of));
    for (const [index, scope] of scopes.entries()) addValues(values, `${index}`, scope, 0, seen);
    addValues(values, 'this', model, 0, seen);
  } finally {
    session.disconnect();
  }
  return values;
}

/** Compares what a model keeps in JavaScript after one call of its step or evaluation and after the next. */
export class KeptValues {
  #after: Values | undefined;

  constructor(private readonly model: Model) {}

  /**
   * To be called after each call. What the first one set may stay: a table that is computed once.
   * @throws TRIAL_STEP_KEEPS_STATE for a value that a later one changed
   */
  look(): void {
    const now = valuesAround(this.model);
    const before = this.#after;
    this.#after = now;
    if (before === undefined) return;
    for (const [path, value] of now) {
      if (before.has(path) && Object.is(before.get(path), value)) continue;
      throw errors.TRIAL_STEP_KEEPS_STATE({ name: nameOf(path), from: before.get(path), to: value });
    }
  }
}

/** Without the number of the scope. */
const nameOf = (path: string) => path.replace(/^\d+\./, '');
