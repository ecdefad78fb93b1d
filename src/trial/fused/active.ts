import * as tf from '@tensorflow/tfjs';

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

/** Whether no gradient of a gradient is being taken: tfjs cannot differentiate through a fused kernel's gradient. */
export function takesOneGradient(): boolean {
  return gradientDepth() <= 1;
}

/**
 * Whether a fused kernel may stand for a composed one. Where a gradient of a gradient is being taken, everything
 * stays composed.
 */
export function canFuse(): boolean {
  return active && takesOneGradient();
}

/** The same for a kernel that XLA does not have. */
export function canFusePlain(): boolean {
  return canFuse() && !compilable;
}

/** The same for a gradient's own kernel: it is asked for when the innermost gradient's tape has ended. */
export function canFuseGradient(): boolean {
  return active && gradientDepth() === 0;
}
