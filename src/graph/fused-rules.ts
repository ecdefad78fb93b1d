/** Each puts one kernel of TensorFlow, or fewer operations, in place of what tfjs composes. `bench/fused.mjs` has the list as well. */
export type FusedRule =
  | 'activation-gradients'
  | 'batch-norm'
  | 'bias'
  | 'cross-entropy'
  | 'gelu'
  | 'layer-norm'
  | 'mat-mul'
  | 'no-ops'
  | 'pool-first'
  | 'products'
  | 'recurrent';

/** `TFJS_TUNER_COMPOSED=batch-norm,bias` leaves those rules out of what is traced from then on: to measure what each gains. */
export function applies(rule: FusedRule): boolean {
  return !process.env.TFJS_TUNER_COMPOSED?.split(',').includes(rule);
}
