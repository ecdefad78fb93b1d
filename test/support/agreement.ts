/**
 * What "a traced step agrees with eager tfjs" means. Of the loss, of each metric, of each gradient and of each variable after the
 * step, with ‖·‖ for the largest absolute value of a tensor:
 *
 *     ‖traced − eager‖ ≤ 1e-5 ‖eager‖
 *
 * There is no floor: a tensor that is zero has to be zero, and integers and booleans have to be equal. Both ways run float32 kernels that
 * add in different orders, so where a sum all but cancels, what is left of it is rounding, and neither is right to five digits. A case
 * in which that happens says so with its reason; of those tensors that are beyond the bound, the traced one then has to be as near
 * to the step's result in float64 (`exactSteps`) as the eager one is:
 *
 *     ‖traced − exact‖ ≤ max(1e-5 ‖exact‖, 10 ‖eager − exact‖)
 */
import { expect } from 'vitest';
import type { ModelDefinition } from '../../src/trial/index.js';
import { withGradients } from './gradient-probe.js';
import { type Compared, type OneStepOptions, oneStep } from './one-step.js';
import type { loadTensorFlow } from './tensorflow.js';

const tolerance = 1e-5;
/** Two roundings of one sum differ by luck, most where a tensor has few elements. */
const luck = 10;

export interface Agreement {
  /** Why the eager result is not good to five digits: then float64 is the judge. */
  readonly inexact?: string;
  /** Whether gradients are compared: a step has to call `minimize` of an optimizer. True unless said otherwise. */
  readonly gradients?: boolean;
}

/** Runs both and compares; returns the traced program. */
export function expectAgreement(
  loaded: Awaited<ReturnType<typeof loadTensorFlow>>,
  definition: ModelDefinition,
  options: OneStepOptions,
  { inexact, gradients = true }: Agreement = {},
) {
  const { values, traced, dispose } = oneStep(loaded, gradients ? withGradients(definition) : definition, options);
  const far = values.map((value) => judge(value, inexact !== undefined)).filter((why) => why !== undefined);
  if (gradients) {
    const probes = values.filter(({ name }) => name.startsWith('gradient of '));
    expect(Math.max(...probes.map(({ eager }) => norm(eager))), 'the largest gradient').toBeGreaterThan(0);
  }
  dispose();
  expect(far).toEqual([]);
  return traced;
}

/** What is wrong with a traced value, if anything is. */
function judge({ name, traced, eager, exact }: Compared, isInexact: boolean): string | undefined {
  const apart = distance(traced, eager);
  // written so that NaN is no agreement
  if (apart <= tolerance * norm(eager)) return undefined;
  const what = `${name}: ${apart} apart, of ${norm(eager)}`;
  if (!exact) return what;
  const reference = exact();
  const [ours, theirs] = [distance(traced, reference), distance(eager, reference)];
  if (isInexact && ours <= Math.max(tolerance * norm(reference), luck * theirs)) return undefined;
  return `${what}; from float64: traced ${ours}, eager ${theirs}, of ${norm(reference)}`;
}

function norm(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/** NaN where a value is. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
