import * as tf from '@tensorflow/tfjs';
import { applies, type FusedRule } from '../../graph/index.js';

interface EngineState {
  readonly state: { readonly gradientDepth: number };
}

let active = false;

/** Runs `act` with fused kernels in place of what tfjs composes. */
export function whileFused<T>(act: () => T): T {
  const before = active;
  active = true;
  try {
    return act();
  } finally {
    active = before;
  }
}

let compilable = false;

/** Runs `act` without the kernels that XLA does not have. */
export function whileCompilable<T>(act: () => T): T {
  const before = compilable;
  compilable = true;
  try {
    return act();
  } finally {
    compilable = before;
  }
}

/** Whether XLA has to have a kernel for everything that is run. */
export function mustCompile(): boolean {
  return compilable;
}

/** How many gradients are being taken around the caller, one inside another. */
const gradientDepth = () => (tf.engine() as unknown as EngineState).state.gradientDepth;

/**
 * Whether the tuner's own operations may use a fused kernel: where no gradient of a gradient is being taken, since tfjs cannot
 * differentiate through a fused kernel's gradient.
 */
export function takesOneGradient(rule: FusedRule): boolean {
  return gradientDepth() <= 1 && applies(rule);
}

/**
 * Whether a fused kernel may stand for a composed one. Where a gradient of a gradient is being taken, everything
 * stays composed.
 */
export function canFuse(rule: FusedRule): boolean {
  return active && takesOneGradient(rule);
}

/** The same for a kernel that XLA does not have. */
export function canFusePlain(rule: FusedRule): boolean {
  return canFuse(rule) && !compilable;
}

/** The same for a gradient's own kernel: it is asked for when the innermost gradient's tape has ended. */
export function canFuseGradient(rule: FusedRule): boolean {
  return active && gradientDepth() === 0 && applies(rule);
}
