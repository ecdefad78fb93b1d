/**
 * What tfjs composes of many ops and TensorFlow has as one kernel. While a step or an evaluation is run, tfjs's own layers and
 * gradients use those kernels where they apply, so that models from anywhere gain without being written for it. What each gains is
 * in docs/notes.md.
 */
import { whileFused } from './active.js';
import { installFusedBatchNorm } from './batch-norm.js';
import { installFusedGradients } from './gradients.js';
import { installFusedGru } from './gru.js';
import { installFusedLstm } from './lstm.js';
import { installMatMul } from './mat-mul.js';
import { installUnpackGradient } from './unpack.js';
import { installUpSamplingGradient } from './up-sampling.js';

let installed = false;

/** Once a thread, once the backend is there. */
function installOnce(): void {
  if (installed) return;
  installed = true;
  installFusedBatchNorm();
  installFusedGradients();
  installFusedGru();
  installFusedLstm();
  installMatMul();
  installUnpackGradient();
  installUpSamplingGradient();
}

/** Runs `act` with fused kernels. */
export function withFusedKernels<T>(act: () => T): T {
  installOnce();
  return whileFused(act);
}

export { takesOneGradient, whileCompilable } from './active.js';
export { patchMethod } from './class-patch.js';
export { gelu } from './gelu.js';
export { layerNorm } from './layer-norm.js';
export { rawOp } from './raw-op.js';
