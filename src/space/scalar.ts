import type { Value } from './definition.js';

/** Whether `value` is of a type that hyperparameters have; a number may still be infinite or NaN. */
export function isScalar(value: unknown): value is Value {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

/** Whether `value` is an object with entries, neither `null` nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
