/**
 * Builders of the objects that a space is written in, for TypeScript: `float(0, 1, { step: 0.05 })` is
 * `{ float: [0, 1], step: 0.05 }`, with its literal type. They check nothing: `parseSpace` does.
 */
import type { ChoiceOptions, FloatOptions, IntOptions, Value } from './definition.js';

type NoOptions = Readonly<Record<never, never>>;
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** Floats from `low` to `high`, both included; mutable unless `structural`. */
export function float<const L extends number, const H extends number, const O extends FloatOptions = NoOptions>(
  low: L,
  high: H,
  options?: O,
): Flat<{ float: readonly [low: L, high: H] } & O> {
  return { float: [low, high], ...options } as never;
}

/** Integers from `low` to `high`, both included; structural unless `structural: false`. */
export function int<const L extends number, const H extends number, const O extends IntOptions = NoOptions>(
  low: L,
  high: H,
  options?: O,
): Flat<{ int: readonly [low: L, high: H] } & O> {
  return { int: [low, high], ...options } as never;
}

/** One of `items`; structural unless `structural: false`. */
export function choice<const I extends readonly Value[], const O extends ChoiceOptions = NoOptions>(
  items: I,
  options?: O,
): Flat<{ choice: I } & O> {
  return { choice: items, ...options } as never;
}

/** One of `items`, which are in order; structural unless `structural: false`. */
export function ordinal<const I extends readonly Value[], const O extends ChoiceOptions = NoOptions>(
  items: I,
  options?: O,
): Flat<{ ordinal: I } & O> {
  return { ordinal: items, ...options } as never;
}

/** `false` or `true`; structural unless `structural: false`. */
export function boolean<const O extends ChoiceOptions = NoOptions>(options?: O): Flat<{ boolean: true } & O> {
  return { boolean: true, ...options } as never;
}
