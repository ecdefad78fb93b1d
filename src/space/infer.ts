import type { SpaceDefinition, Value } from './definition.js';

/**
 * The type of the hyperparameters of a space: `{ rate: { float: [0, 1] }, act: { choice: ['relu', 'tanh'] } }` has
 * `{ rate: number; act: 'relu' | 'tanh' }`.
 *
 * Strings keep their literal types, since they are names that a model knows. Numbers and booleans do not: a sweep may give
 * other bounds, items and fixed values than the space that a model starts from.
 */
export type InferHyperparameters<S extends SpaceDefinition> = {
  readonly [N in keyof S]: InferValue<S[N]>;
};

type InferValue<P> = P extends { readonly float: unknown } | { readonly int: unknown }
  ? number
  : P extends { readonly choice: readonly (infer I)[] }
    ? Widened<I>
    : P extends { readonly boolean: unknown }
      ? boolean
      : Widened<P>;

type Widened<V> = V extends number ? number : V extends boolean ? boolean : V extends Value ? V : never;
