import { isActive } from './conditions.js';
import type { Hyperparameters, Value } from './definition.js';
import type { Parameter, Space } from './parameter.js';

/** What the parameter starts from: its default, or the value it is fixed at. `null`: it has neither. */
export function defaultOf(parameter: Parameter): Value | null {
  return parameter.kind === 'fixed' ? parameter.value : parameter.default;
}

/**
 * Default and fixed values, in the space's order. Parameters that have none are absent, and so are their children: without
 * a parent's value they are not active.
 */
export function defaultsOf({ parameters }: Space): Hyperparameters {
  const values: Record<string, Value> = {};
  for (const parameter of parameters) {
    const value = defaultOf(parameter);
    if (value !== null && isActive(parameter, values)) values[parameter.name] = value;
  }
  return values;
}
