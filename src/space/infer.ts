import type { SpaceDefinition, Value } from './definition.js';

/**
 * The type of the hyperparameters of a space: `{ rate: { float: [0, 1] }, act: { choice: ['relu', 'tanh'] } }` has
 * `{ rate: number; act: 'relu' | 'tanh' }`.
 *
 * A parameter with conditions is optional: it has no value where they do not hold. Strings keep their literal types, since they are names that a model knows. Numbers and booleans do not: a sweep may give
 * other bounds, items and fixed values than the space that a model starts from.
 */
export type InferHyperparameters<S extends SpaceDefinition> = Flat<
  { readonly [N in Exclude<keyof S, Conditional<S>>]: InferValue<S[N]> } & {
    readonly [N in Conditional<S>]?: InferValue<S[N]>;
  }
>;

type Flat<T> = { readonly [K in keyof T]: T[K] };

type Conditional<S> = { [N in keyof S]: S[N] extends { readonly when: object } ? N : never }[keyof S];

// values come first: every string has a method named "fixed"
type InferValue<P> = P extends Value
  ? Widened<P>
  : P extends { readonly float: unknown } | { readonly int: unknown }
    ? number
    : P extends { readonly choice: readonly (infer I)[] } | { readonly ordinal: readonly (infer I)[] }
      ? Widened<I>
      : P extends { readonly boolean: unknown }
        ? boolean
        : P extends { readonly fixed: infer V }
          ? Widened<V>
          : never;

type Widened<V> = V extends number ? number : V extends boolean ? boolean : V extends Value ? V : never;
